// The rules, as their pages show them: what stands under "Found" is found, what stands under "Not
// found" is not, and the "Allowing it" line makes it quiet. A rule without a page, or a page
// without a rule, is a fault.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "test/unit/safety_support.h"

namespace steward::safety {
namespace {

namespace fs = std::filesystem;

fs::path pages() {
  return fs::path(STEWARD_SOURCE_DIR) / "docs" / "rules";
}

std::string read_page(std::string_view rule) {
  std::ifstream file(pages() / (std::string(rule) + ".md"));
  return {std::istreambuf_iterator<char>(file), {}};
}

// The SQL under a heading; empty: the page has none.
std::string block(const std::string& page, const std::string& heading) {
  const std::size_t at = page.find("\n## " + heading + "\n");
  if (at == std::string::npos) return {};
  const std::string fence = "```sql\n";
  const std::size_t begin = page.find(fence, at), end = page.find("\n```", begin + 1);
  if (begin == std::string::npos || begin > page.find("\n## ", at + 1)) return {};
  return page.substr(begin + fence.size(), end - begin - fence.size() + 1);
}

std::vector<Finding> lint(std::string_view rule, const std::string& given, const std::string& sql,
                          const std::string& header = {}) {
  const Settings settings = settings_for(rule);
  Linter linter(settings, {});
  if (!given.empty()) linter.pass(subject_of(revision_of("given", given), settings));
  return linter.look(subject_of(revision_of("looked", sql, header), settings));
}

std::string listed(const std::vector<Finding>& findings) {
  std::string text;
  for (const Finding& one : findings) text += one.rule + ": " + one.message + "\n";
  return text;
}

class Page : public testing::TestWithParam<std::string> {
 protected:
  const std::string rule_ = GetParam();
  const std::string page_ = read_page(rule_);
  const std::string given_ = block(page_, "Given");
};

TEST_P(Page, says_what_the_rule_is) {
  const Rule& rule = *find_rule(rule_);
  ASSERT_FALSE(page_.empty()) << "docs/rules/" << rule_ << ".md is missing";
  EXPECT_TRUE(page_.starts_with("# " + rule_ + "\n"));
  const std::string facts = "Family: safety. Severity: " + std::string(name_of(rule.severity)) +
                            (rule.enabled ? "" : "; off by default") +
                            ". Finds: " + std::string(rule.summary) + ".";
  EXPECT_NE(page_.find(facts), std::string::npos) << facts;
}

TEST_P(Page, shows_what_is_found_and_what_is_not) {
  const std::string found = block(page_, "Found"), near_miss = block(page_, "Not found");
  if (found.empty()) GTEST_SKIP() << "needs a database, or several revisions";
  const std::vector<Finding> hits = of(rule_, lint(rule_, given_, found));
  ASSERT_FALSE(hits.empty()) << found << listed(lint(rule_, given_, found));
  EXPECT_FALSE(hits[0].message.empty());
  EXPECT_FALSE(hits[0].hint.empty());
  EXPECT_GE(hits[0].line, 1u);
  const std::vector<Finding> misses = of(rule_, lint(rule_, given_, near_miss));
  EXPECT_TRUE(misses.empty()) << near_miss << listed(misses);
}

TEST_P(Page, shows_how_it_is_allowed) {
  const std::string found = block(page_, "Found"), allow = block(page_, "Allowing it");
  if (found.empty() || allow.empty()) GTEST_SKIP() << "it is not allowed in a file";
  const std::vector<Finding> findings = lint(rule_, given_, found, allow);
  for (const Finding& finding : of(rule_, findings))
    EXPECT_EQ(finding.waiver, "why it may be so here");
  EXPECT_TRUE(of("allow-unused", findings).empty());
}

TEST_P(Page, shows_what_is_quiet_when_it_is_turned_off) {
  const std::string found = block(page_, "Found");
  if (found.empty()) GTEST_SKIP() << "needs a database, or several revisions";
  Settings settings = settings_for(rule_);
  settings.levels.set(rule_, "off");
  Linter linter(settings, {});
  if (!given_.empty()) linter.pass(subject_of(revision_of("given", given_), settings));
  EXPECT_TRUE(of(rule_, linter.look(subject_of(revision_of("looked", found), settings))).empty());
}

// The safe form that a page shows must not be blamed by the same rule.
TEST_P(Page, shows_a_safe_form_that_is_one) {
  const std::string instead = block(page_, "Instead");
  if (instead.empty() || instead.find("-- steward:") == 0) GTEST_SKIP() << "it shows none";
  const std::vector<Finding> blamed = of(rule_, lint(rule_, given_, instead));
  EXPECT_TRUE(blamed.empty()) << instead << listed(blamed);
}

std::vector<std::string> all_ids() {
  std::vector<std::string> ids;
  for (const Rule& rule : all_rules()) ids.emplace_back(rule.id);
  return ids;
}

std::string test_name(const testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Page, testing::ValuesIn(all_ids()), test_name);

TEST(Rules, have_a_page_each_and_no_page_is_left_over) {
  for (const fs::directory_entry& entry : fs::directory_iterator(pages())) {
    const std::string page = read_page(entry.path().stem().string());
    if (page.find("\nFamily: safety.") == std::string::npos) continue;
    EXPECT_NE(find_rule(entry.path().stem().string()), nullptr) << entry.path();
  }
}

TEST(Rules, are_known_by_one_name_each) {
  std::vector<std::string> ids = all_ids();
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end());
  EXPECT_EQ(find_rule("no-such-rule"), nullptr);
  EXPECT_EQ(rule_like("drop-colum"), find_rule("drop-column"));
  EXPECT_EQ(rule_like("table-without-comment"), nullptr);
}

TEST(Levels, turn_rules_off_and_change_their_severity) {
  Levels levels;
  const Rule& rule = *find_rule("drop-column");
  EXPECT_EQ(levels.of(rule), Severity::error);
  EXPECT_TRUE(levels.set("drop-column", "note"));
  EXPECT_EQ(levels.of(rule), Severity::note);
  EXPECT_TRUE(levels.set("drop-column", "off"));
  EXPECT_EQ(levels.of(rule), std::nullopt);
  EXPECT_FALSE(levels.set("drop-column", "loud"));
  EXPECT_FALSE(levels.set("drop-colum", "off"));
}

// An allow right above a statement is for that statement alone.
TEST(Allow, above_a_statement_is_for_that_one) {
  const Settings settings;
  revision::File file = revision_of("looked", "");
  const std::string text =
      "-- revision: looked\n-- steward:upgrade\n-- allow: drop-column nothing reads a\n"
      "ALTER TABLE item DROP COLUMN a;\nALTER TABLE item DROP COLUMN b;\n"
      "-- steward:downgrade\nSELECT 1;\n";
  file = revision::parse(text, "looked_x.sql");
  file.copy = std::make_shared<const std::string>(text);
  const auto hits = of("drop-column", Linter(settings, {}).look(subject_of(file, settings)));
  ASSERT_EQ(hits.size(), 2u);
  EXPECT_EQ(hits[0].waiver, "nothing reads a");
  EXPECT_EQ(hits[0].line, 4u);
  EXPECT_EQ(hits[1].waiver, std::nullopt);
}

// Measured elsewhere, on PostgreSQL 15: 158 forms with the locks each took and what it wrote anew.
fs::path measured_forms() {
  for (const char* above : {"..", "../.."}) {
    const fs::path folder = fs::path(STEWARD_SOURCE_DIR) / above / "shared" / "real" / "lint";
    if (fs::exists(folder / "measured-ddl-effects.jsonl")) return folder;
  }
  return {};
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Where the measurement left something out. Each was run again on 15.20, 17.12 and 18.6, which
// agree: a foreign key locks its other side too, and a change of a table with partitions each of
// them.
std::string measured_again(const std::string& form) {
  static const std::map<std::string, const char*> forms{
      {"alter table t add column z bigint references p(id)",
       "p ShareRowExclusiveLock; t AccessExclusiveLock; "},
      {"alter table t add column z bigint default 1 references p(id)",
       "p ShareRowExclusiveLock; t AccessExclusiveLock; "},
      {"alter table t alter column pid type int",
       "p AccessExclusiveLock; t AccessExclusiveLock rewrites; "},
      {"create index i1 on pt(id)", "pt ShareLock; pt1 ShareLock; pt_def ShareLock; "},
      {"drop table pt1",
       "pt AccessExclusiveLock; pt1 AccessExclusiveLock; pt_def AccessExclusiveLock; "},
      // The materialized view that CASCADE takes along is named by the catalog alone.
      {"drop table t cascade", "p AccessExclusiveLock; t AccessExclusiveLock; "}};
  const auto found = forms.find(form);
  return found == forms.end() ? "" : found->second;
}

// What was made by the measured set-up, as the revisions' own statements tell it.
Knowledge measured_setup(const fs::path& folder) {
  Knowledge known;
  known.server.utc = true;
  const Subject subject = subject_of_script(read_file(folder / "measured-setup.sql"), "", {});
  for (const Statement& statement : subject.upgrade.statements)
    for (const Action& action : statement.actions) known.apply(action);
  known.settle();
  return known;
}

std::string told(std::map<std::string, std::string> effects) {
  std::string text;
  for (const auto& [relation, effect] : effects) text += relation + " " + effect + "; ";
  return text;
}

std::string told(const Json& measured, const Knowledge& known) {
  std::map<std::string, std::string> effects;
  for (const auto& [relation, lock] : measured["locks"].items())
    if (known.find(relation) != nullptr && lock != "AccessShareLock" && lock != "RowShareLock" &&
        lock != "RowExclusiveLock")
      effects[relation] = lock.get<std::string>();
  for (const Json& relation : measured["rewritten"])
    if (effects.contains(relation)) effects[relation] += " rewrites";
  return told(effects);
}

std::string told(const Effects& predicted, const Knowledge& known) {
  std::map<std::string, std::string> effects;
  for (const Touch& touch : predicted.touches)
    if (known.find(touch.relation) != nullptr && touch.lock >= Lock::share_update_exclusive)
      effects[touch.relation] =
          std::string(name_of(touch.lock)) + (touch.rewrites ? " rewrites" : "");
  return told(effects);
}

TEST(Predictions, agree_with_what_was_measured) {
  const fs::path folder = measured_forms();
  if (folder.empty()) GTEST_SKIP() << "../shared is not here";
  const Knowledge known = measured_setup(folder);
  std::ifstream lines(folder / "measured-ddl-effects.jsonl");
  int compared = 0;
  for (std::string line; std::getline(lines, line);) {
    const Json form = Json::parse(line);
    // Several statements, or an error: not one statement's effect. TRUNCATE's new file is empty.
    if (!form.contains("locks") || form["ddl"].get<std::string>().find(';') != std::string::npos ||
        form["op"] == "TRUNCATE")
      continue;
    const std::string again = measured_again(form["ddl"]);
    const Subject subject = subject_of_script(form["ddl"], "", {});
    EXPECT_EQ(told(refined(subject.upgrade.statements.at(0), known), known),
              again.empty() ? told(form, known) : again)
        << form["ddl"];
    ++compared;
  }
  EXPECT_GT(compared, 138);
}

}  // namespace
}  // namespace steward::safety
