#include "runner/command/current.h"

#include <algorithm>

#include "runner/command/listing.h"

namespace steward::command {
namespace {

bool same(revision::Ids a, revision::Ids b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

void print(Session& session, const Listing& listing, const std::string& id) {
  const bool verbose = session.output().verbose() && session.project().find(id) != nullptr;
  if (verbose)
    session.output().text(listing.paragraph(id));
  else
    session.output().line(listing.name(id));
}

}  // namespace

Exit current(Session& session, const CurrentOptions& options) {
  const Listing listing(session.project(), session.output());
  const revision::Ids& ids = session.state().heads;
  if (session.output().verbose())
    session.output().line("Current revision(s) for " + url::redacted(session.target()) + ":");
  for (const std::string& id : ids) print(session, listing, id);
  const bool at_heads = same(ids, session.project().graph().heads());
  if (session.output().json())
    session.output().object(
        {{"verb", "current"}, {"at_heads", at_heads}, {"revisions", listing.objects(ids)}});
  if (at_heads || !options.check_heads) return Exit::done;
  session.output().note("the database is not at all heads: steward upgrade heads");
  return Exit::differences;
}

}  // namespace steward::command
