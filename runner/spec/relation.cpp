#include "runner/spec/relation.h"

#include <algorithm>
#include <functional>

#include "runner/diff/rules.h"
#include "runner/spec/cell.h"
#include "runner/spec/inherited.h"
#include "runner/spec/writer.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

std::string without_outer_parenthesis(const std::string& sql) {
  const bool whole = length_of_parenthesis(sql) == sql.size() && !sql.empty();
  return whole ? std::string(trim(std::string_view(sql).substr(1, sql.size() - 2))) : sql;
}

// A check as a person would write it: the server puts one parenthesis more around it.
std::string plain_check(const std::string& definition) {
  static constexpr std::string_view begin = "CHECK ";
  if (!definition.starts_with(begin)) return definition;
  const std::string_view rest = std::string_view(definition).substr(begin.size());
  const std::size_t size = length_of_parenthesis(rest);
  if (size < 2) return definition;
  return std::string(begin) + "(" +
         without_outer_parenthesis(std::string(rest.substr(1, size - 2))) + ")" +
         std::string(rest.substr(size));
}

// What stands before the first place outside quotes and parentheses where `word` does; all of it
// when there is none.
std::string_view before_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::string mark(1, '\x01');
    const std::string marked = std::string(text.substr(0, at)) + mark;
    if (split_outside_quotes(marked, '\x01').size() == 2) return text.substr(0, at);
  }
  return text;
}

class Describer {
 public:
  Describer(Holding& holding, const Fact& table)
      : holding_(holding), table_(table), plain_(plain_name(name_of(table.identity))) {
    parts_ = holding.parts(table.id);
    const auto position = [](const Fact* part) {
      return part->has("position") ? part->value("position").get<int>() : 0;
    };
    std::stable_sort(parts_.begin(), parts_.end(),
                     [&](const Fact* a, const Fact* b) { return position(a) < position(b); });
  }

  std::optional<Relation> describe() {
    relation_.name = holding_.readable(table_.identity);
    if (!cell_of_sql(relation_.name) || relation_.name.find('|') != std::string::npos)
      return std::nullopt;
    if (!add_family()) return std::nullopt;
    if (!each("column", [this](const Fact& fact) { return add_column(fact); })) return std::nullopt;
    for (const auto& hold : pending_) hold();
    each("constraint", [this](const Fact& fact) { return add_constraint(fact); });
    each("index", [this](const Fact& fact) { return add_index(fact); });
    each("policy", [this](const Fact& fact) { return add_policy(fact); });
    finish();
    if (table_.has("partition_by")) relation_.partitions = describe_partitions(holding_, table_);
    return std::move(relation_);
  }

 private:
  // Whether all of the kind could be written.
  template <class Add>
  bool each(const char* kind, Add add) {
    bool all = true;
    for (const Fact* part : parts_)
      if (part->kind == kind && !add(*part)) all = false;
    return all;
  }

  std::string own_name(const Fact& part) const { return diff::own_name(part); }

  // What it has columns from, and how it is partitioned.
  bool add_family() {
    std::vector<std::string> parents;
    for (const Json& parent : table_.value("inherits"))
      parents.push_back(holding_.readable(parent.get<std::string>()));
    relation_.inherits = joined(parents);
    relation_.of_type = holding_.readable(table_.text("of_type"));
    const auto how = line_for(holding_.readable(table_.text("partition_by")));
    if (!how || !cell_of_sql(relation_.inherits) || !cell_of_sql(relation_.of_type)) return false;
    relation_.partition_by = *how;
    return true;
  }

  // --- Columns ----------------------------------------------------------------------------------

