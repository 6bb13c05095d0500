#include "runner/shadow.h"

#include <algorithm>
#include <array>
#include <utility>

#include "runner/revision/file.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::shadow {
namespace {

constexpr const char* application = "steward shadow";

// pg_locks shows it to the whole cluster, whichever database the session is in.
void hold_lock(pg::Connection& connection, const std::string& name) {
  connection.query("SELECT pg_catalog.pg_advisory_lock(pg_catalog.hashtextextended($1, 7683))",
                   {name});
}

constexpr const char* abandoned =
    "SELECT d.datname FROM pg_catalog.pg_database AS d "
    "WHERE d.datname ~ '^steward_shadow_[0-9a-f]{12}$' "
    "AND pg_catalog.pg_has_role(d.datdba, 'USAGE') "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_locks AS l WHERE l.locktype = 'advisory' "
    "AND l.objsubid = 1 AND ((l.classid::bigint << 32) | l.objid::bigint) = "
    "pg_catalog.hashtextextended(d.datname::text, 7683)) "
    "AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datid = d.oid) "
    "ORDER BY 1";

// What was there before the first revision is nowhere said.
Error explained(const desired::StatementFailed& error) {
  static constexpr std::array<std::string_view, 4> missing{"42704", "3F000", "42883", "42P01"};
  const bool may_be_provided =
      std::find(missing.begin(), missing.end(), error.failure.sqlstate) != missing.end();
  if (!may_be_provided || !error.failure.hint.empty()) return error;
  Error hinted(error.exit(), error.code(), error.what(), error.detail(),
               "what is there before the first revision (extensions, schemas, functions of the "
               "platform) goes into a file that is run first: [shadow] setup = \"shadow.sql\"");
  hinted.sqlstate = error.sqlstate;
  hinted.context = error.context;
  return error.place() ? hinted.at(*error.place()) : hinted;
}

}  // namespace

std::vector<std::string> sweep(pg::Connection& connection) {
  const pg::Rows rows = connection.query(abandoned);
  std::vector<std::string> dropped;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const std::string name(rows.text(row, 0));
    try {
      connection.run("DROP DATABASE " + quote_identifier(name));  // not with FORCE: refused in use
      dropped.push_back(name);
    } catch (const pg::QueryFailed&) {
      // Another run sweeps it, or somebody looks into it: it waits for the next.
    }
  }
  return dropped;
}

bool possible(pg::Connection& connection) {
  const pg::Rows rows = connection.query(
      "SELECT rolsuper OR rolcreatedb FROM pg_catalog.pg_roles WHERE rolname = current_user");
  return !rows.empty() && rows.flag(0, 0) &&
         !connection.query("SELECT pg_catalog.pg_is_in_recovery()").flag(0, 0);
}

Shadow::Shadow(const url::Target& server)
    : server_(server), name_("steward_shadow_" + revision::new_id()) {
  pg::Connection maker(server_, application);
  if (!possible(maker))
    throw Error(
        Exit::refused, "shadow_forbidden",
        "role \"" + maker.user() + "\" may not make a database for the shadow", "",
        "ALTER ROLE ... CREATEDB, or work with the project's own server: steward dev start");
  hold_lock(maker, name_);
  maker.run("CREATE DATABASE " + name_ + " TEMPLATE template0");
  url::Target target = server_;
  target.set("dbname", name_);
  target.search_path.clear();
  connection_ = std::make_unique<pg::Connection>(target, application);
  connection_->on_notice([](const pg::Failure&) {});
  hold_lock(*connection_, name_);
}

Shadow::~Shadow() {
  connection_.reset();
  try {
    pg::Connection maker(server_, application);
    maker.run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The server is gone, and with it whom we could tell; the name says whose database it is.
  }
}

// Revisions may call what the extension offers.
void Shadow::provide_extension(std::string_view text) {
  if (has_extension_ || text.find("steward.") == text.npos) return;
  connection_->run("CREATE EXTENSION IF NOT EXISTS pg_steward");
  has_extension_ = true;
}

void Shadow::run(const std::string& text, const std::string& file) {
  for (const desired::Statement& statement : desired::statements_of(sql::source_of(text), file))
    desired::run(*connection_, statement);
}

void Shadow::load(std::vector<desired::Statement> statements) {
  desired::settle(*connection_, std::move(statements),
                  [this](const desired::Statement& one) { provide_extension(one.sql); });
}

void Shadow::step(const plan::Step& step) {
  const bool up = step.direction == plan::Direction::upgrade;
  const revision::Section& section = up ? step.file->upgrade : *step.file->downgrade;
  const std::string text = revision::text(*step.file, section);
  provide_extension(text);
  if (!section.options.role.empty())
    connection_->run("SET ROLE " + quote_identifier(section.options.role));
  if (section.options.transaction) connection_->run("BEGIN");
  try {
    run(text, step.file->path.string());
  } catch (const desired::StatementFailed& error) {
    if (connection_->transaction() != pg::Transaction::idle) connection_->run("ROLLBACK");
    throw explained(error);
  } catch (...) {
    if (connection_->transaction() != pg::Transaction::idle) connection_->run("ROLLBACK");
    throw;
  }
  if (section.options.transaction) connection_->run("COMMIT");
  connection_->run("RESET SESSION AUTHORIZATION; RESET ALL");
}

std::vector<plan::Step> Shadow::replay(const plan::Project& project) {
  std::vector<plan::Step> steps = plan::upgrade(project, {}, "heads").steps;
  for (const plan::Step& one : steps) step(one);
  return steps;
}

}  // namespace steward::shadow
