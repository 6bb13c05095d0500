#include "runner/snapshot.h"

#include "runner/snapshot/source.h"
#include "runner/text.h"

namespace steward::snapshot {
namespace {

const Json null_json;

// A function of sql/snapshot: its result's columns and the query that is its body.
struct Function {
  std::string columns;
  std::string body;
};

std::string_view between(std::string_view text, std::string_view begin, std::string_view end,
                         std::size_t& at) {
  const std::size_t first = text.find(begin, at);
  if (first == text.npos) return {};
  const std::size_t start = first + begin.size();
  const std::size_t last = text.find(end, start);
  at = last + end.size();
  return text.substr(start, last - start);
}

// "kind text, identity text" -> "kind, identity"
std::string names_in(std::string_view columns) {
  std::string names;
  for (const std::string_view column : split(columns, ',')) {
    if (!names.empty()) names += ", ";
    names += column.substr(0, column.find(' '));
  }
  return names;
}

std::map<std::string, Function> functions() {
  std::map<std::string, Function> found;
  const std::string_view text = source();
  for (std::size_t at = 0;;) {
    const std::string_view name = between(text, "CREATE FUNCTION steward.", "()", at);
    if (name.empty()) return found;
    const std::size_t next = text.find("CREATE FUNCTION", at);
    std::size_t inside = at;
    const std::string_view columns = between(text, "RETURNS TABLE (", ")\n", inside);
    const std::string_view body = between(text, "$facts$", "$facts$", inside);
    if (inside <= next && !body.empty())
      found.emplace(name, Function{names_in(columns), std::string(body)});
  }
}

// Every call replaced by the query that it stands for, the calls in that one too.
std::string expanded(const std::string& query, const std::map<std::string, Function>& functions) {
  std::string result;
  std::size_t at = 0;
  static constexpr std::string_view prefix = "steward.";
  for (std::size_t call; (call = query.find(prefix, at)) != query.npos;) {
    const std::size_t end = query.find("()", call);
    const auto function =
        functions.find(query.substr(call + prefix.size(), end - call - prefix.size()));
    result += query.substr(at, call - at);
    result += "(SELECT * FROM (" + expanded(function->second.body, functions) + ") AS r (" +
              function->second.columns + "))";
    at = end + 2;
  }
  return result + query.substr(at);
}

// jsonb orders keys its own way: the options in the order the server keeps them.
void order_options(Json& definition) {
  const auto order = definition.find("option_order");
  if (order == definition.end()) return;
  Json ordered = Json::object();
  for (const Json& name : *order)
    ordered[name.get<std::string>()] = definition["options"][name.get<std::string>()];
  for (const auto& [name, value] : definition["options"].items()) ordered[name] = value;
  definition["options"] = ordered;
  definition.erase("option_order");
}

void read_facts(pg::Connection& connection, Snapshot& snapshot) {
  const pg::Rows rows = connection.query(query());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Fact fact;
    fact.id = rows.text(row, 0);
    fact.kind = rows.text(row, 1);
    fact.identity = rows.text(row, 2);
    fact.parent = rows.text(row, 3);
    fact.needs = rows.list(row, 4);
    fact.definition = Json::parse(rows.text(row, 5));
    order_options(fact.definition);
    fact.hash = rows.text(row, 6);
    std::string id = fact.id;
    snapshot.facts.emplace_hint(snapshot.facts.end(), std::move(id), std::move(fact));
  }
}

void read_casts(pg::Connection& connection, Snapshot& snapshot) {
  const pg::Rows rows = connection.query(
      "SELECT pg_catalog.format_type(castsource, NULL), pg_catalog.format_type(casttarget, NULL) "
      "FROM pg_catalog.pg_cast");
  for (std::size_t row = 0; row < rows.size(); ++row)
    snapshot.casts.emplace(rows.text(row, 0), rows.text(row, 1));
}

// Names are qualified where the path does not lead to them: with this one, all of them are. The
// rest is how constants are written, as steward.snapshot() has it.
void settle(pg::Connection& connection) {
  connection.run(
      "SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL jit = off; "
      "SET LOCAL datestyle = 'ISO, YMD'; SET LOCAL intervalstyle = 'postgres'; "
      "SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 1; "
      "SET LOCAL bytea_output = 'hex'; SET LOCAL quote_all_identifiers = off; "
      "SET LOCAL work_mem = '64MB'");
}

// A function of sql/snapshot with all that it calls.
std::string query_of(const char* function) {
  const std::map<std::string, Function> all = functions();
  return expanded(all.at(function).body, all);
}

std::vector<Uncompared> read_uncompared(pg::Connection& connection) {
  static const std::string text = query_of("uncompared");
  const pg::Rows rows = connection.query(text);
  std::vector<Uncompared> found;
  for (std::size_t row = 0; row < rows.size(); ++row)
    found.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                     std::string(rows.text(row, 2))});
  return found;
}

}  // namespace

std::string Fact::text(const char* key) const {
  const Json& found = value(key);
  return found.is_string() ? found.get<std::string>() : found.is_null() ? "" : found.dump();
}

const Json& Fact::value(const char* key) const {
  const auto found = definition.find(key);
  return found == definition.end() ? null_json : *found;
}

const Fact* Snapshot::find(const std::string& id) const {
  const auto found = facts.find(id);
  return found == facts.end() ? nullptr : &found->second;
}

std::string Snapshot::fingerprint() const {
  Sha256 sum;
  for (const auto& [id, fact] : facts) sum.update(fact.hash);
  return sum.hex();
}

const std::string& query() {
  static const std::string text = query_of("snapshot");
  return text;
}

Snapshot read_inside(pg::Connection& connection) {
  settle(connection);
  Snapshot snapshot;
  read_facts(connection, snapshot);
  read_casts(connection, snapshot);
  snapshot.uncompared = read_uncompared(connection);
  snapshot.role = connection.query("SELECT pg_catalog.quote_ident(current_user)").text(0, 0);
  return snapshot;
}

Snapshot read(pg::Connection& connection) {
  connection.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  Snapshot snapshot = read_inside(connection);
  connection.run("COMMIT");
  return snapshot;
}

std::vector<Uncompared> uncompared(pg::Connection& connection) {
  connection.run("BEGIN READ ONLY");
  settle(connection);
  std::vector<Uncompared> found = read_uncompared(connection);
  connection.run("COMMIT");
  return found;
}

}  // namespace steward::snapshot
