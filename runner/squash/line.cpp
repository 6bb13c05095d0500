#include "runner/squash/line.h"

#include <algorithm>

#include "runner/revision/target.h"
#include "runner/text.h"

namespace steward::squash {
namespace {

using revision::Ids;

bool has(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Error not_a_line(const std::string& id, const std::string& what, const std::string& hint) {
  return Error(Exit::graph, "not_a_line",
               "revision \"" + id + "\" " + what + ", and the range must be one row", "", hint);
}

Error points_inside(const std::string& what, const Ids& ids) {
  return Error(Exit::graph, "points_inside", what, "its id would be gone",
               "end the range there, or begin it behind: steward squash A:" + ids.back());
}

void require_row(const plan::Project& project, const Ids& ids) {
  const revision::Graph& graph = project.graph();
  for (std::size_t at = 0; at < ids.size(); ++at) {
    const Ids& parents = graph.node(ids[at]).parents;
    if (at > 0 && (parents.size() != 1 || parents.front() != ids[at - 1]))
      throw not_a_line(ids[at], "revises " + (parents.empty() ? "nothing" : joined(parents)),
                       "squash what lies on one side of it");
    const Ids children = graph.children(ids[at]);
    if (at + 1 < ids.size() && children.size() > 1)
      throw not_a_line(ids[at], "is revised by " + joined(children),
                       "squash up to it, or from behind it on");
  }
}

// The last one keeps its id, its labels and whoever stands on it.
void require_alone(const plan::Project& project, const Ids& ids) {
  const Ids inner(ids.begin(), ids.end() - 1);
  for (const std::string& id : inner)
    if (const auto& labels = project.find(id)->labels; !labels.empty())
      throw points_inside("label \"" + labels.front() + "\" names revision \"" + id + "\"", ids);
  for (const revision::File& file : project.files())
    for (const std::string& need : file.depends_on)
      if (has(inner, need) && !has(ids, file.id))
        throw points_inside("revision \"" + file.id + "\" depends on \"" + need + "\"", ids);
}

}  // namespace

Members line_of(const plan::Project& project, std::string_view range) {
  if (range.find(':') == std::string_view::npos)
    throw Error(Exit::usage, "bad_target", in_quotes(range) + " is no range", "",
                "name the first and the last revision: steward squash A:B");
  const Ids ids = revision::range(project.graph(), {}, range);
  if (ids.size() < 2)
    throw Error(Exit::graph, "nothing_to_squash",
                "the range " + in_quotes(range) + " has " + counted(ids.size(), "revision"), "",
                "see them in order: steward history");
  require_row(project, ids);
  require_alone(project, ids);
  Members members;
  for (const std::string& id : ids) members.push_back(project.find(id));
  return members;
}

}  // namespace steward::squash