  bool add_column(const Fact& fact) {
    if (is_inherited(fact)) {
      pending_.push_back([this, &fact] { hold_inherited(holding_, table_, fact); });
      return true;
    }
    Column column;
    column.name = own_name(fact);
    column.nullable = !fact.flag("not_null");
    column.description = holding_.comment_in_cell(fact);
    const std::optional<std::string> type = line_for(holding_.readable(type_of(fact)));
    const Fact* serial = serial_of(fact);
    const std::optional<std::string> value =
        serial != nullptr ? std::string() : line_for(holding_.readable(value_of(fact)));
    if (!type || !value || !cell_of_sql(column.name)) return false;
    column.type = serial != nullptr ? serial_type(*type) : *type;
    column.value = *value;
    relation_.columns.push_back(std::move(column));
    pending_.push_back([this, &fact, serial] {
      holding_.hold(merged(holding_, table_, fact),
                    {"storage", "compression", "statistics", "options"});
      if (serial != nullptr) holding_.hold(*serial, {"comment"});
    });
    return true;
  }

  static std::string type_of(const Fact& fact) {
    const std::string collation = fact.text("collation");
    static constexpr std::string_view ours = "pg_catalog.";
    if (collation.empty()) return fact.text("type");
    return fact.text("type") + " COLLATE " +
           (collation.starts_with(ours) ? collation.substr(ours.size()) : collation);
  }

  std::string value_of(const Fact& fact) const {
    if (fact.has("generated"))
      return "generated always as (" + fact.text("generated") + ") " +
             (fact.flag("virtual") ? "virtual" : "stored");
    if (fact.has("identity"))
      return "generated " + lower(fact.text("identity")) + " as identity" + options_of(fact);
    return fact.text("default");
  }

  // Of an identity's sequence; empty when all is as it would be anyway.
  std::string options_of(const Fact& fact) const {
    const Json& sequence = fact.value("sequence");
    const std::string type = fact.text("type"), name = sequence.at("name").get<std::string>();
    const std::string options =
        diff::sequence_options(diff::default_sequence(type, sequence), sequence, type);
    const bool usual =
        plain_name(name_of(name)) == plain_ + "_" + plain_name(own_name(fact)) + "_seq" &&
        plain_name(name_of(name)).size() < 64;
    if (usual && options.empty()) return {};
    const std::string named = usual ? "" : "sequence name " + holding_.readable(name);
    return " (" + named + (named.empty() || options.empty() ? "" : " ") + options + ")";
  }

  // The sequence that the word serial would make; nullptr: there is none.
  const Fact* serial_of(const Fact& column) const {
    if (!column.flag("not_null") || !column.has("default")) return nullptr;
    const std::string name = plain_ + "_" + plain_name(own_name(column)) + "_seq";
    const Fact* sequence = holding_.owned_sequence(column.id);
    if (sequence == nullptr ||
        !holding_.would_be_chosen(schema_of(table_.identity), name_of(sequence->identity), name))
      return nullptr;
    const std::string type = column.text("type");
    const bool usual = sequence->text("type") == type && !sequence->flag("unlogged") &&
                       diff::sequence_options(diff::default_sequence(type, sequence->definition),
                                              sequence->definition, type)
                           .empty();
    const std::string called = "nextval(" + quote_literal(sequence->identity) + "::regclass)";
    return usual && column.text("default") == called && !serial_type(type).empty() ? sequence
                                                                                   : nullptr;
  }

  static std::string serial_type(const std::string& type) {
    if (type == "integer") return "serial";
    if (type == "bigint") return "bigserial";
    return type == "smallint" ? "smallserial" : "";
  }

  // --- Constraints ------------------------------------------------------------------------------

  bool add_constraint(const Fact& fact) {
    const std::optional<std::string> definition =
        line_for(holding_.readable(fact.text("definition")));
    const std::string name = own_name(fact);
    if (!definition || !cell_of_sql(name) || fact.has("attached_to") || fact.flag("invalid"))
      return false;
    const bool written = is_marked(fact, *definition) || add_relationship(fact, *definition);
    if (!written)
      relation_.constraints.push_back(
          {0, name, plain_check(*definition), holding_.comment_in_cell(fact)});
    holding_.hold(fact,
                  {"options", "tablespace", "clustered", "replica_identity", "index_comment"});
    return true;
  }

