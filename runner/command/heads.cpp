#include "runner/command/heads.h"

#include "runner/command/listing.h"

namespace steward::command {

Exit heads(Session& session) {
  const Listing listing(session.project(), session.output());
  const revision::Ids ids = session.project().graph().heads();
  for (const std::string& id : ids)
    if (session.output().verbose())
      session.output().text(listing.paragraph(id));
    else
      session.output().line(listing.name(id));
  session.output().object({{"verb", "heads"}, {"revisions", listing.objects(ids)}});
  return Exit::done;
}

}  // namespace steward::command
