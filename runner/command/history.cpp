#include "runner/command/history.h"

#include <algorithm>

#include "runner/command/listing.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

// Whether the range is relative to what the database has, as in -2:current.
bool asks_database(const std::string& range) {
  const std::size_t colon = range.find(':');
  const auto relative = [](std::string_view side) {
    return side == "current" || side.starts_with('-') || side.starts_with('+') ||
           side.find("@-") != std::string_view::npos || side.find("@+") != std::string_view::npos;
  };
  return relative(std::string_view(range).substr(0, colon)) ||
         (colon != std::string::npos && relative(std::string_view(range).substr(colon + 1)));
}

}  // namespace

Exit history(Session& session, const HistoryOptions& options) {
  const revision::Graph& graph = session.project().graph();
  const bool database = options.indicate_current || asks_database(options.range);
  revision::Applied applied;
  std::unordered_set<std::string> current;
  if (database) {
    applied = session.state().applied();
    if (options.indicate_current)
      current.insert(session.state().heads.begin(), session.state().heads.end());
  }
  revision::Ids ids =
      options.range.empty() ? graph.order() : revision::range(graph, applied, options.range);
  std::reverse(ids.begin(), ids.end());
  const Listing listing(session.project(), session.output(), current);
  for (const std::string& id : ids)
    if (session.output().verbose())
      session.output().text(listing.paragraph(id));
    else
      session.output().line(listing.line(id));
  if (session.output().json())
    session.output().object({{"verb", "history"}, {"revisions", listing.objects(ids)}});
  return Exit::done;
}

}  // namespace steward::command
