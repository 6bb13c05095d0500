#include "runner/command/undescribed.h"

#include <algorithm>
#include <map>
#include <utility>

#include "runner/command/schema.h"
#include "runner/text.h"

namespace steward::command {
namespace {

constexpr std::size_t mark_size = 2;  // of "+ table public.task"

// The number of the last step that changed each object, of those in the list.
class Touches {
 public:
  explicit Touches(const std::vector<std::string>& differences) {
    for (const std::string& line : differences) hashes_[line.substr(mark_size)];
  }

  void look(const snapshot::Snapshot& schema, std::size_t step) {
    for (auto& [id, hash] : hashes_) {
      const snapshot::Fact* fact = schema.find(id);
      std::string now = fact == nullptr ? "" : fact->hash;
      if (now != hash) last_[id] = step;
      hash = std::move(now);
    }
  }

  // nullptr: no revision touched it, it is the spec's alone.
  const std::size_t* last(const std::string& id) const {
    const auto found = last_.find(id);
    return found == last_.end() ? nullptr : &found->second;
  }

 private:
  std::map<std::string, std::string> hashes_;
  std::map<std::string, std::size_t> last_;
};

}  // namespace

Json tell_undescribed(Session& session, const std::vector<std::string>& differences) {
  const std::vector<plan::Step> steps = plan::upgrade(session.project(), {}, "heads").steps;
  const std::unique_ptr<shadow::Shadow> shadow = new_shadow(session, shadow_server(session));
  Touches touches(differences);
  for (std::size_t at = 0; at < steps.size(); ++at) {
    shadow->step(steps[at]);
    touches.look(snapshot::read(shadow->connection()), at);
  }
  std::map<std::size_t, std::vector<std::string>> by_step;
  for (const std::string& line : differences)
    if (const std::size_t* step = touches.last(line.substr(mark_size)))
      by_step[*step].push_back(line);
  Json told = Json::array();
  for (const auto& [at, objects] : by_step) {
    const revision::File& file = *steps[at].file;
    session.output().line("revision " + file.id + " (" + file.path.string() +
                          ") does what the spec does not describe: " + joined(objects));
    told.push_back({{"revision", file.id}, {"file", file.path.string()}, {"objects", objects}});
  }
  return told;
}

}  // namespace steward::command
