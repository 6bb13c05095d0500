#include "runner/online.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "runner/diff/builder.h"
#include "runner/online/swap.h"
#include "runner/text.h"

namespace steward::online {
namespace {

using diff::own_name;
using snapshot::Fact;
using snapshot::Snapshot;

Step plain(std::string message, std::string sql) {
  return {std::move(message), Lane::plain, std::move(sql)};
}

std::string inserted(std::string sql, std::string_view after, std::string_view more) {
  const std::size_t at = sql.find(after);
  return at == sql.npos ? sql : sql.insert(at + after.size(), more);
}

// "UNIQUE NULLS NOT DISTINCT (a) INCLUDE (b) DEFERRABLE" in its parts.
struct Key {
  std::string kind;      // UNIQUE or PRIMARY KEY
  std::string columns;   // "(a) INCLUDE (b)"
  std::string distinct;  // " NULLS NOT DISTINCT" or nothing
  std::string timing;    // " DEFERRABLE ..." or nothing
};

Key key_of(const std::string& definition) {
  Key key;
  const std::size_t open = definition.find('(');
  const std::string head = definition.substr(0, open);
  key.kind = head.starts_with("PRIMARY") ? "PRIMARY KEY" : "UNIQUE";
  if (head.find("NULLS NOT DISTINCT") != head.npos) key.distinct = " NULLS NOT DISTINCT";
  std::size_t end = definition.find(" DEFERRABLE", open);
  if (end == definition.npos) end = definition.find(" INITIALLY", open);
  key.columns = definition.substr(open, end == definition.npos ? end : end - open);
  if (end != definition.npos) key.timing = definition.substr(end);
  return key;
}

// "public.task" of what is part of a table or a materialized view.
std::string owner_of(const Fact& part) {
  for (const std::string_view kind : {"table ", "materialized view "})
    if (part.parent.starts_with(kind)) return part.parent.substr(kind.size());
  return part.parent;
}

bool is_in_name(char c) {
  return c == '_' || c == '"' || c == '$' || std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         static_cast<unsigned char>(c) > 127;
}

// Whether the name stands there as a whole.
bool names(const std::string& text, const std::string& name) {
  for (std::size_t at = 0; !name.empty() && (at = text.find(name, at)) != text.npos; ++at) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !is_in_name(text[at - 1])) && (end == text.size() || !is_in_name(text[end])))
      return true;
  }
  return false;
}

bool only_adds(const std::string& sql, const std::string& relation) {
  if (sql.starts_with("CREATE INDEX ") || sql.starts_with("CREATE UNIQUE INDEX ")) return true;
  return sql.starts_with("ALTER TABLE ") && !names(sql, "REFERENCES " + relation) &&
         (sql.find(" ADD COLUMN ") != sql.npos || sql.find(" ADD CONSTRAINT ") != sql.npos);
}

// Whether the statement stands on what the chain is about.
bool needs(const std::string& sql, const Chain& chain) {
  if (names(sql, chain.object)) return true;
  if (!names(sql, chain.relation)) return false;
  return !only_adds(sql, chain.relation) || names(sql, chain.column);
}

// The first line of a statement, as the message of a stage that has no better one.
std::string summary_of(const std::string& sql) {
  return sql.substr(0, std::min<std::size_t>(sql.find_first_of("(\n"), 60));
}

class Planner {
 public:
  Planner(const Snapshot& from, const Snapshot& to, const Rewrites& rewrites)
      : from_(from), to_(to), rewrites_(rewrites) {}

  Plan run(const diff::Script& script) {
    for (std::size_t at = 0; at < script.statements.size(); ++at) {
      const diff::Statement& statement = script.statements[at];
      Chain chain = safe_form(statement, rewrites_.statement[at]);
      if (chain.steps.empty()) {
        settle_before(statement.sql);
        put(Lane::plain, "", statement);
        continue;
      }
      if (chain.steps.front().lane == Lane::plain) {
        settle_before(statement.sql);
        put(Lane::plain, "", with(statement, chain.steps.front().sql));
        close_first(chain);
      }
      if (!chain.steps.empty()) pending_.push_back(std::move(chain));
    }
    while (!pending_.empty()) advance();
    return std::move(plan_);
  }

