#include "runner/diff/builder.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "runner/diff/agreed.h"

namespace steward::diff {
namespace {

struct Ranked {
  std::string_view kind;
  int rank;
};

// Made in this order where nothing else decides, destroyed in the opposite one.
constexpr std::array ranks = std::to_array<Ranked>({
    {"schema", 10},
    {"extension", 12},
    {"language", 14},
    {"access method", 15},
    {"collation", 16},
    {"foreign data wrapper", 18},
    {"server", 19},
    {"user mapping", 20},
    {"type", 22},
    {"domain", 23},
    {"sequence", 26},
    {"function", 30},
    {"procedure", 31},
    {"aggregate", 32},
    {"operator", 33},
    {"operator family", 33},
    {"operator class", 34},
    {"cast", 34},
    {"conversion", 35},
    {"transform", 36},
    {"text search parser", 37},
    {"text search template", 38},
    {"text search dictionary", 39},
    {"text search configuration", 40},
    {"table", 50},
    {"foreign table", 51},
    {"column", 52},
    {"constraint", 54},
    {"index", 56},
    {"statistics", 60},
    {"view", 62},
    {"materialized view", 63},
    {"rule", 66},
    {"trigger", 67},
    {"policy", 68},
    {"publication", 70},
    {"event trigger", 72},
    {"default privileges", 80},
    {"privileges", 81},
});
constexpr int foreign_key_rank = 58;
constexpr int domain_check_rank = 24;  // before anything has values of the domain
constexpr int unknown_rank = 75;

bool is_relation(const Fact& fact) {
  return fact.kind == "table" || fact.kind == "view" || fact.kind == "materialized view" ||
         fact.kind == "foreign table" || fact.kind == "sequence" || fact.kind == "index" ||
         fact.kind == "type" || fact.kind == "domain";
}

bool is_routine(const Fact& fact) {
  return fact.kind == "function" || fact.kind == "procedure" || fact.kind == "aggregate";
}

// Where the quoted identifier that begins at `at` ends.
std::size_t identifier_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"')
    return std::min(text.find_first_of(". ", at), text.size());
  for (++at; at < text.size(); ++at)
    if (text[at] == '"' && (at + 1 >= text.size() || text[++at] != '"')) break;
  return at;
}

std::unordered_map<std::string, std::vector<const Fact*>> parts_of(const Snapshot& snapshot) {
  std::unordered_map<std::string, std::vector<const Fact*>> parts;
  for (const auto& [id, fact] : snapshot.facts)
    if (!fact.parent.empty()) parts[fact.parent].push_back(&fact);
  return parts;
}

const std::vector<const Fact*> no_parts;

}  // namespace

