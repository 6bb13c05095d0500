#include "runner/desired.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "runner/failure.h"
#include "runner/parser.h"
#include "runner/text.h"

namespace steward::desired {
namespace {

// A statement that waits for others.
struct Waiting {
  Statement statement;
  std::string search_path;
  pg::Failure reason;
  std::set<std::string> makes{};  // names that others may need
};

// Undefined table, function, object, schema, column, key: what comes later may bring it.
bool is_missing(const std::string& sqlstate) {
  static constexpr std::array<std::string_view, 6> states{"42P01", "42883", "42704",
                                                          "3F000", "42703", "42830"};
  return std::find(states.begin(), states.end(), sqlstate) != states.end();
}

// SET, RESET and transaction control say something of what follows them, DROP and UPDATE of what is
// before them: they stay where they are.
bool may_wait(const Statement& statement) {
  static constexpr std::array<std::string_view, 9> patient{
      "CREATE", "ALTER", "COMMENT", "GRANT", "REVOKE", "SECURITY", "SELECT", "DO", "INSERT"};
  const std::string_view first =
      std::string_view(statement.words).substr(0, statement.words.find(' '));
  return std::find(patient.begin(), patient.end(), first) != patient.end() ||
         (first == "COPY" && !statement.data.empty());
}

template <std::size_t Size>
bool begins_with_one_of(const Statement& statement,
                        const std::array<std::string_view, Size>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) {
    return statement.words == beginning ||
           statement.words.starts_with(std::string(beginning) + ' ');
  });
}

// The shadow is a database of a server that others use too.
void require_of_a_schema(const Statement& statement) {
  static constexpr std::array<std::string_view, 8> of_the_server{
      "CREATE DATABASE",   "ALTER DATABASE",   "DROP DATABASE",   "ALTER SYSTEM",
      "CREATE TABLESPACE", "ALTER TABLESPACE", "DROP TABLESPACE", "DROP ROLE"};
  for (const std::string_view words : of_the_server)
    if (begins_with_one_of(statement, std::array{words}))
      throw Error(Exit::usage, "not_of_a_schema",
                  std::string(words) + " changes the server, and says nothing of a schema", "",
                  "take it out of the desired schema")
          .at(statement.place);
}

// Roles are the server's, and may be there for long.
bool is_there_already(const pg::Failure& failure, const Statement& statement) {
  static constexpr std::array<std::string_view, 3> roles{"CREATE ROLE", "CREATE USER",
                                                         "CREATE GROUP"};
  return failure.sqlstate == "42710" && begins_with_one_of(statement, roles) &&
         !statement.words.starts_with("CREATE USER MAPPING");
}

bool is_of_a_role(const pg::Failure& failure) {
  return failure.message.starts_with("role \"") && failure.message.ends_with("does not exist");
}

// What would make it run; empty: what the server says has to do.
std::string hint_for(const pg::Failure& failure, const Statement& statement) {
  if (is_of_a_role(failure))
    return "roles belong to the server: make it there, or let the desired schema begin with CREATE "
           "ROLE";
  if (is_missing(failure.sqlstate) && !may_wait(statement))
    return "a statement like this one runs where it stands: put it behind what it needs, or take "
           "it "
           "out";
  return {};
}

// The shadow holds nothing but the desired schema: what is there already was declared.
pg::Failure explained(pg::Failure failure, const Statement& statement) {
  static constexpr std::array<std::string_view, 4> states{"42701", "42P07", "42710", "42723"};
  if (failure.hint.empty() &&
      std::find(states.begin(), states.end(), failure.sqlstate) != states.end())
    failure.hint = "it is declared twice: remove one of the two, or give it another name";
  if (failure.hint.empty()) failure.hint = hint_for(failure, statement);
  return failure;
}

