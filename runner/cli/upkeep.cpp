#include "runner/cli/upkeep.h"

#include "runner/command/completion.h"
#include "runner/command/edit.h"
#include "runner/command/lint.h"
#include "runner/command/locks.h"
#include "runner/command/rebase.h"
#include "runner/command/repair.h"
#include "runner/command/squash.h"
#include "runner/command/verify.h"
#include "runner/command/wait.h"

namespace steward::cli {

void add_verify(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::VerifyOptions>();
  app.add_option("REVS", options->targets, "only the verify sections of these");
  app.add_option("--anchor", options->anchor, "the ledger's end as an upgrade printed it");
  one_each(app.add_option("-x", options->variables, "NAME=VALUE for a file's ${NAME}"));
  call.run = [options](Session& session) {
    options->targets = unmarked(options->targets);
    return command::verify(session, *options);
  };
}

void add_lint(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::LintOptions>();
  app.add_option("TARGETS", options->targets,
                 "files, directories, REV, a:b (what is not applied; without --url: all)");
  app.add_option("--fail-on", options->fail_on,
                 "exit with 12 from this severity on: error, warning, note, never (error)");
  app.add_option("--format", options->format, "text, json, sarif, github, junit (text)");
  app.add_flag("--fix", options->fix, "write the safe form of what is not applied");
  app.add_flag("--rules", options->rules, "list the rules");
  call.run = [options](Session& session) {
    options->targets = unmarked(options->targets);
    return command::lint(session, *options);
  };
}

void add_repair(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::RepairOptions>();
  app.add_option("--finish", options->finish, "record an interrupted step of REV as done");
  app.add_option("--undo", options->undo, "record an interrupted step of REV as never begun");
  call.run = [options](Session& session) { return command::repair(session, *options); };
}

void add_locks(CLI::App&, Call& call) {
  call.run = &command::locks;
}

void add_wait(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::WaitOptions>();
  app.add_option("--timeout", options->timeout, "how long to wait (60s)");
  call.run = [options](Session& session) { return command::wait(session, *options); };
}

void add_edit(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::EditOptions>();
  app.add_option("REV", options->target, "REV, head, current, LABEL@head")->required();
  call.run = [options](Session& session) {
    options->target = unmarked(options->target);
    return command::edit(session, *options);
  };
}

void add_rebase(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::RebaseOptions>();
  app.add_option("--onto", options->onto, "the head that the others are put behind");
  call.run = [options](Session& session) { return command::rebase(session, *options); };
}

void add_squash(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::SquashOptions>();
  app.add_option("RANGE", options->range, "A:B, the first and the last revision")->required();
  app.add_option("-m,--message", options->message, "what the squashed revision is");
  app.add_flag("--split", options->split, "cut the range where it cannot be one revision");
  app.add_flag("--no-proof", options->no_proof,
               "do not try in a shadow whether it makes the same schema");
  call.run = [options](Session& session) {
    options->range = unmarked(options->range);
    return command::squash(session, *options);
  };
}

void add_completion(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::CompletionOptions>();
  app.add_option("SHELL", options->shell, "bash, zsh, fish")->required();
  call.run = [options](Session& session) { return command::completion(session, *options); };
}

}  // namespace steward::cli
