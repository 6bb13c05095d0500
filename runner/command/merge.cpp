#include "runner/command/merge.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/command/revision.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

revision::Ids chosen(const revision::Graph& graph, const std::vector<std::string>& targets) {
  revision::Ids ids;
  for (const std::string& target : targets)
    for (std::string& id : revision::resolve(graph, {}, target))
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(std::move(id));
  return ids;
}

}  // namespace

Exit merge(Session& session, const MergeOptions& options) {
  const std::vector<std::string> targets =
      options.revisions.empty() ? std::vector<std::string>{"heads"} : options.revisions;
  const revision::Ids parents = chosen(session.project().graph(), targets);
  if (parents.size() < 2)
    throw Error(Exit::graph, "nothing_to_merge", "there is nothing to merge",
                "only " + (parents.empty() ? "the base" : joined(parents)) + " was named",
                "name at least two revisions, or heads: steward heads");
  RevisionOptions revision;
  revision.message = options.message.empty() ? "merge " + joined(parents) : options.message;
  revision.branch_labels = options.branch_labels;
  revision.rev_id = options.rev_id;
  write_revision(session, revision, parents);
  return Exit::done;
}

}  // namespace steward::command