 private:
  static diff::Statement with(diff::Statement statement, std::string sql) {
    statement.sql = std::move(sql);
    return statement;
  }

  static void close_first(Chain& chain) { chain.steps.erase(chain.steps.begin()); }

  // Chains that a statement of the script stands on come to their end before it.
  void settle_before(const std::string& sql) {
    std::vector<Chain> others;
    others.swap(pending_);
    for (Chain& chain : others)
      if (needs(sql, chain)) pending_.push_back(std::move(chain));
    std::erase_if(others, [](const Chain& chain) { return chain.steps.empty(); });
    while (!pending_.empty()) advance();
    pending_ = std::move(others);
  }

  // The next step of each chain: those that can share a stage do.
  void advance() {
    open_ = false;
    std::vector<bool> taken(pending_.size(), false);
    for (const Lane lane : {Lane::plain, Lane::outside})
      for (std::size_t at = 0; at < pending_.size(); ++at) {
        Chain& chain = pending_[at];
        if (taken[at] || chain.steps.empty() || chain.steps.front().lane != lane) continue;
        const Step step = std::move(chain.steps.front());
        close_first(chain);
        taken[at] = true;
        put(lane, step.message, {step.sql, step.loss, {}, chain.about}, step.undo);
      }
    std::erase_if(pending_, [](const Chain& chain) { return chain.steps.empty(); });
    open_ = false;
  }

  // What is committed by itself is a stage of its own; the rest goes along with what came before.
  void put(Lane lane, const std::string& message, diff::Statement statement,
           const std::string& undo = {}) {
    const bool fits =
        open_ && lane == Lane::plain && undo.empty() && plan_.stages.back().transaction;
    if (!fits) plan_.stages.push_back({message, lane == Lane::plain, {}});
    Stage& stage = plan_.stages.back();
    if (stage.message.empty())
      stage.message = message.empty() ? summary_of(statement.sql) : message;
    stage.statements.push_back(std::move(statement));
    stage.undo = undo;
    open_ = lane == Lane::plain && undo.empty();
  }

  // Empty: the statement is as good as it gets.
  Chain safe_form(const diff::Statement& statement, bool rewrites) {
    Chain chain;
    chain.about = statement.about;
    const Fact* after = to_.find(statement.about);
    const Fact* before = from_.find(statement.about);
    if (statement.sql.starts_with("DROP INDEX ") && before != nullptr) return drop_index(*before);
    if (after == nullptr || after->parent.empty()) return chain;
    if (from_.find(after->parent) == nullptr) return chain;  // nobody uses a new table
    if (statement.sql.starts_with("CREATE ") && after->kind == "index")
      return index(*after, statement.sql);
    if (after->kind == "constraint" && statement.sql.find(" ADD CONSTRAINT ") != std::string::npos)
      return constraint(*after, statement.sql);
    if (after->kind == "column" && statement.sql.ends_with(" SET NOT NULL"))
      return not_null(*after, statement.sql);
    if (after->kind != "column" || !rewrites) return chain;
    if (before != nullptr) return swap(*before, *after, statement.loss);
    return after->has("default") ? filled(from_, to_, *after) : chain;
  }

  bool is_partitioned(const Fact& part) const {
    const Fact* table = from_.find(part.parent);
    return table != nullptr && table->has("partition_by");
  }

  // One that is made anew under its name stays in use, under another, until that is built.
  Chain drop_index(const Fact& fact) {
    Chain chain;
    chain.about = fact.id;
    if (to_.find(fact.parent) == nullptr || fact.flag("partitioned")) return chain;
    if (to_.find(fact.id) != nullptr) {
      const std::string aside = aside_name(fact), base = diff::base_name(fact);
      aside_[fact.id] = fact.identity.substr(0, fact.identity.size() - base.size()) + aside;
      chain.steps.push_back(plain("", "ALTER INDEX " + fact.identity + " RENAME TO " + aside));
      return chain;
    }
    chain.relation = owner_of(fact);
    chain.steps.push_back(drop_step(fact, fact.identity));
    return chain;
  }

