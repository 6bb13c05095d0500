// Agreement with another linter's own cases: ../shared/real/lint/squawk-rules.jsonl has its SQL,
// the rule under test, and what that rule is expected to say. Prints, for each of its rules that
// there is one like here, how many agree, and every case that does not, with the reason where it is
// agreed. Also: how many revision files a second of CPU time are looked at.
#include <chrono>
#include <ctime>
#include <fstream>
#include <iostream>
#include <map>
#include <set>

#include "runner/safety/deploy.h"

namespace {

using steward::Json;
using namespace steward::safety;

// Theirs, and ours that say the same.
const std::map<std::string, std::set<std::string>> rules{
    {"adding-field-with-default",
     {"add-column-volatile-default", "add-column-generated-stored", "add-column-serial",
      "add-column-identity"}},
    {"adding-foreign-key-constraint", {"add-foreign-key-validated", "add-column-references"}},
    {"adding-not-nullable-field", {"set-not-null", "add-column-not-null-no-default"}},
    {"adding-required-field", {"add-column-not-null-no-default"}},
    {"adding-primary-key-constraint", {"add-primary-key", "add-column-unique"}},
    {"adding-serial-primary-key-field", {"add-primary-key", "add-column-unique"}},
    {"ban-alter-domain-with-add-constraint", {"domain-constraint"}},
    {"ban-concurrent-index-creation-in-transaction", {"concurrently-in-transaction"}},
    {"ban-drop-column", {"drop-column"}},
    {"ban-drop-database", {"drop-database"}},
    {"ban-drop-not-null", {"drop-not-null"}},
    {"ban-drop-table", {"drop-table"}},
    {"ban-drop-schema", {"drop-schema"}},
    {"ban-truncate-cascade", {"truncate-cascade"}},
    {"ban-uncommitted-transaction", {"transaction-uncommitted"}},
    {"changing-column-type", {"alter-column-type", "alter-column-narrowing"}},
    {"constraint-missing-not-valid",
     {"add-foreign-key-validated", "add-check-validated", "validate-in-same-transaction"}},
    {"disallowed-unique-constraint", {"add-unique-constraint", "add-column-unique"}},
    {"prefer-repack", {"vacuum-full-cluster"}},
    {"require-enum-value-ordering", {"enum-value-order"}},
    {"require-table-schema", {"unqualified-names"}},
    {"require-lock-timeout", {"missing-lock-timeout"}},
    {"require-statement-timeout", {"missing-statement-timeout"}},
    {"renaming-column", {"rename-column"}},
    {"renaming-table", {"rename-table"}},
    {"require-concurrent-index-creation", {"create-index-not-concurrent"}},
    {"require-concurrent-index-deletion", {"drop-index-not-concurrent"}},
    {"require-concurrent-reindex", {"reindex-not-concurrent"}},
    {"require-concurrent-partition-detach", {"detach-partition"}},
    {"require-concurrent-refresh-materialized-view", {"refresh-matview"}},
    {"transaction-nesting", {"transaction-control-in-revision", "transaction-nesting"}},
};

// Why a case is seen otherwise here, where that is meant so.
const std::map<std::string, const char*> reasons{
    {"adding-field-with-default/default_random_with_args_err", "now(123) is no function"},
    {"adding-field-with-default/docs_example_error_on_pg_11", "its setting is PostgreSQL 10"},
    {"adding-not-nullable-field/adding_field_that_is_not_nullable_without_default",
     "ours are one family: add-column-not-null-no-default says it"},
    {"adding-not-nullable-field/regression_gh_issue_628_pg11_with_validated_check_err",
     "its setting is PostgreSQL 11"},
    {"adding-not-nullable-field/pg16_cross_migration_validate_then_set_not_null_ok",
     "the constraint's revision is not in the script; in a project it is seen"},
    {"adding-not-nullable-field/pg12_cross_migration_validate_then_set_not_null_ok",
     "the constraint's revision is not in the script; in a project it is seen"},
    {"ban-alter-domain-with-add-constraint/ok", "SET NOT NULL on a domain reads its tables too"},
    {"ban-concurrent-index-creation-in-transaction/ban_concurrent_index_creation_in_transaction_ok",
     "a revision is a transaction unless it says otherwise"},
    {"ban-concurrent-index-creation-in-transaction/assuming_in_transaction_ok",
     "a revision is a transaction unless it says otherwise"},
    {"ban-concurrent-index-creation-in-transaction/assuming_in_transaction_ok_also",
     "COMMIT in a revision is refused"},
    {"ban-concurrent-index-creation-in-transaction/squawk_disable_assume_in_transaction_overrides",
     "a comment of theirs"},
    {"constraint-missing-not-valid/adding_fk_not_valid_ok",
     "one revision: VALIDATE runs under the lock of ADD"},
    {"constraint-missing-not-valid/adding_check_constraint_ok",
     "one revision: VALIDATE runs under the lock of ADD"},
    {"prefer-repack/cluster_below_pg19_ok", "it blocks on every release"},
    {"prefer-repack/vacuum_full_below_pg19_ok", "it blocks on every release"},
    {"require-statement-timeout/err_only_statement_timeout_rule_enabled",
     "only asked where the statement works through a table"},
    {"transaction-nesting/no_nesting_ok", "BEGIN and COMMIT in a revision are refused"},
    {"transaction-nesting/no_nesting_repeated_ok", "BEGIN and COMMIT in a revision are refused"},
    {"transaction-nesting/squawk_disable_assume_in_transaction_allows_begin_commit",
     "a comment of theirs"},
};

struct Tally {
  int explained = 0;
  int agree = 0;
  int cases = 0;
  std::string differences;
};

std::string one_line(std::string text) {
  for (char& c : text)
    if (c == '\n') c = ' ';
  return text.substr(0, 220);
}

std::set<std::string> findings(const Json& one) {
  Settings settings;
  const std::string under_test = one["rule_under_test"];
  const bool timeouts = under_test.find("-timeout") != std::string::npos;
  if (!timeouts) settings.lock_timeout = "5s";
  for (const auto& ours : rules.at(under_test)) settings.levels.set(ours, "on");
  Subject subject = subject_of_script(one["sql"], "case.sql", settings);
  // Theirs takes a script for what it says it is; BEGIN and COMMIT show which.
  if (one["rule_under_test"] == "ban-uncommitted-transaction") subject.upgrade.transaction = false;
  if (one["settings"].value("assume_in_transaction", true) == false)
    subject.upgrade.transaction = false;
  std::set<std::string> found;
  for (const Finding& finding : Linter(settings, {}).look(subject)) found.insert(finding.rule);
  return found;
}

void compare(const Json& one, Tally& tally) {
  const std::string rule = one["rule_under_test"];
  const std::set<std::string> found = findings(one);
  bool said = false;
  for (const std::string& ours : rules.at(rule)) said = said || found.contains(ours);
  bool expected = false;
  for (const Json& theirs : one["expect"]) expected = expected || theirs == rule;
  ++tally.cases;
  if (said == expected) {
    ++tally.agree;
    return;
  }
  const std::string name = one["case"].get<std::string>();
  const auto reason = reasons.find(name.substr(name.find('/') + 1));
  if (reason != reasons.end()) {
    ++tally.explained;
    tally.differences += "    meant so     " + name + ": " + reason->second + "\n";
    return;
  }
  tally.differences += std::string(said ? "    only here   " : "    only there  ") + name + ": " +
                       one_line(one["sql"]) + "\n";
}

int agreement(const std::string& path) {
  std::ifstream lines(path);
  std::map<std::string, Tally> tallies;
  std::map<std::string, int> others;
  for (std::string line; std::getline(lines, line);) {
    const Json one = Json::parse(line);
    const std::string rule = one["rule_under_test"];
    if (rules.contains(rule))
      compare(one, tallies[rule]);
    else
      ++others[rule];
  }
  int agree = 0, cases = 0, explained = 0;
  for (const auto& [rule, tally] : tallies) {
    agree += tally.agree;
    cases += tally.cases;
    explained += tally.explained;
    std::cout << rule << ": " << tally.agree << " of " << tally.cases << "\n" << tally.differences;
  }
  std::cout << "agreement: " << agree << " of " << cases << ", " << explained
            << " meant otherwise\nno rule of this kind here:";
  for (const auto& [rule, count] : others) std::cout << " " << rule << " (" << count << ")";
  std::cout << "\n";
  return 0;
}

void speed() {
  const Settings settings;
  const std::string sql =
      "CREATE TABLE t%d (id bigint PRIMARY KEY, name text NOT NULL, box_id bigint REFERENCES "
      "box);\n"
      "CREATE INDEX t%d_name_idx ON t%d (name);\nALTER TABLE item ADD COLUMN c%d text;\n"
      "ALTER TABLE item ADD CONSTRAINT c%d_check CHECK (c%d <> '') NOT VALID;\n";
  Linter linter(settings, {});
  constexpr int files = 1000;
  std::size_t found = 0;
  const std::clock_t begun = std::clock();
  for (int i = 0; i < files; ++i) {
    std::string text = sql;
    for (std::size_t at; (at = text.find("%d")) != std::string::npos;)
      text.replace(at, 2, std::to_string(i));
    text = "-- revision: r" + std::to_string(i) + "\n-- steward:upgrade\n" + text +
           "-- steward:downgrade\nDROP TABLE t" + std::to_string(i) + ";\n";
    steward::revision::File file = steward::revision::parse(text, "r" + std::to_string(i) + ".sql");
    file.copy = std::make_shared<const std::string>(text);
    found += linter.look(subject_of(file, settings)).size();
  }
  const double seconds = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
  std::cout << "lint: " << static_cast<int>(files / seconds) << " revision files per CPU second ("
            << found << " findings)\n";
}

}  // namespace

int main(int count, char** words) {
  speed();
  if (count < 2 || !std::ifstream(words[1])) {
    std::cout << "no cases here: agreement is not measured\n";
    return 0;
  }
  return agreement(words[1]);
}
