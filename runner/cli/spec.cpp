#include "runner/cli/spec.h"

#include "runner/command/spec.h"

namespace steward::cli {
namespace {

void add_export(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::SpecExportOptions>();
  CLI::App* verb = app.add_subcommand("export", "write the spec of a schema that is there");
  verb->fallthrough();
  verb->add_option("DIR", options->directory, "where to (specs/database)");
  verb->add_option("--from", options->from, "a schema as for diff (the database)");
  verb->add_flag("--force", options->force, "write pages anew that say something else");
  verb->final_callback([&call, options] {
    call.run = [options](Session& session) { return command::spec_export(session, *options); };
  });
}

void add_check(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::SpecCheckOptions>();
  CLI::App* verb = app.add_subcommand("check", "compare the database with the spec");
  verb->fallthrough();
  verb->add_option("SPEC", options->spec, "a directory or a page (specs/database)");
  verb->add_flag("--revisions", options->revisions, "compare what the revisions make instead");
  verb->final_callback([&call, options] {
    call.run = [options](Session& session) { return command::spec_check(session, *options); };
  });
}

}  // namespace

void add_spec(CLI::App& app, Call& call) {
  add_export(app, call);
  add_check(app, call);
  app.require_subcommand(1);
}

}  // namespace steward::cli
