#include "runner/cli/rows.h"

#include <memory>

#include "runner/command/isolate.h"
#include "runner/command/prove.h"

namespace steward::cli {
namespace {

void add_terms(CLI::App& app, isolation::Terms& terms) {
  app.add_option("TABLE", terms.relation, "the table whose rows belong to owners");
  app.add_option("--owner-column", terms.owner_column, "the column that says whose (user_id)");
  app.add_option("--owner-type", terms.owner_type, "its type, when it is to be added");
  app.add_option("--references", terms.references, "the table of the owners");
  app.add_option("--on-delete", terms.on_delete, "what happens to an owner's rows (cascade)");
  app.add_option("--through", terms.through, "a parent table, whose owner the row shares");
  app.add_option("--backfill", terms.backfill, "an expression for rows that have no owner");
  app.add_option("--members", terms.members, "a membership table: rows belong to groups");
  app.add_option("--members-group", terms.members_group, "its column of the group");
  app.add_option("--members-identity", terms.members_identity,
                 "its column of the member (user_id)");
  app.add_option("--readers", terms.readers, "owner or everyone (owner)");
  app.add_option("--writers", terms.writers, "owner or nobody (owner)");
  one_each(app.add_option("--role", terms.roles, "a role that works with the table"));
  one_each(app.add_option("--admin", terms.admins, "a role that sees everything, recorded"));
}

}  // namespace

void add_isolate(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::IsolateOptions>();
  add_terms(app, options->terms);
  app.add_option("--app-role", options->app_role, "make a proper application role instead");
  one_each(
      app.add_option("--schema", options->schemas, "with --app-role: a schema it uses (public)"));
  app.add_flag("--online", options->online, "three revisions, indexes built concurrently");
  app.add_flag("--sql", options->sql, "write the statements instead of the call");
  app.add_option("-m,--message", options->revision.message, "what changes, in a few words");
  app.add_option("--head", options->revision.head, "revise this one: REV, LABEL@head, base");
  app.add_option("--rev-id", options->revision.rev_id, "the id, instead of a new random one");
  call.run = [options](Session& session) {
    options->revision.head = unmarked(options->revision.head);
    return command::isolate(session, *options);
  };
}

void add_prove(CLI::App& app, Call& call) {
  auto options = std::make_shared<command::ProveOptions>();
  app.add_option("TABLES", options->relations, "isolated tables (all)");
  app.add_option("--role", options->role, "whom to try as (the application's role)");
  call.run = [options](Session& session) { return command::prove(session, *options); };
}

}  // namespace steward::cli