int rank_of(const Fact& fact) {
  if (fact.kind == "constraint" && fact.text("type") == "foreign key") return foreign_key_rank;
  if (fact.kind == "constraint" && fact.parent.starts_with("domain ")) return domain_check_rank;
  for (const Ranked& ranked : ranks)
    if (ranked.kind == fact.kind) return ranked.rank;
  return unknown_rank;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

void append(std::vector<std::string>& to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

std::string target(const Fact& fact) {
  return upper(fact.kind) + ' ' + fact.identity;
}

std::string own_name(const Fact& fact) {
  if (fact.kind != "column") return fact.identity.substr(0, identifier_end(fact.identity, 0));
  const std::size_t table = identifier_end(fact.identity, 0) + 1;
  return fact.identity.substr(identifier_end(fact.identity, table) + 1);
}

std::string relation(const Fact& fact) {
  if (fact.kind == "column")
    return fact.identity.substr(0, fact.identity.size() - own_name(fact).size() - 1);
  static constexpr std::string_view on = " ON ";
  return fact.identity.substr(identifier_end(fact.identity, 0) + on.size());
}

std::string base_name(const Fact& fact) {
  return fact.identity.substr(identifier_end(fact.identity, 0) + 1);
}

std::string shell_of(const std::string& type) {
  return "shell " + type;
}

bool stands_on_shell(const Snapshot& snapshot, const Fact& fact, const std::string& type) {
  const Fact* found = is_routine(fact) ? snapshot.find(type) : nullptr;
  return found != nullptr && found->text("form") == "base" &&
         std::find(found->needs.begin(), found->needs.end(), fact.id) != found->needs.end();
}

std::vector<std::string> names_taken(const Fact& fact) {
  if (is_relation(fact)) return {"name " + fact.identity};
  if (is_routine(fact)) return {"routine " + fact.identity};
  if (fact.kind == "constraint" && fact.has("index")) return {"name " + fact.text("index")};
  if (fact.kind == "column" && fact.has("sequence"))
    return {"name " + fact.value("sequence").at("name").get<std::string>()};
  return {};
}

Builder::Builder(const Snapshot& from_snapshot, const Snapshot& to_snapshot, const Plan& the_plan,
                 const std::set<std::string>& apart_facts)
    : from(from_snapshot),
      to(to_snapshot),
      plan(the_plan),
      apart(apart_facts),
      old_parts_(parts_of(from_snapshot)),
      new_parts_(parts_of(to_snapshot)),
      old_families_(from_snapshot),
      new_families_(to_snapshot) {
  for (const auto& [id, fact] : from_snapshot.facts)
    if (fact.has("references")) referenced_.insert(fact.text("references"));
}

const std::vector<const Fact*>& Builder::parts(const Snapshot& snapshot,
                                               const std::string& parent) const {
  const Parts& all = &snapshot == &from ? old_parts_ : new_parts_;
  const auto found = all.find(parent);
  return found == all.end() ? no_parts : found->second;
}

const std::vector<const Fact*>& Builder::children(const Snapshot& snapshot,
                                                  const std::string& table) const {
  return (&snapshot == &from ? old_families_ : new_families_).children(table);
}

std::vector<const Fact*> Builder::descendants(const Snapshot& snapshot,
                                              const std::string& table) const {
  return (&snapshot == &from ? old_families_ : new_families_).descendants(table);
}

Action Builder::creation(const Fact& fact, std::string sql) const {
  Action action;
  action.sql = std::move(sql);
  action.rank = rank_of(fact);
  action.key = fact.id;
  action.produces = names_taken(fact);
  action.produces.push_back(fact.id);
  action.needs = fact.needs;
  for (std::string& need : action.needs)
    if (plan.comes(need) && stands_on_shell(to, fact, need)) need = shell_of(need);
  if (!fact.parent.empty()) action.needs.push_back(fact.parent);
  return action;
}

Action Builder::destruction(const Fact& fact, std::string sql) const {
  Action action;
  action.sql = std::move(sql);
  action.rank = -rank_of(fact);
  action.key = fact.id;
  action.destroys = names_taken(fact);
  action.destroys.push_back(fact.id);
  action.releases = fact.needs;
  for (const std::string& need : fact.needs)
    if (need.starts_with("type ")) action.releases.push_back(attributes_of(need));
  if (!fact.parent.empty()) action.releases.push_back(fact.parent);
  return action;
}

Action Builder::change(const Fact& from_fact, const Fact& to_fact, std::string sql) const {
  Action action = remark(to_fact, std::move(sql));
  append(action.needs, to_fact.needs);
  for (const std::string& need : from_fact.needs) {
    const auto& kept = to_fact.needs;
    if (plan.goes(need) || plan.disturbed.contains(need) ||
        std::find(kept.begin(), kept.end(), need) == kept.end())
      action.releases.push_back(need);
    if (need.starts_with("type ")) action.releases.push_back(attributes_of(need));
  }
  return action;
}

Action Builder::remark(const Fact& fact, std::string sql) const {
  Action action;
  action.sql = std::move(sql);
  action.rank = rank_of(fact);
  action.key = fact.id + '\x01';
  action.needs.push_back(fact.id);
  return action;
}

int Builder::add(Action action) {
  actions_.push_back(std::move(action));
  return static_cast<int>(actions_.size()) - 1;
}

bool Builder::goes_with_parent(const Fact& fact) const {
  return !fact.parent.empty() && !fact.parent.starts_with("schema ") &&
         !fact.parent.starts_with("server ") && plan.goes(fact.parent);
}

}  // namespace steward::diff
