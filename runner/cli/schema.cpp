#include "runner/cli/schema.h"

#include <memory>

#include "runner/command/autogenerate.h"
#include "runner/command/diff.h"
#include "runner/command/drift.h"
#include "runner/command/revision.h"
#include "runner/command/roundtrip.h"

namespace steward::cli {
namespace {

void add_renames(CLI::App& app, command::RenameOptions& renames) {
  one_each(app.add_option("--rename", renames.requests,
                          "old=new, for what has another name in the desired schema"));
  app.add_flag("--no-renames", renames.none,
               "take nothing else for renamed, however alike it looks");
}

void add_rows(CLI::App& app, command::AutogenerateOptions& options) {
  auto* none = app.add_flag_callback(
      "--no-rows", [&options] { options.rows = "none"; },
      "do not try the change on generated rows");
  auto* own = app.add_flag_callback(
      "--with-rows", [&options] { options.rows = "copy"; },
      "try the change on a copy of the database's own rows");
  own->excludes(none);
  app.add_option("--rows-limit", options.rows_limit, "the most to copy; 1GB by default")
      ->check([](const std::string& text) {
        return config::parse_bytes(text) ? "" : "\"" + text + "\" is no size: 512MB, 1GB, 8kB";
      })
      ->excludes(none);
}

}  // namespace

void add_revision(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::RevisionOptions>();
  app.add_option("-m,--message", options->message, "what changes, in a few words")->required();
  app.add_option("--head", options->head, "revise this one: REV, LABEL@head, base");
  app.add_flag("--splice", options->splice, "allow --head to be no head: a new branch begins");
  one_each(app.add_option("--branch-label", options->branch_labels,
                          "a label for the branch that begins here"));
  one_each(app.add_option("--depends-on", options->depends_on,
                          "a revision that must be applied before"));
  app.add_option("--rev-id", options->rev_id, "the id, instead of a new random one");
  auto generated = std::make_shared<command::AutogenerateOptions>();
  app.add_flag("--autogenerate", generated->wanted,
               "write what leads from the revisions to the desired schema");
  app.add_option("--schema", generated->schema,
                 "the desired schema ([desired], schema/, schema.sql, specs/database)");
  add_renames(app, generated->renames);
  app.add_flag("--allow-destructive", generated->allow_destructive,
               "write statements that destroy data");
  app.add_flag("--online", generated->online,
               "write revisions that keep nobody waiting, as many as it takes");
  app.add_option("--referee", generated->referee,
                 "whether pg_dump has to agree that the change arrives: auto (when it is "
                 "installed), always, never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  add_rows(app, *generated);
  for (const char* flag : {"--schema", "--rename", "--no-renames", "--allow-destructive",
                           "--online", "--referee", "--no-rows", "--with-rows", "--rows-limit"})
    app.get_option(flag)->needs("--autogenerate");
  call.run = [options, generated](Session& session) {
    options->head = unmarked(options->head);
    if (generated->wanted) return command::autogenerate(session, *options, *generated);
    return command::new_revision(session, *options);
  };
}

void add_diff(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::DiffOptions>();
  app.add_option("--from", options->from,
                 "the schema to start from: URL, directory, file or program")
      ->required();
  app.add_option("--to", options->to, "the schema to arrive at: URL, directory, file or program")
      ->required();
  app.add_flag("--downgrade", options->downgrade, "print the way back instead");
  app.add_flag("--summary", options->summary, "name what differs instead of the SQL");
  app.add_flag("--online", options->online, "print the stages that keep nobody waiting")
      ->excludes("--summary");
  add_renames(app, options->renames);
  call.run = [options](Session& session) { return command::diff(session, *options); };
}

void add_check(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::AutogenerateOptions>();
  app.add_option("--schema", options->schema,
                 "the desired schema ([desired], schema/, schema.sql, specs/database)");
  call.run = [options](Session& session) { return command::check(session, *options); };
}

void add_drift(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::DriftOptions>();
  app.add_flag("--sql", options->sql, "also print the statements that lead back");
  auto* adopt =
      app.add_flag("--adopt", options->adopt,
                   "write the revision that accepts the drift; it counts as applied here");
  app.add_flag("--revert", options->revert, "write the revision that undoes the drift")
      ->excludes(adopt);
  app.add_option("-m,--message", options->message, "of that revision");
  app.add_flag("--allow-destructive", options->allow_destructive,
               "--revert may lose what was added by hand");
  call.run = [options](Session& session) { return command::drift(session, *options); };
}

void add_roundtrip(CLI::App&, Call& call) {
  call.run = &command::roundtrip;
}

}  // namespace steward::cli
