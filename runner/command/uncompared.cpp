#include "runner/command/uncompared.h"

#include <map>
#include <set>

#include "runner/text.h"

namespace steward::command {

Json tell_uncompared(Session& session, const std::vector<snapshot::Uncompared>& one,
                     const std::vector<snapshot::Uncompared>& other) {
  std::map<std::string, std::set<std::string>> by_reason;
  for (const auto* side : {&one, &other})
    for (const snapshot::Uncompared& found : *side)
      by_reason[found.reason].insert(found.kind + " " + found.identity);
  Json all = Json::array();
  for (const auto& [reason, objects] : by_reason) {
    session.output().note("not compared: " + joined({objects.begin(), objects.end()}, ", ") + " (" +
                          reason + ")");
    for (const std::string& object : objects)
      all.push_back({{"object", object}, {"reason", reason}});
  }
  return all;
}

}  // namespace steward::command
