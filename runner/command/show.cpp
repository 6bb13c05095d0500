#include "runner/command/show.h"

#include "runner/command/listing.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

// Only what is relative to the database needs to ask it.
revision::Applied applied_for(Session& session, const std::string& target) {
  const bool relative = target == "current" || target.starts_with('-') || target.starts_with('+') ||
                        target.find("@-") != std::string::npos ||
                        target.find("@+") != std::string::npos;
  return relative ? session.state().applied() : revision::Applied{};
}

std::string script(const revision::File& file, const char* name, const revision::Section& section) {
  const std::string text = revision::text(file, section);
  return "-- " + std::string(name) + "\n" + text +
         (text.empty() || text.back() == '\n' ? "" : "\n");
}

}  // namespace

Exit show(Session& session, const ShowOptions& options) {
  const plan::Project& project = session.project();
  const Listing listing(project, session.output());
  const revision::Ids ids =
      revision::resolve(project.graph(), applied_for(session, options.target), options.target);
  Json objects = Json::array();
  for (const std::string& id : ids) {
    const revision::File& file = *project.find(id);
    session.output().text(listing.paragraph(id));
    Json object = listing.object(id);
    object["upgrade_checksum"] = file.upgrade.checksum;
    if (file.downgrade) object["downgrade_checksum"] = file.downgrade->checksum;
    objects.push_back(std::move(object));
    if (!session.output().verbose()) continue;
    session.output().text(script(file, "upgrade", file.upgrade));
    if (file.downgrade) session.output().text(script(file, "downgrade", *file.downgrade));
  }
  session.output().object({{"verb", "show"}, {"revisions", objects}});
  return Exit::done;
}

}  // namespace steward::command
