#include "runner/safety/deploy.h"

#include <algorithm>
#include <map>
#include <set>

namespace steward::safety {
namespace {

class Deploy {
 public:
  explicit Deploy(const Linter& linter) : linter_(linter) {}

  std::vector<Finding> findings() {
    if (linter_.seen().size() < 2) return {};
    lock_budget();
    multi_touch();
    create_then_rewrite();
    ordering_hazard();
    return std::move(findings_);
  }

 private:
  void add(const char* id, const Seen& seen, std::uint64_t line, std::string object,
           std::string message, std::string hint) {
    const Rule* rule = find_rule(id);
    const auto level = linter_.settings().levels.of(*rule);
    if (!level) return;
    Finding finding;
    finding.rule = id;
    finding.severity = *level;
    finding.object = std::move(object);
    finding.message = std::move(message);
    finding.hint = std::move(hint);
    finding.revision = seen.revision;
    finding.file = seen.file;
    finding.line = line;
    for (const Allowed& allowed : seen.allowed)
      if (allowed.rule == id && allowed.statement == 0 && !allowed.reason.empty())
        finding.waiver = allowed.reason;
    findings_.push_back(std::move(finding));
  }

  void lock_budget() {
    double seconds = 0;
    for (const Seen& seen : linter_.seen())
      for (const Seen::Use& use : seen.uses)
        if (blocks_use(use.touch.lock) && !use.is_new) seconds += use.seconds;
    if (seconds <= linter_.settings().limits.lock_budget) return;
    const Seen& last = linter_.seen().back();
    add("cumulative-lock-budget", last, 1, "",
        "the pending revisions together block tables for " + format_seconds(seconds),
        "take the safe sequences that the other findings show, or deploy in parts");
  }

  void multi_touch() {
    std::map<std::string, std::set<std::string>> by_table;
    for (const Seen& seen : linter_.seen()) {
      for (const Seen::Use& use : seen.uses)
        if (blocks_use(use.touch.lock) && !use.is_new)
          by_table[use.touch.relation].insert(seen.revision);
      for (const Seen::Use& use : seen.uses) {
        auto& revisions = by_table[use.touch.relation];
        if (revisions.size() < 3 || !revisions.contains(seen.revision)) continue;
        add("hot-table-multi-touch", seen, use.line, use.touch.relation,
            std::to_string(revisions.size()) + " pending revisions lock " + use.touch.relation,
            "where they belong together, one ALTER TABLE waits once");
        revisions.clear();
      }
    }
  }

  void create_then_rewrite() {
    std::map<std::string, std::string> made;
    for (const Seen& seen : linter_.seen()) {
      for (const Seen::Use& use : seen.uses)
        if (use.touch.rewrites && made.contains(use.touch.relation))
          add("create-then-rewrite", seen, use.line, use.touch.relation,
              "revision " + made[use.touch.relation] +
                  " of the same deploy makes the table, and this one writes it anew",
              "make it right at once, while neither is applied anywhere");
      for (const std::string& name : seen.creates) made.emplace(name, seen.revision);
    }
  }

  void ordering_hazard() {
    std::map<std::string, std::string> gone;
    for (const Seen& seen : linter_.seen()) {
      for (const std::string& name : seen.creates) gone.erase(name);
      for (const auto& [name, line] : seen.names) {
        const auto dropped = gone.find(name);
        if (dropped == gone.end()) continue;
        add("ordering-hazard", seen, line, name,
            "revision " + dropped->second + " of the same deploy has dropped it by then",
            "put them in the right order with `revises`, or drop it last");
        gone.erase(dropped);
      }
      for (const std::string& name : seen.drops) gone.emplace(name, seen.revision);
    }
  }

  const Linter& linter_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> deploy_findings(const Linter& linter) {
  return Deploy(linter).findings();
}

}  // namespace steward::safety