  bool chosen(const Fact& constraint, const std::string& middle, const char* end) const {
    return !constraint.has("comment") &&
           holding_.would_be_chosen(schema_of(table_.identity), own_name(constraint),
                                    plain_ + middle + end);
  }

  // A primary key or unique constraint that the Key column says.
  bool is_marked(const Fact& fact, const std::string& definition) {
    if (fact.text("type") == "primary key" && chosen(fact, "", "_pkey"))
      return mark_key(definition);
    if (fact.text("type") != "unique") return false;
    for (Column& column : relation_.columns)
      if (definition == "UNIQUE (" + column.name + ")" &&
          chosen(fact, "_" + plain_name(column.name), "_key")) {
        column.unique = true;
        return true;
      }
    return false;
  }

  // Only when the key's columns stand in the order of the table's.
  bool mark_key(const std::string& definition) {
    static constexpr std::string_view begin = "PRIMARY KEY (";
    if (!definition.starts_with(begin) || !definition.ends_with(")")) return false;
    const auto names = split_outside_quotes(
        std::string_view(definition).substr(begin.size(), definition.size() - begin.size() - 1),
        ',');
    std::vector<Column*> marked;
    for (Column& column : relation_.columns)
      if (marked.size() < names.size() && column.name == names[marked.size()])
        marked.push_back(&column);
    if (marked.size() != names.size()) return false;
    for (Column* column : marked) column->primary_key = true;
    return true;
  }

  // "FOREIGN KEY (columns) REFERENCES name(columns) rules"
  bool add_relationship(const Fact& fact, const std::string& definition) {
    static constexpr std::string_view begin = "FOREIGN KEY ", middle = " REFERENCES ";
    std::string_view rest = definition;
    if (!rest.starts_with(begin)) return false;
    rest.remove_prefix(begin.size());
    const std::size_t columns = length_of_parenthesis(rest);
    if (columns == 0 || !rest.substr(columns).starts_with(middle)) return false;
    const std::string_view target = rest.substr(columns + middle.size());
    const std::size_t name = before_word(target, "(").size();
    const std::size_t size = name + length_of_parenthesis(target.substr(name));
    if (size == name) return false;
    Relationship one;
    one.columns = rest.substr(1, columns - 2);
    one.references = target.substr(0, size);
    one.rules = trim(target.substr(size));
    one.description = holding_.comment_in_cell(fact);
    std::string parts;
    for (const std::string_view column : split_outside_quotes(one.columns, ',')) {
      parts += "_" + plain_name(column);
      mark_foreign(column);
    }
    if (!chosen(fact, parts, "_fkey")) one.name = own_name(fact);
    relation_.relationships.push_back(std::move(one));
    return true;
  }

  void mark_foreign(std::string_view name) {
    for (Column& column : relation_.columns)
      if (column.name == name) column.foreign_key = true;
  }

  // --- Indexes and policies ---------------------------------------------------------------------

