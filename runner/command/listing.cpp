#include "runner/command/listing.h"

#include <utility>

namespace steward::command {
namespace {

using terminal::Tone;

std::string parents_of(const revision::File& file) {
  return file.parents.empty() ? "<base>" : joined(file.parents);
}

}  // namespace

Listing::Listing(const plan::Project& project, const report::Output& output,
                 std::unordered_set<std::string> current)
    : project_(project), output_(output), current_(std::move(current)) {
  for (std::string& id : project.graph().heads()) heads_.insert(std::move(id));
}

bool Listing::is_branch_point(const std::string& id) const {
  return project_.graph().children(id).size() > 1;
}

std::string Listing::marks(const std::string& id) const {
  const revision::File& file = *project_.find(id);
  std::string text;
  if (!file.labels.empty()) text += " (" + joined(file.labels) + ")";
  if (is_head(id)) text += " " + output_.paint(Tone::good, "(head)");
  if (is_branch_point(id)) text += " (branchpoint)";
  if (file.parents.size() > 1) text += " (mergepoint)";
  if (current_.contains(id)) text += " " + output_.paint(Tone::strong, "(current)");
  return text;
}

std::string Listing::name(const std::string& id) const {
  const std::string painted = output_.paint(Tone::name, id);
  return project_.find(id) == nullptr ? painted + " (no file)" : painted + marks(id);
}

std::string Listing::line(const std::string& id) const {
  const revision::File& file = *project_.find(id);
  return parents_of(file) + " -> " + name(id) + ", " + terminal::harmless(file.message);
}

std::string Listing::paragraph(const std::string& id) const {
  const revision::File& file = *project_.find(id);
  std::string text = "Rev: " + name(id) + "\n";
  text += (file.parents.size() > 1 ? "Merges: " : "Parent: ") + parents_of(file) + "\n";
  if (is_branch_point(id)) text += "Branches into: " + joined(project_.graph().children(id)) + "\n";
  const revision::Ids labels = project_.graph().labels(id);
  if (!labels.empty()) text += "Branch names: " + joined(labels) + "\n";
  if (!file.depends_on.empty()) text += "Depends on: " + joined(file.depends_on) + "\n";
  if (file.irreversible) text += "Irreversible: " + *file.irreversible + "\n";
  text += "Path: " + file.path.string() + "\n";
  if (!file.created.empty()) text += "Created: " + file.created + "\n";
  return text + "\n    " + terminal::harmless(file.message) + "\n\n";
}

Json Listing::object(const std::string& id) const {
  const revision::File* file = project_.find(id);
  if (file == nullptr) return {{"revision", id}, {"file", nullptr}};
  return {{"revision", id},
          {"parents", file->parents},
          {"depends_on", file->depends_on},
          {"labels", file->labels},
          {"message", file->message},
          {"created", file->created},
          {"file", file->path.string()},
          {"head", is_head(id)},
          {"branch_point", is_branch_point(id)},
          {"merge_point", file->parents.size() > 1},
          {"reversible", file->downgrade.has_value()}};
}

Json Listing::objects(const revision::Ids& ids) const {
  Json list = Json::array();
  for (const std::string& id : ids) list.push_back(object(id));
  return list;
}

}  // namespace steward::command
