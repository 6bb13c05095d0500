#include "runner/rename/circle.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "runner/diff/builder.h"
#include "runner/rename/likeness.h"
#include "runner/text.h"

namespace steward::rename {
namespace {

using snapshot::Fact;
using snapshot::Snapshot;

constexpr const char* aside = "steward_aside";

// Where a name is taken: relations of a schema share one, and so do the indexes of its constraints.
std::string place_of(const Fact& fact, const std::string& name) {
  static constexpr std::array<std::string_view, 6> relations{
      "table", "foreign table", "view", "materialized view", "sequence", "index"};
  const std::string type = fact.text("type");
  const bool has_index =
      fact.kind == "constraint" && (type == "primary key" || type == "unique" || type == "exclude");
  if (has_index) {
    const std::string relation = diff::relation(fact);
    return "relation " + relation.substr(0, relation.rfind('.') + 1) + name;
  }
  const bool is_relation =
      std::find(relations.begin(), relations.end(), fact.kind) != relations.end();
  const std::string id = renamed_id(fact, name);
  return is_relation ? "relation " + id.substr(fact.kind.size() + 1) : id;
}

// A rename with the place it leaves and the one it takes.
struct Move {
  Rename rename;
  std::string from, to;
};

// "value 'a' of type public.s" with another value; an attribute likewise.
std::string part_renamed(const Rename& rename) {
  static constexpr std::string_view of = " of type ", value = "value ";
  if (rename.object.starts_with(value))
    return std::string(value) + rename.to + rename.object.substr(rename.object.rfind(of));
  return rename.object.substr(0, rename.object.rfind('.') + 1) + rename.to;
}

Move move_of(Rename rename, const Snapshot& schema) {
  const Fact* fact = schema.find(rename.object);
  if (fact == nullptr) {
    std::string to = part_renamed(rename);
    return {rename, rename.object, std::move(to)};
  }
  std::string from = place_of(*fact, name_alone(*fact)), to = place_of(*fact, rename.to);
  return {std::move(rename), std::move(from), std::move(to)};
}

std::string free_name(const Snapshot& schema) {
  const auto taken = [&](const std::string& name) {
    return std::any_of(schema.facts.begin(), schema.facts.end(), [&](const auto& entry) {
      return entry.second.identity.find(name) != std::string::npos;
    });
  };
  std::string name = aside;
  for (int number = 2; taken(name); ++number)
    name = aside + std::string("_") + std::to_string(number);
  return name;
}

// The first half of a move, and what is left of it.
std::pair<Rename, Rename> by_way_of(const Rename& rename, const std::string& name,
                                    const Snapshot& schema) {
  const auto with = [&](Rename one) {
    one.evidence = rename.evidence;
    return one;
  };
  const Fact* fact = schema.find(rename.object);
  if (fact != nullptr) {
    Fact halfway = *fact;
    halfway.id = renamed_id(*fact, name);
    halfway.identity = halfway.id.substr(halfway.kind.size() + 1);
    return {with(of_fact(*fact, name)), with(of_fact(halfway, rename.to))};
  }
  Rename first = rename, second = rename;
  const std::string shown = rename.object.starts_with("value ") ? quote_literal(name) : name;
  const std::string last = " TO " + rename.to;
  first.to = shown;
  first.statement = rename.statement;
  first.statement.replace(first.statement.rfind(last), last.size(), " TO " + shown);
  second.object = part_renamed(first);
  const std::size_t old_at = rename.statement.find(" RENAME ");
  const std::size_t name_at = rename.statement.find(' ', old_at + 8) + 1;
  const std::size_t to_at = rename.statement.rfind(last);
  const std::string old = rename.statement.substr(name_at, to_at - name_at);
  second.statement.replace(name_at, old.size(), shown);
  first.back = rename.statement.substr(0, name_at) + shown + " TO " + old +
               rename.statement.substr(to_at + last.size());
  second.back = rename.statement.substr(0, name_at) + rename.to + " TO " + shown +
                rename.statement.substr(to_at + last.size());
  return {with(first), with(second)};
}

bool is_free(const std::vector<Move>& moves, const Move& one) {
  return std::none_of(moves.begin(), moves.end(),
                      [&](const Move& other) { return &other != &one && other.from == one.to; });
}

// Only moves that come back to where one of them begins.
void keep_circles(std::vector<Move>& moves) {
  for (std::size_t before = 0; before != moves.size();) {
    before = moves.size();
    std::set<std::string> left, taken;
    for (const Move& move : moves) {
      left.insert(move.from);
      taken.insert(move.to);
    }
    std::erase_if(moves, [&](const Move& move) {
      return !left.contains(move.to) || !taken.contains(move.from);
    });
  }
}

const Fact* at_place(const Snapshot& schema, const std::string& place) {
  for (const auto& [id, fact] : schema.facts)
    if (can_rename(fact) && place_of(fact, name_alone(fact)) == place) return &fact;
  return nullptr;
}

// How much of the one is in the other, from 0 to 1.
double likeness_of(const std::string& one, const std::string& other) {
  const std::vector<std::string_view> a = split(one, '\n'), b = split(other, '\n');
  const auto common = std::count_if(a.begin(), a.end(), [&](std::string_view line) {
    return std::find(b.begin(), b.end(), line) != b.end();
  });
  return static_cast<double>(common) /
         static_cast<double>(std::max<std::size_t>({a.size(), b.size(), 1}));
}

// Whether what `wanted` has under the new name is rather this thing than what has the name so far.
bool is_due(const Move& move, const Snapshot& schema, const Snapshot& wanted) {
  const Fact *before = schema.find(move.rename.object), *other = at_place(schema, move.to),
             *after = at_place(wanted, move.to);
  if (before == nullptr || other == nullptr || after == nullptr) return false;
  const std::string as_wanted = shape_of(wanted, *after);
  return likeness_of(shape_of(schema, *before), as_wanted) >
         likeness_of(shape_of(schema, *other), as_wanted);
}

}  // namespace

std::string in_the_way(const Rename& rename, const Snapshot& schema) {
  const Move move = move_of(rename, schema);
  if (schema.find(rename.object) != nullptr) {
    const Fact* other = at_place(schema, move.to);
    return other == nullptr ? std::string() : other->id;
  }
  for (const auto& [id, fact] : schema.facts) {
    for (const Json& label : fact.value("labels"))
      if (move.to ==
          "value " + quote_literal(label.get<std::string>()) + " of type " + fact.identity)
        return move.to;
    for (const Json& attribute : fact.value("attributes"))
      if (move.to == "attribute " + fact.identity + "." + attribute.at("name").get<std::string>())
        return move.to;
  }
  return {};
}

std::vector<Rename> in_order(std::vector<Rename> renames, const Snapshot& schema) {
  std::vector<Move> moves;
  for (Rename& one : renames) moves.push_back(move_of(std::move(one), schema));
  std::vector<Rename> order;
  while (!moves.empty()) {
    const auto next = std::find_if(moves.begin(), moves.end(),
                                   [&](const Move& one) { return is_free(moves, one); });
    if (next != moves.end()) {
      order.push_back(std::move(next->rename));
      moves.erase(next);
      continue;
    }
    auto [first, rest] = by_way_of(moves.front().rename, free_name(schema), schema);
    order.push_back(std::move(first));
    moves.front().rename = std::move(rest);
    moves.front().from.clear();
  }
  return order;
}

std::vector<Rename> circles(const std::vector<Mark>& marks, const Snapshot& schema,
                            const Snapshot& wanted) {
  std::vector<Move> moves;
  for (const Mark& mark : marks)
    if (std::optional<Rename> rename = resolve(mark, schema, wanted, Taken::too))
      moves.push_back(move_of(std::move(*rename), schema));
  keep_circles(moves);
  std::erase_if(moves, [&](const Move& move) { return !is_due(move, schema, wanted); });
  keep_circles(moves);
  std::vector<Rename> due;
  for (Move& move : moves) due.push_back(std::move(move.rename));
  return in_order(std::move(due), schema);
}

}  // namespace steward::rename
