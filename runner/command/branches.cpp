#include "runner/command/branches.h"

#include "runner/command/listing.h"

namespace steward::command {

Exit branches(Session& session) {
  const plan::Project& project = session.project();
  const Listing listing(project, session.output());
  Json objects = Json::array();
  for (const std::string& id : project.graph().branch_points()) {
    const revision::Ids children = project.graph().children(id);
    if (session.output().verbose())
      session.output().text(listing.paragraph(id));
    else
      session.output().line(listing.name(id) + ", " +
                            terminal::harmless(project.find(id)->message));
    for (const std::string& child : children)
      session.output().line(std::string(id.size(), ' ') + " -> " + listing.name(child) + ", " +
                            terminal::harmless(project.find(child)->message));
    Json object = listing.object(id);
    object["children"] = children;
    objects.push_back(std::move(object));
  }
  session.output().object({{"verb", "branches"}, {"revisions", objects}});
  return Exit::done;
}

}  // namespace steward::command
