#include "runner/spec/holding.h"

#include <algorithm>

#include "runner/spec/cell.h"

namespace steward::spec {
namespace {

constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1

bool is_relation(const Fact& fact) {
  return fact.kind == "table" || fact.kind == "index" || fact.kind == "sequence" ||
         fact.kind == "view" || fact.kind == "materialized view" || fact.kind == "foreign table";
}

bool is_word(char c) {
  return c == '_' || c == '$' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
         (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Holding::Holding(const Snapshot& schema, const Snapshot& empty, Names names)
    : schema_(schema), held_(empty), names_for_(names) {
  held_.casts = schema.casts;
  for (const auto& [id, fact] : schema.facts) {
    if (!fact.parent.empty()) parts_[fact.parent].push_back(&fact);
    if (fact.kind == "table" && fact.has("bound"))
      partitions_[fact.value("inherits").at(0).get<std::string>()].push_back(&fact);
    if (fact.kind == "sequence" && fact.has("owned_by")) sequences_[fact.text("owned_by")] = &fact;
    if (is_relation(fact)) ++names_[fact.identity];
    static constexpr std::string_view on = " ON ";
    if (fact.kind != "constraint" || fact.identity.find(" ON DOMAIN ") != fact.identity.npos)
      continue;
    const std::size_t at = fact.identity.rfind(on);
    ++names_[schema_of(fact.identity.substr(at + on.size())) + '.' + fact.identity.substr(0, at)];
  }
}

std::string Holding::readable(const std::string& sql) const {
  return names_for_ == Names::brief ? without_public(sql) : sql;
}

std::vector<const Fact*> Holding::parts(const std::string& parent) const {
  const auto found = parts_.find(parent);
  return found == parts_.end() ? std::vector<const Fact*>() : found->second;
}

std::vector<const Fact*> Holding::partitions(const std::string& identity) const {
  const auto found = partitions_.find(identity);
  return found == partitions_.end() ? std::vector<const Fact*>() : found->second;
}

const Fact* Holding::owned_sequence(const std::string& column) const {
  const auto found = sequences_.find(column);
  return found == sequences_.end() ? nullptr : found->second;
}

void Holding::hold(const Fact& fact, std::initializer_list<const char*> without) {
  Fact held = fact;
  const auto drop = [&](const char* key) {
    if (held.definition.erase(key) > 0) held.hash = "in part";
  };
  for (const char* key : without) drop(key);
  for (const char* key : {"acl", "acl_default", "passed_on", "label", "sequence_acl",
                          "sequence_acl_default", "sequence_passed_on"})
    drop(key);
  if (held.has("comment") && comment_in_cell(fact).empty() && fact.kind != "table") drop("comment");
  if (held.has("owner") && held.text("owner") != held_.role) {
    held.definition["owner"] = held_.role;
    held.hash = "in part";
  }
  held_.facts[fact.id] = std::move(held);
}

std::string Holding::comment_in_cell(const Fact& fact) const {
  const std::string comment = fact.text("comment");
  return cell_of_prose(comment) ? comment : std::string();
}

bool Holding::would_be_chosen(const std::string& schema, const std::string& name,
                              const std::string& chosen) const {
  if (chosen.size() > longest_name || plain_name(name) != chosen) return false;
  const auto found = names_.find(schema + '.' + name);
  return found != names_.end() && found->second == 1;
}

std::string plain_name(std::string_view identifier) {
  if (!identifier.starts_with('"')) return std::string(identifier);
  return replaced(identifier.substr(1, identifier.size() - 2), "\"\"", "\"");
}

std::string schema_of(const std::string& identity) {
  return std::string(split_outside_quotes(identity, '.').at(0));
}

std::string name_of(const std::string& identity) {
  return std::string(split_outside_quotes(identity, '.').back());
}

std::string without_public(std::string_view sql) {
  static constexpr std::string_view usual = "public.";
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = end_of_quoted(sql, at);
    const char before = text.empty() ? ' ' : text.back();
    const bool begins = !is_word(before) && before != '.' && before != '"';
    if (end > at) {
      text += sql.substr(at, end - at);
      at = end;
    } else if (begins && sql.substr(at).starts_with(usual)) {
      at += usual.size();
    } else {
      text += sql[at++];
    }
  }
  return text;
}

}  // namespace steward::spec
