#include "runner/isolation.h"

#include "runner/text.h"

namespace steward::isolation {
namespace {

using Names = std::vector<std::string>;

void add_text(std::string& arguments, const char* name, const std::string& value) {
  if (!value.empty()) arguments += std::string(", ") + name + " => " + quote_literal(value);
}

void add_names(std::string& arguments, const char* name, const Names& values) {
  if (!values.empty())
    arguments += std::string(", ") + name + " => " + quote_literal(pg::format_array(values));
}

// The server's refusal as ours: it says what is wrong and, mostly, what to type.
template <typename Body>
auto asking(const char* code, Body body) {
  try {
    return body();
  } catch (const pg::QueryFailed& failed) {
    throw pg::as_error(failed.failure, Exit::refused, code);
  }
}

std::vector<Action> read_actions(const pg::Rows& rows) {
  std::vector<Action> actions;
  for (std::size_t row = 0; row < rows.size(); ++row)
    if (rows.get(row, 2))  // none: there is nothing to do
      actions.push_back({static_cast<int>(rows.number(row, 0)), std::string(rows.text(row, 1)),
                         std::string(rows.text(row, 2))});
  return actions;
}

}  // namespace

std::string call(const Terms& terms, const std::string& extra) {
  std::string arguments = quote_literal(terms.relation);
  add_text(arguments, "owner_column", terms.owner_column);
  add_text(arguments, "owner_type", terms.owner_type);
  add_text(arguments, "\"references\"", terms.references);
  add_text(arguments, "on_delete", terms.on_delete);
  add_text(arguments, "through", terms.through);
  add_text(arguments, "backfill", terms.backfill);
  add_text(arguments, "members", terms.members);
  add_text(arguments, "members_group", terms.members_group);
  add_text(arguments, "members_identity", terms.members_identity);
  add_text(arguments, "readers", terms.readers);
  add_text(arguments, "writers", terms.writers);
  add_names(arguments, "roles", terms.roles);
  add_names(arguments, "admins", terms.admins);
  return "steward.isolate(" + arguments + extra + ")";
}

std::vector<Action> plan(pg::Connection& connection, const Terms& terms, bool online) {
  return asking("cannot_isolate", [&] {
    return read_actions(connection.query(
        "SELECT section, what, statement FROM " +
        call(terms, std::string(online ? ", online => true" : "") + ", dry_run => true") +
        " ORDER BY n"));
  });
}

std::vector<Action> plan_role(pg::Connection& connection, const std::string& role,
                              const Names& schemas) {
  std::string arguments = quote_literal(role);
  add_names(arguments, "schemas", schemas);
  return asking("cannot_isolate", [&] {
    return read_actions(
        connection.query("SELECT 1, what, statement FROM steward.application_role(" + arguments +
                         ", dry_run => true) ORDER BY n"));
  });
}

bool disproves(const Attempt& attempt) {
  return attempt.outcome == "leaked" || attempt.outcome == "failed";
}

Names relations(pg::Connection& connection) {
  return asking("cannot_prove", [&] {
    const pg::Rows rows =
        connection.query("SELECT relation::text FROM steward.isolated ORDER BY 1");
    Names names;
    for (std::size_t row = 0; row < rows.size(); ++row) names.emplace_back(rows.text(row, 0));
    return names;
  });
}

std::vector<Attempt> prove(pg::Connection& connection, const std::string& relation,
                           const std::string& role) {
  std::string arguments = quote_literal(relation);
  add_text(arguments, "role", role);
  return asking("cannot_prove", [&] {
    const pg::Rows rows =
        connection.query("SELECT attempt, outcome, detail FROM steward.prove_isolation(" +
                         arguments + ") ORDER BY n");
    std::vector<Attempt> attempts;
    for (std::size_t row = 0; row < rows.size(); ++row)
      attempts.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                          std::string(rows.text(row, 2))});
    return attempts;
  });
}

std::vector<Problem> problems(pg::Connection& connection) {
  return asking("cannot_prove", [&] {
    const pg::Rows rows = connection.query(
        "SELECT severity, coalesce(relation::text, ''), message, hint FROM steward.isolation "
        "WHERE severity <> 'ok'");
    std::vector<Problem> problems;
    for (std::size_t row = 0; row < rows.size(); ++row)
      problems.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                          std::string(rows.text(row, 2)), std::string(rows.text(row, 3))});
    return problems;
  });
}

}  // namespace steward::isolation
