#include "runner/cli.h"

#include <algorithm>
#include <cctype>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runner/cli/completion.h"
#include "runner/cli/exchange.h"
#include "runner/cli/rows.h"
#include "runner/cli/schema.h"
#include "runner/cli/spec.h"
#include "runner/cli/upkeep.h"
#include "runner/cli/verb.h"
#include "runner/command/branches.h"
#include "runner/command/current.h"
#include "runner/command/dev.h"
#include "runner/command/doctor.h"
#include "runner/command/heads.h"
#include "runner/command/history.h"
#include "runner/command/hygiene.h"
#include "runner/command/init.h"
#include "runner/command/merge.h"
#include "runner/command/migrate.h"
#include "runner/command/plan.h"
#include "runner/command/session.h"
#include "runner/command/show.h"
#include "runner/command/stamp.h"
#include "runner/command/status.h"
#include "runner/signals.h"

namespace steward::cli {
namespace {

bool is_relative(std::string_view word) {
  return word.size() > 1 && word[0] == '-' &&
         std::all_of(word.begin() + 1, word.end(), [](unsigned char c) { return std::isdigit(c); });
}

// -1, and a range that begins with it: -3:current.
Words marked(int argc, char** argv) {
  Words words(argv + std::min(argc, 1), argv + argc);
  for (std::string& word : words)
    if (is_relative(std::string_view(word).substr(0, word.find(':')))) word.insert(0, 1, mark);
  return words;
}

void add_init(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::InitOptions>();
  app.add_option("DIR", options->directory, "directory of the revisions (migrations)");
  call.run = [options](Session& session) { return command::init(session, *options); };
}

void add_migration(CLI::App& app, Call& call,
                   const std::shared_ptr<command::MigrateOptions>& options,
                   Exit (*verb)(Session&, const command::MigrateOptions&)) {
  app.add_flag("--atomic", options->atomic, "all steps in one transaction");
  app.add_option("--lock-timeout", options->lock_timeout,
                 "how long a statement waits for a lock (5s)");
  app.add_option("--statement-timeout", options->statement_timeout,
                 "how long a statement may run (0: any time)");
  app.add_option("--lock-wait", options->lock_wait, "how long to wait for another runner (30s)");
  app.add_option("--role", options->role, "run the steps as this role");
  app.add_flag("--dry-run", options->dry_run,
               "run all of it in one transaction, show times and locks, roll back");
  app.add_flag("--sql", options->sql, "print the script for psql instead; also of a range a:b");
  one_each(app.add_option("-x", options->variables, "NAME=VALUE for a file's ${NAME}"));
  call.run = [options, verb](Session& session) {
    options->target = unmarked(options->target);
    return verb(session, *options);
  };
}

void add_upgrade(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::MigrateOptions>();
  options->target = "head";
  app.add_option("TARGET", options->target, "head, heads, +N, REV, REV+N, LABEL@head (head)");
  app.add_flag("--ignore-future", options->ignore_future,
               "accept applied revisions that have no file here");
  add_migration(app, call, options, &command::upgrade);
}

void add_downgrade(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::MigrateOptions>();
  app.add_option("TARGET", options->target, "-N, base, REV, REV-N, LABEL@base")->required();
  add_migration(app, call, options, &command::downgrade);
}

void add_plan(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::PlanOptions>();
  app.add_option("TARGET", options->target, "as for upgrade or downgrade, or a range a:b (head)");
  app.add_flag("--downgrade", options->downgrade, "the way back");
  app.add_flag("--sql", options->sql, "print the script for psql");
  app.add_flag("--ignore-future", options->ignore_future,
               "accept applied revisions that have no file here");
  one_each(app.add_option("-x", options->variables, "NAME=VALUE for a file's ${NAME}"));
  call.run = [options](Session& session) {
    options->target = unmarked(options->target);
    return command::plan_steps(session, *options);
  };
}

void add_current(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::CurrentOptions>();
  app.add_flag("--check-heads", options->check_heads,
               "exit with 3 unless the database is at all heads");
  call.run = [options](Session& session) { return command::current(session, *options); };
}

void add_history(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::HistoryOptions>();
  app.add_option("-r,--rev-range", options->range, "only these: a:b, a:, :b, -3:current");
  app.add_flag("-i,--indicate-current", options->indicate_current, "mark what the database is at");
  call.run = [options](Session& session) {
    options->range = unmarked(options->range);
    return command::history(session, *options);
  };
}

void add_heads(CLI::App&, Call& call) {
  call.run = &command::heads;
}
void add_branches(CLI::App&, Call& call) {
  call.run = &command::branches;
}
void add_doctor(CLI::App&, Call& call) {
  call.run = &command::doctor;
}

void add_show(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::ShowOptions>();
  app.add_option("REV", options->target, "REV, head, heads, current, LABEL@head")->required();
  call.run = [options](Session& session) {
    options->target = unmarked(options->target);
    return command::show(session, *options);
  };
}

void add_merge(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::MergeOptions>();
  app.add_option("REVS", options->revisions, "the revisions to join (heads)");
  app.add_option("-m,--message", options->message, "what this is");
  one_each(app.add_option("--branch-label", options->branch_labels, "a label for the merge"));
  app.add_option("--rev-id", options->rev_id, "the id, instead of a new random one");
  call.run = [options](Session& session) { return command::merge(session, *options); };
}

void add_stamp(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::StampOptions>();
  app.add_option("REV", options->targets, "REV, head, heads, base")->required();
  app.add_flag("--purge", options->purge, "forget all that is recorded as applied first");
  call.run = [options](Session& session) {
    options->targets = unmarked(options->targets);
    return command::stamp(session, *options);
  };
}

void add_status(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::StatusOptions>();
  app.add_flag("--check", options->check, "exit with 3 when something is pending");
  call.run = [options](Session& session) { return command::status(session, *options); };
}

void add_hygiene(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::HygieneOptions>();
  one_each(app.add_option("--rule", options->rules, "only this rule, also when it is off"));
  one_each(app.add_option("--schema", options->schemas, "only what is in this schema"));
  app.add_option("--format", options->format, "text, json, sarif, github, junit (text)");
  app.add_option("--fail-on", options->fail_on,
                 "exit with 12 at this severity or worse: error, warning, note, never (error)");
  app.add_option("--baseline", options->baseline, "a file of findings that do not count");
  app.add_flag("--write-baseline", options->write_baseline,
               "make that file, or drop from it what is mended");
  app.add_flag("--fix", options->fix, "write a revision with the fixes that are safe");
  call.run = [options](Session& session) { return command::hygiene(session, *options); };
}

void add_dev(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::DevOptions>();
  app.add_option("ACTION", options->action, "start, stop, url, psql")->required();
  app.add_option("ARGUMENTS", options->arguments, "for psql");
  app.prefix_command();
  call.run = [options, &app](Session& session) {
    for (const std::string& word : app.remaining()) options->arguments.push_back(unmarked(word));
    return command::dev(session, *options);
  };
}

constexpr Verb verbs[] = {
    {"init", nullptr, "begin a project: steward.toml and a directory of revisions", &add_init},
    {"revision", "new", "make a new revision file", &add_revision},
    {"upgrade", "up", "apply revisions up to TARGET", &add_upgrade},
    {"downgrade", "down", "undo revisions down to TARGET", &add_downgrade},
    {"plan", nullptr, "show the steps to TARGET and the locks they will take", &add_plan},
    {"lint", nullptr, "look for what revisions would break, block or lose", &add_lint},
    {"current", nullptr, "show where the database stands", &add_current},
    {"history", nullptr, "list the revisions, newest first", &add_history},
    {"heads", nullptr, "list the revisions that nobody revises", &add_heads},
    {"branches", nullptr, "list the revisions from which several go on", &add_branches},
    {"show", nullptr, "show a revision", &add_show},
    {"merge", nullptr, "join branches with a revision of several parents", &add_merge},
    {"stamp", nullptr, "record what is applied without running anything", &add_stamp},
    {"status", nullptr, "show applied, pending and what does not agree", &add_status},
    {"verify", nullptr, "check the ledger, the files and the verify sections", &add_verify},
    {"repair", nullptr, "mend what keeps the next deploy from running", &add_repair},
    {"rebase", nullptr, "put unapplied branches one behind the other", &add_rebase},
    {"squash", nullptr, "make one revision of a row of them", &add_squash},
    {"edit", nullptr, "open a revision's file in the editor", &add_edit},
    {"locks", nullptr, "show who holds the runner lock, and who waits for whom", &add_locks},
    {"wait", nullptr, "wait until the server takes connections", &add_wait},
    {"import", nullptr, "take over another tool's migrations and history", &add_import},
    {"export", nullptr, "write the revisions as another tool's migrations", &add_export},
    {"completion", nullptr, "print the script by which a shell completes these words",
     &add_completion},
    {"isolate", nullptr, "write the revision that isolates a table by its owner", &add_isolate},
    {"prove", nullptr, "try to reach other people's rows in every isolated table", &add_prove},
    {"dev", nullptr, "the project's own private PostgreSQL", &add_dev},
    {"spec", nullptr, "the schema as Markdown: export, check", &add_spec},
    {"diff", nullptr, "print the SQL that leads from one schema to another", &add_diff},
    {"check", nullptr, "compare the revisions with the desired schema", &add_check},
    {"drift", nullptr, "compare the database with its revisions", &add_drift},
    {"roundtrip", nullptr, "try each revision up, down and up again", &add_roundtrip},
    {"hygiene", nullptr, "what the rules find in the live catalog", &add_hygiene},
    {"doctor", nullptr, "look at everything a migration needs", &add_doctor},
};

constexpr const char* globals_help =
    "Every verb also takes -u URL, -c FILE, -n ENV, --json, -q, -v, --no-color, --yes: steward "
    "--help";

bool named(const Verb& verb, const Words& words) {
  return std::any_of(words.begin(), words.end(), [&verb](const std::string& word) {
    return word == verb.name || (verb.alias != nullptr && word == verb.alias);
  });
}

void add_globals(CLI::App& app, command::Globals& globals) {
  app.add_option("-u,--url", globals.url, "the database: postgresql://user@host/name");
  app.add_option("-c,--config", globals.config,
                 "the configuration file (steward.toml, here or above)");
  app.add_option("-n,--name", globals.environment,
                 "an environment of the configuration: [env.NAME]");
  app.add_flag("--json", globals.json, "print the result as lines of JSON");
  app.add_flag("-q,--quiet", globals.quiet, "print only results and errors");
  app.add_flag("-v,--verbose", globals.verbose, "print more");
  app.add_flag("--no-color", globals.no_color, "no colours");
  app.add_flag("-y,--yes", globals.yes, "do not ask");
  app.set_version_flag("--version", std::string("steward " STEWARD_VERSION));
}

// Each verb keeps a call of its own until the parser has decided which is meant.
void add_verbs(CLI::App& app, Call& call, const Words& words) {
  const bool any = std::any_of(std::begin(verbs), std::end(verbs),
                               [&words](const Verb& verb) { return named(verb, words); });
  for (const Verb& verb : verbs) {
    // The verbs that are not named only matter to the help text.
    if (any && !named(verb, words)) continue;
    CLI::App* sub = app.add_subcommand(verb.name, verb.help);
    if (verb.alias != nullptr) sub->alias(verb.alias);
    sub->footer(globals_help);
    auto own = std::make_shared<Call>();
    verb.add(*sub, *own);
    sub->final_callback([own, &call, name = verb.name] {
      call.verb = name;
      call.run = own->run;
    });
  }
}

// "The following argument was not expected: --foo" as one of ours.
Error usage_error(const CLI::ParseError& error, const std::string& verb) {
  std::string message = unmarked(error.what());
  while (!message.empty() && (message.back() == '.' || message.back() == '\n')) message.pop_back();
  const bool name = message.size() > 1 && std::isupper(static_cast<unsigned char>(message[1])) != 0;
  if (!message.empty() && !name)  // RANGE is required
    message[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(message[0])));
  return Error(Exit::usage, "usage", message, "",
               "steward " + (verb.empty() ? "" : verb + " ") + "--help");
}

std::string verb_in(const Words& words) {
  for (const Verb& verb : verbs)
    if (named(verb, words)) return verb.name;
  return {};
}

report::OutputOptions output_options(const Words& words) {
  const auto has = [&words](const char* flag) {
    return std::find(words.begin(), words.end(), flag) != words.end();
  };
  return {has("--json"), false, false, has("--no-color")};
}

// The exit code when there is nothing to call: help, version, or an error that was printed.
std::optional<int> parse(CLI::App& app, const Words& words) {
  try {
    app.parse(Words(words.rbegin(), words.rend()));
    return std::nullopt;
  } catch (const CLI::Success& wanted) {
    return app.exit(wanted);
  } catch (const CLI::ParseError& error) {
    report::Output(output_options(words)).error(usage_error(error, verb_in(words)));
    return static_cast<int>(Exit::usage);
  }
}

// The error without the secrets of the target, should one have come through.
Error harmless(const Error& error, const Words& secrets) {
  Error safe(error.exit(), error.code(), url::masked(error.what(), secrets),
             url::masked(error.detail(), secrets), url::masked(error.hint(), secrets));
  safe.sqlstate = error.sqlstate;
  safe.context = url::masked(error.context, secrets);
  if (error.place()) safe.at(*error.place());
  return safe;
}

// A verb that was stopped says so with the signal's code, whatever its last error was.
int exit_code(Exit exit) {
  const int signal = signals::received();
  return signal != 0 && exit != Exit::done ? 128 + signal : static_cast<int>(exit);
}

int perform(Session& session, const Call& call) {
  try {
    return exit_code(call.run(session));
  } catch (const Error& error) {
    session.output().error(harmless(error, session.secrets()));
    return exit_code(error.exit());
  } catch (const std::exception& error) {
    session.output().error(Error(Exit::unexpected, "unexpected", error.what()));
    return exit_code(Exit::unexpected);
  }
}

void require_verbs(CLI::App& app) {
  app.require_subcommand(1);
  app.fallthrough();
  for (CLI::App* sub : app.get_subcommands({})) sub->fallthrough();
}

// `steward completion words ...`: what the script of `completion` asks at each key. Not parsed, as
// the words are not finished.
int complete(CLI::App& app, Call& call, const Words& typed) {
  add_verbs(app, call, {});
  for (const Candidate& candidate : candidates(app, typed))
    std::cout << candidate.word << '\t' << candidate.about << '\n';
  return static_cast<int>(std::cout.flush() ? Exit::done : Exit::unexpected);
}

bool asks_for_words(int argc, char** argv) {
  return argc > 2 && std::string_view(argv[1]) == "completion" &&
         std::string_view(argv[2]) == "words";
}

}  // namespace

int run(int argc, char** argv) {
  signals::ignore_pipe();
  CLI::App app("The history of a PostgreSQL database, kept in the database.", "steward");
  Call call;
  add_globals(app, call.globals);
  if (asks_for_words(argc, argv)) return complete(app, call, Words(argv + 3, argv + argc));
  const Words words = marked(argc, argv);
  add_verbs(app, call, words);
  require_verbs(app);
  if (const std::optional<int> code = parse(app, words)) return *code;
  Session session(call.globals, call.verb);
  return perform(session, call);
}

}  // namespace steward::cli
