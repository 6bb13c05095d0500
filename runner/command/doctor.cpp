#include "runner/command/doctor.h"

#include "runner/command/listing.h"
#include "runner/isolation.h"
#include "runner/pooler.h"

namespace steward::command {
namespace {

using terminal::Tone;

struct Check {
  std::string name;
  std::string outcome;  // ok, note, wrong
  std::string text;
  std::string hint;
};

// Collects checks; a check that throws is one that is wrong, and those that need it are left out.
class Examination {
 public:
  explicit Examination(Session& session) : session_(session) {}

  template <typename Body>
  bool check(const std::string& name, Body body) {
    try {
      checks_.push_back({name, "ok", body(), {}});
      return true;
    } catch (const Error& error) {
      std::string text = error.what();
      if (!error.detail().empty()) text += ": " + error.detail();
      checks_.push_back({name, "wrong", text, error.hint()});
      if (exit_ == Exit::done) exit_ = error.exit();
      return false;
    }
  }
  void note(const std::string& name, const std::string& text, const std::string& hint = {}) {
    checks_.push_back({name, "note", text, hint});
  }

  Exit exit() const { return exit_; }
  void print() const;

 private:
  Session& session_;
  std::vector<Check> checks_;
  Exit exit_ = Exit::done;
};

Tone tone_of(const std::string& outcome) {
  return outcome == "ok" ? Tone::good : outcome == "note" ? Tone::warning : Tone::bad;
}

void Examination::print() const {
  report::Output& output = session_.output();
  Json list = Json::array();
  for (const Check& check : checks_) {
    output.line(output.paint(tone_of(check.outcome), check.outcome) +
                std::string(7 - check.outcome.size(), ' ') + check.name + ": " +
                terminal::harmless(check.text));
    if (!check.hint.empty()) output.line("       hint: " + check.hint);
    list.push_back({{"check", check.name},
                    {"outcome", check.outcome},
                    {"text", check.text},
                    {"hint", check.hint}});
  }
  output.object({{"verb", "doctor"}, {"checks", list}, {"exit", static_cast<int>(exit_)}});
}

std::string configuration(Session& session) {
  const config::Config& config = session.config();
  return config.file.empty() ? "no steward.toml; the defaults" : config.file.string();
}

std::string revisions(Session& session) {
  const plan::Project& project = session.project();
  const revision::Ids heads = project.graph().heads();
  return counted(project.files().size(), "revision") + " in " +
         session.config().directory.string() + ", " + counted(heads.size(), "head") +
         (heads.empty() ? "" : ": " + joined(heads));
}

std::string chosen_database(Session& session) {
  return url::redacted(session.target()) + ", from " + session.database().source;
}

std::string server(Session& session) {
  pg::Connection& connection = session.connection();
  return "PostgreSQL " + connection.parameter("server_version") + " at " + connection.where() +
         " as " + connection.user();
}

std::string extension(Session& session) {
  const ledger::State& state = session.state();
  if (state.extension()) return "pg_steward " + state.extension_version;
  // The view does not look into a staged installation (Debian's extension_destdir), CREATE
  // EXTENSION does.
  const pg::Rows found = session.connection().query(
      "SELECT (SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = "
      "'pg_steward'), "
      "(SELECT setting FROM pg_catalog.pg_settings WHERE name = 'extension_destdir' AND setting <> "
      "'')");
  if (found.text(0, 0).empty() && found.text(0, 1).empty())
    throw Error(Exit::refused, "extension_unavailable",
                "the extension pg_steward is not installed on the server", "",
                "install it there: make install");
  return "not in this database yet; " +
         (found.text(0, 0).empty() ? "upgrade creates it from " + std::string(found.text(0, 1))
                                   : "version " + std::string(found.text(0, 0)) +
                                         " is on the server, upgrade creates it");
}

std::string chain(Session& session) {
  const pg::Rows problems =
      session.connection().query("SELECT seq, problem FROM steward.verify_ledger()");
  if (!problems.empty())
    throw Error(Exit::integrity, "ledger_broken",
                "row " + std::string(problems.text(0, 0)) + ": " + std::string(problems.text(0, 1)),
                problems.size() > 1 ? "and " + counted(problems.size() - 1, "more problem") : "",
                "SELECT * FROM steward.verify_ledger();");
  return "the chain is whole, " + ledger::anchor(session.connection());
}

std::string agreement(Session& session) {
  plan::require_integrity(session.project(), session.state(), session.recorded());
  return counted(session.state().revisions.size(), "applied revision") + " agree with the files";
}

// Where tables are isolated, first the logins to which their policies do not apply.
void examine_isolation(Session& session, Examination& examination) {
  pg::Connection& connection = session.connection();
  std::vector<std::string> relations;
  if (!examination.check("isolation", [&] {
        relations = isolation::relations(connection);
        return counted(relations.size(), "isolated table");
      }))
    return;
  if (relations.empty()) return;
  for (const isolation::Problem& problem : isolation::problems(connection)) {
    if (problem.severity == "error")
      examination.check("isolation", [&]() -> std::string {
        throw Error(Exit::refused, "not_isolated", problem.message, "", problem.hint);
      });
    else
      examination.note("isolation", problem.message, problem.hint);
  }
}

// What is seen counts; the URL's looks are only told.
void examine_pooler(Session& session, Examination& examination) {
  const url::Target target = session.target();
  const bool shared = pooler::shares_sessions(
      session.connection(), [&target] { return pg::Connection(target, "steward doctor"); });
  if (!shared && !pooler::looks_pooled(target)) return;
  examination.note("pooler",
                   shared
                       ? "a pooler in transaction mode stands between"
                       : "the URL looks like a pooler's, though none in transaction mode was seen",
                   "steps outside a transaction need a direct connection: DIRECT_URL=" +
                       pooler::direct_url(target));
}

void examine_connection(Session& session, Examination& examination, bool has_files) {
  if (!examination.check("server", [&] { return server(session); })) return;
  examine_pooler(session, examination);
  if (!examination.check("extension", [&] { return extension(session); })) return;
  const ledger::State& state = session.state();
  if (state.in_recovery || state.read_only)
    examination.note("writable",
                     state.in_recovery ? "the server is a standby" : "the session is read-only",
                     "connect to the primary to upgrade");
  if (!state.extension()) return;
  examination.check("ledger", [&] { return chain(session); });
  examine_isolation(session, examination);
  if (has_files) examination.check("integrity", [&] { return agreement(session); });
  for (const ledger::OpenStep& step : state.open_steps)
    examination.note(
        "open step",
        step.revision + " " + step.direction + " since " + ledger::format_time(step.started_at),
        "steward " + step.direction + " goes on with it");
}

}  // namespace

Exit doctor(Session& session) {
  Examination examination(session);
  examination.check("steward", [] { return std::string(STEWARD_VERSION); });
  if (examination.check("configuration", [&] { return configuration(session); })) {
    const bool has_files = examination.check("revisions", [&] { return revisions(session); });
    if (examination.check("database", [&] { return chosen_database(session); }))
      examine_connection(session, examination, has_files);
  }
  examination.print();
  return examination.exit();
}

}  // namespace steward::command