  // "CREATE UNIQUE INDEX name ON table USING method (columns) options WHERE (condition)"
  bool add_index(const Fact& fact) {
    const std::optional<std::string> definition =
        line_for(holding_.readable(fact.text("definition")));
    if (!definition || fact.has("attached_to") || fact.flag("invalid")) return false;
    Index index;
    index.name = name_of(fact.identity);
    index.description = holding_.comment_in_cell(fact);
    std::string_view rest = *definition;
    index.unique = rest.starts_with("CREATE UNIQUE ");
    if (!take(rest,
              (index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ") + index.name + " ON "))
      return false;
    if (fact.flag("partitioned") && !take(rest, "ONLY ")) return false;
    if (!take(rest, relation_.name + " USING ")) return false;
    index.method = before_word(rest, " ");
    rest.remove_prefix(std::min(rest.size(), index.method.size() + 1));
    if (index.method == "btree") index.method.clear();
    const std::size_t columns = length_of_parenthesis(rest);
    if (columns < 3) return false;
    index.columns = rest.substr(1, columns - 2);
    rest = trim(rest.substr(columns));
    const bool only_where = rest.starts_with("WHERE ");
    index.options = only_where ? std::string_view() : before_word(rest, " WHERE ");
    rest = trim(rest.substr(index.options.size()));
    if (take(rest, "WHERE ")) index.where = without_outer_parenthesis(std::string(rest));
    relation_.indexes.push_back(std::move(index));
    holding_.hold(fact, {"clustered", "replica_identity", "statistics", "tablespace"});
    return true;
  }

  static bool take(std::string_view& text, const std::string& beginning) {
    if (!text.starts_with(beginning)) return false;
    text.remove_prefix(beginning.size());
    return true;
  }

  bool add_policy(const Fact& fact) {
    const std::optional<std::string> reading = line_for(holding_.readable(fact.text("using")));
    const std::optional<std::string> writing = line_for(holding_.readable(fact.text("check")));
    if (!reading || !writing || !cell_of_sql(own_name(fact))) return false;
    Policy policy;
    policy.name = own_name(fact);
    policy.restrictive = fact.flag("restrictive");
    if (fact.text("command") != "ALL") policy.command = fact.text("command");
    std::vector<std::string> roles;
    for (const Json& role : fact.value("roles")) roles.push_back(role.get<std::string>());
    if (roles != std::vector<std::string>{"PUBLIC"}) policy.roles = joined(roles);
    policy.reading = without_outer_parenthesis(*reading);
    policy.writing = without_outer_parenthesis(*writing);
    policy.description = holding_.comment_in_cell(fact);
    relation_.policies.push_back(std::move(policy));
    holding_.hold(fact);
    return true;
  }

  // --- The table itself -------------------------------------------------------------------------

  void finish() {
    Fact held = table_;
    const auto drop = [&](const char* key) {
      if (held.definition.erase(key) > 0) held.hash = "in part";
    };
    for (const char* key : unwritten) drop(key);
    if (can_be_purpose(table_.text("comment")))
      relation_.purpose = table_.text("comment");
    else
      drop("comment");
    const bool secured = table_.flag("row_security"), forced = table_.flag("force_row_security");
    if (secured && forced) relation_.row_security = RowSecurity::forced;
    if (secured && !forced && relation_.policies.empty())
      relation_.row_security = RowSecurity::enabled;
    if (!secured && !relation_.policies.empty()) relation_.row_security = RowSecurity::off;
    if (!secured) drop("force_row_security");
    holding_.hold(held);
  }

  Holding& holding_;
  const Fact& table_;
  const std::string plain_;
  std::vector<const Fact*> parts_;
  Relation relation_;
  std::vector<std::function<void()>> pending_;  // told to the holding when all columns are written
};

// Partitions stand with their table.
bool has_a_page(const Fact& fact, Families families) {
  if (fact.kind != "table" || fact.has("bound")) return false;
  if (families == Families::tables) return true;
  return !fact.has("partition_by") && !fact.has("inherits") && !fact.has("of_type");
}

}  // namespace

std::optional<Relation> describe_relation(Holding& holding, const Fact& fact, Families families) {
  if (!has_a_page(fact, families)) return std::nullopt;
  return Describer(holding, fact).describe();
}

std::optional<Enum> describe_enum(Holding& holding, const Fact& fact) {
  if (fact.kind != "type" || fact.text("form") != "enum" || fact.value("labels").empty())
    return std::nullopt;
  Enum one;
  one.name = holding.readable(fact.identity);
  one.description = holding.comment_in_cell(fact);
  std::string all;
  for (const Json& label : fact.value("labels")) {
    one.values.push_back(label.get<std::string>());
    all += quote_literal(one.values.back());
  }
  if (all.find_first_of("\r\n\\") != std::string::npos || !cell_of_sql(one.name))
    return std::nullopt;
  holding.hold(fact);
  return one;
}

}  // namespace steward::spec
