#include "runner/spec/inherited.h"

#include <algorithm>
#include <optional>

#include "runner/diff/rules.h"
#include "runner/spec/cell.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

const Fact* parents_column(const Holding& holding, const Fact& table, const Fact& column) {
  for (const Json& parent : table.value("inherits"))
    if (const Fact* found = holding.schema().find("column " + parent.get<std::string>() + "." +
                                                  diff::own_name(column)))
      return found;
  return nullptr;
}

// "... USING btree (a, b) INCLUDE (c)", "UNIQUE (a, b)": a, b, c; nullopt: one is no plain name.
std::optional<std::vector<std::string>> columns_in(std::string_view definition) {
  std::vector<std::string> names;
  const std::size_t where = definition.find(" WHERE ");
  for (std::string_view rest = definition.substr(0, where);;) {
    const std::size_t open = rest.find('(');
    if (open == rest.npos) return names;
    rest.remove_prefix(open);
    const std::size_t size = length_of_parenthesis(rest);
    if (size < 2) return std::nullopt;
    for (const std::string_view part : split_outside_quotes(rest.substr(1, size - 2), ',')) {
      if (part.find('(') != part.npos || part.starts_with('\'')) return std::nullopt;
      const std::size_t end = part.starts_with('"') ? end_of_quoted(part, 0) : part.find(' ');
      names.push_back(plain_name(part.substr(0, end)));
    }
    rest.remove_prefix(size);
  }
}

class Partitions {
 public:
  Partitions(Holding& holding, const Fact& table) : holding_(holding), table_(table) {}

  std::vector<Partition> describe() {
    add_those_of(table_);
    return std::move(partitions_);
  }

 private:
  void add_those_of(const Fact& parent) {
    for (const Fact* partition : holding_.partitions(parent.identity))
      if (add(*partition, parent)) add_those_of(*partition);
  }

  bool add(const Fact& fact, const Fact& parent) {
    const std::optional<std::string> bound = line_for(holding_.readable(fact.text("bound"))),
                                     how = line_for(holding_.readable(fact.text("partition_by")));
    const std::string name = holding_.readable(fact.identity);
    if (!bound || !how || !cell_of_sql(name) || !are_as_chosen(fact)) return false;
    partitions_.push_back({0, name, *bound,
                           &parent == &table_ ? "" : holding_.readable(parent.identity), *how,
                           holding_.comment_in_cell(fact)});
    hold(fact);
    return true;
  }

  // Whether everything that came with the table has the name it would get.
  bool are_as_chosen(const Fact& fact) const {
    const auto parts = holding_.parts(fact.id);
    return std::all_of(parts.begin(), parts.end(), [&](const Fact* part) {
      if (part->kind == "column") return is_inherited(*part);
      return !part->has("attached_to") || !is_held(*part) || is_as_chosen(fact, *part);
    });
  }

  bool is_held(const Fact& part) const {
    return holding_.held().find(part.text("attached_to")) != nullptr;
  }

  bool is_as_chosen(const Fact& fact, const Fact& part) const {
    const std::string type = part.text("type"), table = plain_name(name_of(fact.identity));
    if (type == "foreign key")
      return ("constraint " + diff::own_name(part) + " ON ") ==
             part.text("attached_to").substr(0, 15 + diff::own_name(part).size());
    std::string chosen = table;
    if (type != "primary key") {
      const auto columns = columns_in(part.text("definition"));
      if (!columns) return false;
      for (const std::string& column : *columns) chosen += "_" + column;
    }
    chosen += type == "primary key" ? "_pkey" : type == "unique" ? "_key" : "_idx";
    const std::string own = part.kind == "index" ? name_of(part.identity) : diff::own_name(part);
    return type != "exclude" && holding_.would_be_chosen(schema_of(fact.identity), own, chosen);
  }

  void hold(const Fact& fact) {
    Fact held = fact;
    for (const char* key : unwritten)
      if (held.definition.erase(key) > 0) held.hash = "in part";
    for (const char* key : {"row_security", "force_row_security"})
      if (held.definition.erase(key) > 0) held.hash = "in part";
    if (holding_.comment_in_cell(fact).empty() && held.definition.erase("comment") > 0)
      held.hash = "in part";
    holding_.hold(held);
    for (const Fact* part : holding_.parts(fact.id)) {
      if (part->kind == "column") hold_inherited(holding_, fact, *part);
      if (part->has("attached_to") && is_held(*part))
        holding_.hold(*part, {"comment", "options", "tablespace", "clustered", "replica_identity",
                              "statistics", "index_comment"});
    }
  }

  Holding& holding_;
  const Fact& table_;
  std::vector<Partition> partitions_;
};

}  // namespace

std::optional<std::string> line_for(const std::string& sql) {
  std::optional<std::string> line = on_one_line(sql);
  if (line && !cell_of_sql(*line)) return std::nullopt;
  return line;
}

bool is_inherited(const Fact& column) {
  return column.flag("inherited") && !column.flag("local");
}

Fact merged(const Holding& holding, const Fact& table, const Fact& column) {
  Fact made = column;
  const Fact* parent = column.flag("inherited") ? parents_column(holding, table, column) : nullptr;
  if (parent == nullptr || column.has("default") || !parent->has("default")) return made;
  made.definition["default"] = parent->definition.at("default");
  made.hash = "in part";
  return made;
}

void hold_inherited(Holding& holding, const Fact& table, const Fact& column) {
  const Fact* parent = parents_column(holding, table, column);
  if (parent == nullptr) return;
  Fact held = column;
  for (const char* key :
       {"default", "not_null", "storage", "compression", "statistics", "options"}) {
    held.definition.erase(key);
    const bool taken = std::string_view(key) == "default" || std::string_view(key) == "not_null";
    if (taken && parent->has(key)) held.definition[key] = parent->definition.at(key);
  }
  if (held.definition != column.definition) held.hash = "in part";
  holding.hold(held, {"comment"});
}

std::vector<Partition> describe_partitions(Holding& holding, const Fact& table) {
  return Partitions(holding, table).describe();
}

}  // namespace steward::spec