Place place_of(const pg::Failure& failure, const Statement& statement) {
  if (statement.lines.empty() || failure.position < 1) return statement.place;
  std::size_t line = 0;
  long characters = 0;
  for (const char c : statement.sql) {
    const bool begins = (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    if (begins && ++characters == failure.position) break;
    if (c == '\n') ++line;
  }
  return statement.lines.at(std::min(line, statement.lines.size() - 1));
}

StatementFailed failed(const pg::Failure& told, const Statement& statement) {
  const pg::Failure failure = explained(told, statement);
  Error error = pg::as_error(failure, Exit::failed, "shadow_statement_failed");
  if (!statement.about.empty())
    error = Error(Exit::failed, error.code(), statement.about + ": " + failure.message,
                  error.detail(), error.hint());
  return {error.at(place_of(failure, statement)), failure};
}

// The first error; nullopt when it ran.
std::optional<pg::Failure> attempt(pg::Connection& connection, const Statement& statement) {
  std::optional<pg::Failure> failure;
  connection.send(statement.sql);
  while (const std::optional<pg::Result> result = connection.next()) {
    if (result->kind == pg::Result::Kind::copy_in) {
      connection.copy_data(statement.data);
      connection.end_copy();
    }
    if (result->kind == pg::Result::Kind::error && !failure) failure = result->failure;
  }
  return failure;
}

// The text of the member that is a name, or of the last of a list of names.
std::string name_in(const Json& node) {
  if (node.is_string()) return node.get<std::string>();
  if (node.is_array() && !node.empty()) return name_in(node.back());
  if (node.is_object())
    for (const char* key : {"String", "sval", "str", "relname"})
      if (node.contains(key)) return name_in(node.at(key));
  return {};
}

// What a statement makes, as far as others may wait for it by name.
std::set<std::string> names_made(const Statement& statement) {
  std::set<std::string> names;
  const std::optional<Json> tree = parser::parse(statement.sql);
  if (!tree || !tree->is_object() || tree->empty()) return names;
  const Json& node = tree->begin().value();
  for (const char* key : {"relation", "view", "typevar", "sequence", "schemaname", "funcname",
                          "typeName", "domainname", "defnames"})
    if (node.contains(key) && statement.words.starts_with("CREATE"))
      names.insert(name_in(node.at(key)));
  if (node.contains("cmds"))
    for (const Json& command : node.at("cmds"))
      if (const Json::json_pointer column("/AlterTableCmd/def/ColumnDef/colname");
          command.contains(column))
        names.insert(name_in(command.at(column)));
  names.erase("");
  return names;
}

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool mentions(const std::string& sql, const std::string& name) {
  for (std::size_t at = 0; (at = sql.find(name, at)) != sql.npos; ++at) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_word(sql[at - 1])) && (end == sql.size() || !is_word(sql[end])))
      return true;
  }
  return false;
}

bool waits_for(const Waiting& one, const Waiting& other) {
  return &one != &other &&
         std::any_of(other.makes.begin(), other.makes.end(), [&](const std::string& name) {
           return !one.makes.contains(name) && mentions(one.statement.sql, name);
         });
}

const Waiting* needed_by(const Waiting& one, const std::vector<Waiting>& all) {
  for (const Waiting& other : all)
    if (waits_for(one, other)) return &other;
  return nullptr;
}

// Follows what waits for what until it comes back to where it was.
std::vector<const Waiting*> circle_from(const Waiting& first, const std::vector<Waiting>& all) {
  std::vector<const Waiting*> path{&first};
  while (const Waiting* next = needed_by(*path.back(), all)) {
    const auto seen = std::find(path.begin(), path.end(), next);
    if (seen != path.end()) return {seen, path.end()};
    path.push_back(next);
  }
  return {};
}

std::string described(const Waiting& waiting) {
  return waiting.statement.place.file + ":" + std::to_string(waiting.statement.place.line) + ": " +
         waiting.reason.message;
}

Error circular(const std::vector<const Waiting*>& circle) {
  std::string list;
  for (const Waiting* waiting : circle) list += (list.empty() ? "" : "\n") + described(*waiting);
  pg::Failure reason = circle.front()->reason;
  reason.message = "these statements wait for each other: " + reason.message;
  reason.detail = list;
  const bool tables = std::all_of(circle.begin(), circle.end(), [](const Waiting* waiting) {
    return waiting->statement.words.find("TABLE") != std::string::npos;
  });
  reason.hint = tables ? "statements may stand in any order, but of two tables that refer to each "
                         "other one needs its foreign key as ALTER TABLE ... ADD CONSTRAINT"
                       : "statements may stand in any order, but none of these can be the first: "
                         "write one of them without the others";
  return failed(reason, circle.front()->statement);
}

// Nothing more can run: one of them lacks what nobody makes, or they wait for each other.
Error hopeless(std::vector<Waiting> all) {
  for (Waiting& one : all) one.makes = names_made(one.statement);
  std::erase_if(all, [](const Waiting& one) { return one.reason.sqlstate.empty(); });
  for (const Waiting& one : all)
    if (needed_by(one, all) == nullptr) {
      pg::Failure reason = one.reason;
      if (reason.hint.empty())
        reason.hint = is_of_a_role(reason)
                          ? hint_for(reason, one.statement)
                          : "nothing in the desired schema makes it: correct the name, declare it, "
                            "or let [shadow] setup make what the platform provides";
      return failed(reason, one.statement);
    }
  const std::vector<const Waiting*> circle = circle_from(all.front(), all);
  return circle.empty() ? failed(all.front().reason, all.front().statement) : circular(circle);
}

class Settlement {
 public:
  Settlement(pg::Connection& connection, const std::function<void(const Statement&)>& before)
      : connection_(connection), before_(before) {}

