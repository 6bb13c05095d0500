#include "runner/shadow.h"

#include <deque>
#include <utility>

#include "runner/failure.h"
#include "runner/revision/file.h"
#include "runner/revision/open_file.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::shadow {
namespace {

constexpr const char* application = "steward shadow";

// A statement with its data, kept until it can run.
struct Piece {
  sql::Statement statement;
  std::string data;
  std::string file;
};

Error failed(const pg::Failure& failure, const Piece& piece) {
  Place place;
  place.file = piece.file;
  place.line = piece.statement.first_line;
  place.statement = piece.statement.number;
  place.excerpt = printable(trim(piece.statement.text));
  return pg::as_error(failure, Exit::failed, "shadow_statement_failed").at(std::move(place));
}

std::vector<Piece> pieces_of(const sql::Source& source, const std::string& file) {
  std::vector<Piece> pieces;
  sql::Splitter splitter(source, file);
  Piece piece{{}, {}, file};
  while (splitter.next(piece.statement)) {
    piece.data.clear();
    std::string rows;
    while (piece.statement.copy_in && splitter.data(rows)) piece.data += rows;
    if (piece.statement.number > 0) pieces.push_back(piece);
  }
  return pieces;
}

// The first error; nullopt when it ran.
std::optional<pg::Failure> attempt(pg::Connection& connection, const Piece& piece) {
  std::optional<pg::Failure> failure;
  connection.send(piece.statement.text);
  while (const std::optional<pg::Result> result = connection.next()) {
    if (result->kind == pg::Result::Kind::copy_in) {
      connection.copy_data(piece.data);
      connection.end_copy();
    }
    if (result->kind == pg::Result::Kind::error && !failure) failure = result->failure;
  }
  return failure;
}

// Undefined table, function, object, schema, column: what comes later may bring it.
bool is_missing(const std::string& sqlstate) {
  return sqlstate == "42P01" || sqlstate == "42883" || sqlstate == "42704" || sqlstate == "3F000" ||
         sqlstate == "42703" || sqlstate == "42830";
}

// SET, RESET and transaction control say something of what follows them: they stay where they are.
bool may_wait(const Piece& piece) {
  return piece.statement.words.starts_with("CREATE") ||
         piece.statement.words.starts_with("ALTER") ||
         piece.statement.words.starts_with("COMMENT") ||
         piece.statement.words.starts_with("GRANT") || piece.statement.words.starts_with("REVOKE");
}

std::string hint_for_waiting() {
  return "statements may stand in any order, but two tables that refer to each other need their "
         "foreign keys as ALTER "
         "TABLE ... ADD CONSTRAINT";
}

// Runs what can be run until nothing is left, or nothing more can.
void settle(pg::Connection& connection, std::deque<Piece> waiting) {
  std::size_t without_progress = 0;
  while (!waiting.empty()) {
    Piece piece = std::move(waiting.front());
    waiting.pop_front();
    const std::optional<pg::Failure> failure = attempt(connection, piece);
    if (!failure) {
      without_progress = 0;
      continue;
    }
    const bool hopeless = !is_missing(failure->sqlstate) || without_progress > waiting.size();
    if (hopeless) {
      pg::Failure reason = *failure;
      if (is_missing(failure->sqlstate)) reason.hint = hint_for_waiting();
      throw failed(reason, piece);
    }
    ++without_progress;
    waiting.push_back(std::move(piece));
  }
}

}  // namespace

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
  maker.run("CREATE DATABASE " + name_ + " TEMPLATE template0");
  url::Target target = server_;
  target.set("dbname", name_);
  target.search_path.clear();
  connection_ = std::make_unique<pg::Connection>(target, application);
  connection_->on_notice([](const pg::Failure&) {});
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
  for (const Piece& piece : pieces_of(sql::source_of(text), file))
    if (const std::optional<pg::Failure> failure = attempt(*connection_, piece))
      throw failed(*failure, piece);
}

void Shadow::load(const std::vector<std::filesystem::path>& files) {
  std::deque<Piece> waiting;
  // Bodies may name what comes later.
  connection_->run("SET check_function_bodies = off");
  for (const std::filesystem::path& path : files)
    for (Piece& piece : pieces_of(revision::source_of_file(path), path.string())) {
      provide_extension(piece.statement.text);
      const std::optional<pg::Failure> failure = attempt(*connection_, piece);
      if (!failure) continue;
      if (!is_missing(failure->sqlstate) || !may_wait(piece)) throw failed(*failure, piece);
      waiting.push_back(std::move(piece));
    }
  settle(*connection_, std::move(waiting));
  connection_->run("RESET ALL");
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
