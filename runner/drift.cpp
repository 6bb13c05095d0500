#include "runner/drift.h"

#include <algorithm>
#include <map>

#include "runner/diff.h"
#include "runner/text.h"

namespace steward::drift {
namespace {

using snapshot::Fact;
using snapshot::Snapshot;

// Attributes that count in no hash: they differ where schemas are the same.
bool is_compared(const std::string& attribute) {
  static const std::vector<std::string> ignored = {
      "position",    "acl_default", "sequence_acl_default", "own_comment",
      "own_storage", "relocatable", "unpopulated"};
  return std::find(ignored.begin(), ignored.end(), attribute) == ignored.end();
}

// Attributes of a routine that its definition says already.
bool is_said_already(const Fact& fact, const std::string& attribute) {
  return fact.has("definition") &&
         (attribute == "body" || attribute == "shape" || attribute == "defaults");
}

// "type: text", and text of several lines below its name.
std::string attribute_text(const std::string& name, const Json& value) {
  const std::string text = value.is_string() ? value.get<std::string>() : to_text(value);
  if (text.find('\n') == text.npos) return name + ": " + text + "\n";
  std::string lines = name + ":\n  ";
  for (const char c : text) lines += c == '\n' ? std::string("\n  ") : std::string(1, c);
  return lines + "\n";
}

std::string definition_text(const Fact* fact) {
  std::string text;
  if (fact == nullptr) return text;
  for (const auto& [name, value] : fact->definition.items())
    if (is_compared(name) && !is_said_already(*fact, name)) text += attribute_text(name, value);
  if (!text.empty()) text.pop_back();
  return text;
}

// The object that the fact is a part of; a schema holds objects, and has no parts.
const Fact& root_of(const Snapshot& snapshot, const Fact& fact) {
  const Fact* parent = snapshot.find(fact.parent);
  return parent == nullptr || parent->kind == "schema" ? fact : *parent;
}

char change_of(const Fact* recorded, const Fact* live) {
  return recorded == nullptr ? '+' : live == nullptr ? '-' : '~';
}

pg::Parameters names_of(const std::vector<Object>& objects) {
  Json names = Json::array();
  for (const Object& object : objects) names.push_back(object.name);
  pg::Parameters parameters;
  parameters.push_back(to_text(names));
  return parameters;
}

// The names as an array, their places counted from 1.
constexpr std::string_view names =
    "(ARRAY(SELECT pg_catalog.jsonb_array_elements_text($1::pg_catalog.jsonb)))";
constexpr std::string_view milliseconds =
    ", (pg_catalog.date_part('epoch', at) OPERATOR(pg_catalog.*) 1000)::pg_catalog.int8 ";

std::string query(std::string_view columns, std::string_view function) {
  return "SELECT n, " + std::string(columns) + std::string(milliseconds) + "FROM " +
         std::string(function) + std::string(names);
}

Object& object_of(std::vector<Object>& objects, const pg::Rows& rows, std::size_t row) {
  return objects[static_cast<std::size_t>(rows.number(row, 0)) - 1];
}

}  // namespace

std::vector<Object> compare(const Snapshot& recorded, const Snapshot& live) {
  std::map<std::string, Object> objects;
  for (const std::string& line : diff::summary(recorded, live)) {
    const std::string id = line.substr(2);
    const Fact* before = recorded.find(id);
    const Fact* now = live.find(id);
    const Fact& root = now != nullptr ? root_of(live, *now) : root_of(recorded, *before);
    Object& object = objects[root.id];
    object.id = root.id;
    object.name = root.identity;
    object.change = change_of(recorded.find(root.id), live.find(root.id));
    const auto place = id == root.id ? object.parts.begin() : object.parts.end();
    object.parts.insert(
        place, {id, change_of(before, now), definition_text(before), definition_text(now)});
  }
  std::vector<Object> list;
  for (auto& [id, object] : objects) list.push_back(std::move(object));
  return list;
}

void look_up(pg::Connection& connection, std::vector<Object>& objects) {
  const pg::Rows last =
      connection.query(query("seq, action, revision", "steward.last_touched"), names_of(objects));
  for (std::size_t row = 0; row < last.size(); ++row)
    object_of(objects, last, row).last = {last.number(row, 1), std::string(last.text(row, 2)),
                                          std::string(last.text(row, 3)), last.number(row, 4)};
  const pg::Rows hand = connection.query(
      query("statement, \"session_user\"", "steward.touched_by_hand"), names_of(objects));
  for (std::size_t row = 0; row < hand.size(); ++row)
    object_of(objects, hand, row)
        .by_hand.push_back(
            {std::string(hand.text(row, 1)), std::string(hand.text(row, 2)), hand.number(row, 3)});
}

std::string state(pg::Connection& connection) {
  return std::string(connection.query("SELECT steward.schema_state()").text(0, 0));
}

std::string tally(pg::Connection& connection) {
  return std::string(connection.query("SELECT steward.tally()").text(0, 0));
}

Json fingerprints(pg::Connection& connection, const std::vector<Object>& objects) {
  Json found = Json::object();
  for (const Object& object : objects) found[object.id] = nullptr;
  const pg::Rows rows =
      connection.query("SELECT id, pg_catalog.encode(fingerprint, 'hex') FROM steward.objects()");
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (const auto known = found.find(std::string(rows.text(row, 0))); known != found.end())
      *known = std::string(rows.text(row, 1));
  return found;
}

void remember(pg::Connection& connection, const std::string& tally) {
  constexpr std::string_view may =
      "SELECT pg_catalog.has_function_privilege('steward.keep_compared(bigint)', 'EXECUTE') "
      "AND NOT pg_catalog.pg_is_in_recovery() "
      "AND NOT pg_catalog.current_setting('transaction_read_only')::pg_catalog.bool";
  if (!connection.query(may).flag(0, 0)) return;
  pg::Parameters parameters;
  parameters.push_back(tally);
  connection.query("SELECT steward.keep_compared($1)", parameters);
}

}  // namespace steward::drift
