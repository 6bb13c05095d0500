#include "runner/command/revision.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/revision/directory.h"
#include "runner/revision/target.h"
#include "runner/text.h"

namespace steward::command {
namespace {

Error several_heads(const revision::Ids& heads) {
  return Error(
      Exit::graph, "multiple_heads", "there are several heads: " + joined(heads), "",
      "choose one with --head REVISION (or LABEL@head), or make one of them: steward rebase, or "
      "steward merge heads -m \"merge\"");
}

revision::File described(const RevisionOptions& options, const std::vector<std::string>& parents) {
  revision::File file;
  file.id = options.rev_id.empty() ? revision::new_id() : options.rev_id;
  if (!revision::valid_id(file.id))
    throw Error(Exit::usage, "bad_revision_id", "\"" + file.id + "\" cannot be a revision's id", "",
                "use letters, digits, _ and . only");
  file.parents = parents;
  file.depends_on = options.depends_on;
  file.labels = options.branch_labels;
  file.message = options.message;
  file.created = utc_now();
  return file;
}

// The graph with the new node decides whether it may be: ids, labels and dependencies are its
// business.
void require_fitting(const plan::Project& project, const revision::File& file) {
  std::vector<revision::Node> nodes = project.graph().nodes();
  nodes.push_back({file.id, file.parents, file.depends_on, file.labels});
  revision::Graph unused(std::move(nodes));
}

}  // namespace

std::vector<std::string> chosen_parent(Session& session, const RevisionOptions& options) {
  const revision::Graph& graph = session.project().graph();
  const revision::Ids heads = graph.heads();
  if (options.head.empty()) {
    if (heads.size() > 1) throw several_heads(heads);
    return heads;
  }
  const std::string parent = revision::resolve_one(graph, {}, options.head);
  if (parent.empty()) return {};
  if (!options.splice && std::find(heads.begin(), heads.end(), parent) == heads.end())
    throw Error(Exit::graph, "not_a_head", "revision \"" + parent + "\" is not a head",
                "revised by " + joined(graph.children(parent)),
                "add --splice to begin a new branch there");
  return {parent};
}

RevisionScripts revision_scripts(std::string upgrade, std::string downgrade, bool transaction) {
  RevisionScripts scripts{std::move(upgrade), std::move(downgrade), {}, {}};
  scripts.upgrade_section.options.transaction = transaction;
  scripts.downgrade_section.options.transaction = transaction;
  return scripts;
}

Written write_file(Session& session, const RevisionOptions& options,
                   const std::vector<std::string>& parents, const RevisionScripts& scripts) {
  revision::File file = described(options, parents);
  require_fitting(session.project(), file);
  file.upgrade = scripts.upgrade_section;
  file.downgrade = scripts.downgrade_section;
  const std::string text = revision::compose(file, scripts.upgrade, scripts.downgrade);
  Written written{file.id, revision::write_new(session.config().directory, file, text)};
  session.forget_project();
  return written;
}

Written write_revision(Session& session, const RevisionOptions& options,
                       const std::vector<std::string>& parents, const RevisionScripts& scripts) {
  Written written = write_file(session, options, parents, scripts);
  session.output().line(written.path.string());
  session.output().object({{"verb", session.verb()},
                           {"revision", written.id},
                           {"parents", parents},
                           {"file", written.path.string()}});
  return written;
}

Exit new_revision(Session& session, const RevisionOptions& options,
                  const RevisionScripts& scripts) {
  write_revision(session, options, chosen_parent(session, options), scripts);
  return Exit::done;
}

}  // namespace steward::command
