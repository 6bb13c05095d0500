#include "runner/command/migrate.h"

#include "runner/command/hooks.h"
#include "runner/command/listing.h"
#include "runner/command/planning.h"
#include "runner/command/recording.h"
#include "runner/command/rehearsal.h"
#include "runner/command/safety.h"
#include "runner/declared.h"
#include "runner/pooler.h"
#include "runner/ship.h"

namespace steward::command {
namespace {

using plan::Direction;

// How often the history may be changed by others between planning and shipping before that is an
// error.
constexpr int plans = 5;

std::string chosen(const std::string& flag, const std::string& configured) {
  return flag.empty() ? configured : flag;
}

void require_duration(const std::string& flag, const std::string& text) {
  if (text.empty() || config::parse_duration(text)) return;
  throw Error(Exit::usage, "usage", flag + ": \"" + text + "\" is not a duration", "",
              "write 500ms, 5s, 2min or 0");
}

ship::Settings settings(Session& session, const MigrateOptions& options) {
  require_duration("--lock-timeout", options.lock_timeout);
  require_duration("--statement-timeout", options.statement_timeout);
  const config::Config& config = session.config();
  ship::Settings result;
  result.lock_timeout = chosen(options.lock_timeout, config.lock_timeout);
  result.statement_timeout = chosen(options.statement_timeout, config.statement_timeout);
  result.role = chosen(options.role, config.role);
  result.search_path = config.search_path;
  result.variables = variables::parse(options.variables);
  return result;
}

ship::Options ship_options(Session& session, const MigrateOptions& options) {
  require_duration("--lock-wait", options.lock_wait);
  ship::Options result;
  result.settings = settings(session, options);
  if (result.settings.search_path.empty())
    result.settings.search_path = session.target().search_path;
  result.atomic = options.atomic;
  result.rehearse = options.dry_run;
  if (!session.target().settings.empty()) result.direct_url = pooler::direct_url(session.target());
  result.lock_wait = options.lock_wait.empty() ? session.config().lock_wait
                                               : *config::parse_duration(options.lock_wait);
  const std::string name = "steward " + session.verb();
  result.reconnect = [target = session.target(), name] { return pg::Connection(target, name); };
  return result;
}

void report(Session& session, const plan::Plan& plan, const ship::Shipped& shipped) {
  report::Output& output = session.output();
  const revision::Ids heads = heads_after(session, plan);
  if (plan.steps.empty())
    output.say("nothing to do: the database is at " + place_name(heads));
  else
    output.say(session.verb() + ": " + counted(plan.steps.size(), "revision") + ", now at " +
               place_name(heads));
  if (!shipped.anchor.empty()) output.say("anchor " + shipped.anchor);
  if (output.json())
    output.object({{"verb", session.verb()},
                   {"from", plan.expected},
                   {"to", heads},
                   {"steps", steps_object(plan)},
                   {"anchor", shipped.anchor.empty() ? Json(nullptr) : Json(shipped.anchor)}});
}

Json event_object(const report::Progress::Event& event) {
  if (event.name == "started") return {{"steps", event.step}};
  if (event.name == "note") return {{"text", event.text}};
  Json json = {{"step", event.step}, {"revision", event.text}, {"direction", event.direction}};
  if (event.milliseconds >= 0) json["duration_ms"] = event.milliseconds;
  return json;
}

// Ships one plan, with what the project wants done before and after.
void carry_out(Session& session, Direction direction, const plan::Plan& plan,
               const ship::Options& how, bool& prepared) {
  report::Progress progress(session.output().error_style(), session.output().quiet());
  if (session.output().json())
    progress.listen([&session](const report::Progress::Event& event) {
      session.output().event(event.name, event_object(event));
    });
  const bool hooks = !plan.steps.empty() && !how.rehearse;
  if (hooks && !prepared) run_hook(session, Moment::before, direction, plan);
  prepared = true;
  const ship::Shipped shipped = ship::ship(session.connection(), plan, how, progress);
  if (how.rehearse) return report_rehearsal(session, plan, shipped.rehearsed);
  report(session, plan, shipped);
  if (hooks) run_hook(session, Moment::after, direction, plan);
}

// A database that stood within a squashed revision, and is behind it now.
void finish_squashes(Session& session, std::chrono::milliseconds wait) {
  if (!session.within_squash()) return;
  session.forget_project();
  session.forget_state();
  session.project();
  session.state();
  if (!session.within_squash()) record_squashes(session, false, wait);
}

Exit migrate(Session& session, Direction direction, const MigrateOptions& options) {
  if (options.sql)
    return print_script(session, {direction, options.target, options.ignore_future, true},
                        settings(session, options));
  ship::Options how = ship_options(session, options);
  bool prepared = false;
  for (int attempt = 1;; ++attempt) {
    const plan::Plan plan =
        make_plan(session, {direction, options.target, options.ignore_future, options.dry_run});
    variables::require(plan, how.settings.variables);
    require_declared(plan);
    if (attempt == 1 && direction == Direction::upgrade && !options.dry_run)
      require_safe(session, plan);
    how.create_extension = options.dry_run && !session.state().extension();
    how.records = options.dry_run ? squash_statements(session) : std::string{};
    try {
      if (!options.dry_run && (direction == Direction::upgrade || !plan.steps.empty()))
        record_squashes(session, !plan.steps.empty(), how.lock_wait);
      carry_out(session, direction, plan, how, prepared);
      if (!options.dry_run) finish_squashes(session, how.lock_wait);
      return Exit::done;
    } catch (const Error& error) {
      // Another runner came first; a relative target now means something else.
      const bool relative = options.target.find_first_of("+-") == 0;
      if (error.code() != "heads_moved" || attempt == plans || relative) throw;
      session.forget_state();
    }
  }
}

}  // namespace

Exit upgrade(Session& session, const MigrateOptions& options) {
  return migrate(session, Direction::upgrade, options);
}

Exit downgrade(Session& session, const MigrateOptions& options) {
  return migrate(session, Direction::downgrade, options);
}

}  // namespace steward::command