  static Step drop_step(const Fact& index, const std::string& name) {
    return {"Drop " + diff::base_name(index), Lane::outside, "DROP INDEX CONCURRENTLY " + name};
  }

  std::string aside_name(const Fact& index) const {
    Fact part = index;  // names are looked for beside a column's
    part.kind = "column";
    part.identity = owner_of(index) + "." + diff::base_name(index);
    return name_beside(from_, to_, part, "_old");
  }

  // The parts of a partitioned index were made one by one: it only takes them together.
  Chain index(const Fact& fact, const std::string& sql) const {
    Chain chain;
    chain.about = fact.id;
    if (fact.flag("partitioned")) return chain;
    chain.object = diff::base_name(fact);
    chain.steps.push_back(
        {"Build " + chain.object, Lane::outside, inserted(sql, "INDEX", " CONCURRENTLY")});
    if (const auto old = aside_.find(fact.id); old != aside_.end())
      chain.steps.push_back(drop_step(fact, old->second));
    return chain;
  }

  Chain constraint(const Fact& fact, const std::string& sql) const {
    Chain chain;
    chain.about = fact.id;
    chain.object = own_name(fact);
    const std::string type = fact.text("type");
    if (type == "primary key" || type == "unique") return key(fact, std::move(chain));
    // Before 18 a foreign key of a partitioned table cannot be NOT VALID.
    const bool can_wait =
        type == "check" ||
        (type == "foreign key" && (!is_partitioned(fact) || rewrites_.server_version >= 180000));
    if (!can_wait || sql.ends_with(" NOT VALID")) return chain;
    const std::string alter = sql.substr(0, sql.find(" ADD CONSTRAINT "));
    chain.steps.push_back(plain("", sql + " NOT VALID"));
    chain.steps.push_back(
        plain("Validate " + chain.object, alter + " VALIDATE CONSTRAINT " + chain.object));
    return chain;
  }

  Chain key(const Fact& fact, Chain chain) const {
    if (is_partitioned(fact)) return chain;
    const Key key = key_of(fact.text("definition"));
    const std::string name = own_name(fact), table = diff::relation(fact);
    chain.relation = table;
    chain.steps.push_back({"Build the index of " + name, Lane::outside,
                           "CREATE UNIQUE INDEX CONCURRENTLY " + name + " ON " + table + " " +
                               key.columns + key.distinct});
    chain.steps.push_back(plain("Add " + name, "ALTER TABLE " + table + " ADD CONSTRAINT " + name +
                                                   " " + key.kind + " USING INDEX " + name +
                                                   key.timing));
    return chain;
  }

  Chain not_null(const Fact& column, const std::string& sql) const {
    Chain chain;
    const std::string alter = sql.substr(0, sql.find(" ALTER COLUMN "));
    if (alter.starts_with("ALTER FOREIGN TABLE")) return chain;
    chain.about = column.id;
    chain.relation = diff::relation(column);
    chain.column = own_name(column);
    chain.object = name_beside(from_, to_, column, "_not_null");
    const std::string name = own_name(column);
    chain.steps.push_back(plain("", proof(alter, chain.object, name)));
    for (Step& step : proven(alter, chain.object, name)) chain.steps.push_back(std::move(step));
    return chain;
  }

  Chain swap(const Fact& before, const Fact& after, const std::string& loss) {
    const std::string reason = why_not_swapped(from_, before, after);
    if (reason.empty()) return swapped(from_, to_, before, after, loss);
    plan_.reasons.push_back("column " + after.identity +
                            " cannot be filled beside the old one: " + reason);
    return {};
  }

  const Snapshot& from_;
  const Snapshot& to_;
  const Rewrites& rewrites_;
  Plan plan_;
  std::vector<Chain> pending_;
  std::map<std::string, std::string> aside_;  // indexes that are made anew, under what name
  bool open_ = false;                         // whether the last stage takes more
};

}  // namespace

Plan plan(const diff::Script& script, const Snapshot& from, const Snapshot& to,
          const Rewrites& rewrites) {
  return Planner(from, to, rewrites).run(script);
}

}  // namespace steward::online