  void first_pass(Statement statement) {
    if (statement.place.file != file_) begin_file(statement.place.file);
    if (held_back(statement)) return put_aside(std::move(statement), {});
    require_of_a_schema(statement);
    before_(statement);
    const std::optional<pg::Failure> failure = attempt(connection_, statement);
    if (!failure || is_there_already(*failure, statement)) return;
    if (!is_missing(failure->sqlstate) || !may_wait(statement)) throw failed(*failure, statement);
    put_aside(std::move(statement), *failure);
  }

  // Until nothing is left.
  void finish() {
    while (!waiting_.empty()) {
      const std::size_t before = waiting_.size();
      pass();
      const bool stuck = waiting_.size() == before;
      if (stuck && at_all_costs_) throw hopeless(std::move(waiting_));
      at_all_costs_ = stuck;
    }
  }

 private:
  // Each file begins as a session does. Bodies may name what comes later.
  void begin_file(const std::string& file) {
    connection_.run("RESET ALL; SET check_function_bodies = off");
    file_ = file;
  }

  // A view of all columns is one of those that are there, what takes a row of a table keeps the
  // table from getting more, and an option of what is not there yet is forgotten: what speaks of a
  // table waits while some of its columns are still to come.
  bool held_back(const Statement& statement) const {
    if (blocked_.contains(statement.chain)) return true;
    const bool of_one_column = !statement.chain.empty() && statement.lines.empty();
    if (of_one_column || at_all_costs_ || !columns_to_come_) return false;
    return statement.words.find(" VIEW") != statement.words.npos ||
           std::any_of(blocked_.begin(), blocked_.end(), [&](const std::string& table) {
             return mentions(statement.sql, table.substr(table.rfind('.') + 1));
           });
  }

  void put_aside(Statement statement, const pg::Failure& reason) {
    if (!statement.chain.empty()) blocked_.insert(statement.chain);
    columns_to_come_ = columns_to_come_ || !statement.chain.empty();
    std::string path(connection_.query("SHOW search_path").text(0, 0));
    waiting_.push_back({std::move(statement), std::move(path), reason});
  }

  void pass() {
    blocked_.clear();
    columns_to_come_ = std::any_of(waiting_.begin(), waiting_.end(),
                                   [](const Waiting& one) { return !one.statement.chain.empty(); });
    std::vector<Waiting> still;
    for (Waiting& one : waiting_) {
      if (!held_back(one.statement) && runs(one)) continue;
      if (!one.statement.chain.empty()) blocked_.insert(one.statement.chain);
      still.push_back(std::move(one));
    }
    waiting_ = std::move(still);
  }

  bool runs(Waiting& one) {
    connection_.query("SELECT pg_catalog.set_config('search_path', $1, false)", {one.search_path});
    const std::optional<pg::Failure> failure = attempt(connection_, one.statement);
    if (!failure) return true;
    if (!is_missing(failure->sqlstate)) throw failed(*failure, one.statement);
    one.reason = *failure;
    return false;
  }

  pg::Connection& connection_;
  const std::function<void(const Statement&)>& before_;
  std::string file_;
  std::vector<Waiting> waiting_;
  std::set<std::string> blocked_;  // chains of which a statement waits
  bool columns_to_come_ = false;
  bool at_all_costs_ = false;  // nothing else can run: views are not held back
};

// The next statement. A file that includes others is one of several that are all read.
bool next(sql::Splitter& splitter, sql::Statement& found) {
  try {
    return splitter.next(found);
  } catch (const Error& error) {
    const std::string what = error.what();
    if (error.code() != "psql_command" || what.find("\"\\i") == what.npos) throw;
    Error told(error.exit(), error.code(), what, error.detail(),
               "nothing needs to be included: take the line out, and name the directory, of which "
               "all files are read in whatever order they need");
    throw error.place() ? told.at(*error.place()) : told;
  }
}

}  // namespace

std::vector<Statement> statements_of(const sql::Source& source, const std::string& file,
                                     std::uint64_t line) {
  std::vector<Statement> statements;
  sql::Splitter splitter(source, file, line);
  for (sql::Statement found; next(splitter, found);) {
    Statement statement{found.text, found.words};
    for (std::string rows; found.copy_in && splitter.data(rows);) statement.data += rows;
    if (found.number == 0) continue;
    statement.place = {file, found.first_line, 0, found.number, printable(trim(found.text))};
    statements.push_back(std::move(statement));
  }
  return statements;
}

void run(pg::Connection& connection, const Statement& statement) {
  if (const std::optional<pg::Failure> failure = attempt(connection, statement))
    throw failed(*failure, statement);
}

void settle(pg::Connection& connection, std::vector<Statement> statements,
            const std::function<void(const Statement&)>& before) {
  for (const bool at_the_end : {false, true}) {
    Settlement settlement(connection, before);
    for (Statement& statement : statements)
      if (statement.at_the_end == at_the_end) settlement.first_pass(std::move(statement));
    settlement.finish();
  }
  connection.run("RESET ALL");
}

}  // namespace steward::desired
