// The rules that no page can show by SQL alone: they need a database's knowledge, several
// revisions, or a section too long for a page. Each has a hit, a near miss, and an allow that makes
// it quiet; scripts/check-rules looks for their names here.
#include <gtest/gtest.h>

#include <functional>

#include "test/unit/safety_support.h"

namespace steward::safety {
namespace {

Knowledge with_item(double rows, std::int64_t bytes) {
  Knowledge known;
  known.server.version = 150000;
  known.server.utc = true;
  Table& item = known.tables["item"];
  item.rows = rows;
  item.bytes = bytes;
  item.complete = true;
  item.columns = {{"id", {"int8", {}, false}, true}, {"note", {"text", {}, false}, false}};
  return known;
}

std::vector<Finding> lint_with(const Knowledge& known, const std::string& sql,
                               const std::string& header = {}) {
  const Settings settings = settings_for("set-not-null");
  return Linter(settings, known).look(subject_of(revision_of("looked", sql, header), settings));
}

constexpr std::int64_t gigabyte = 1024 * 1024 * 1024;
const char* not_null = "ALTER TABLE item ALTER COLUMN note SET NOT NULL;\n";
const char* rewrite = "ALTER TABLE item ALTER COLUMN id TYPE int;\n";

Knowledge large() {
  Knowledge known = with_item(8e7, 12 * gigabyte);
  known.server.replicas = 2;
  return known;
}
Knowledge small() {
  return with_item(100, 8192);
}
Knowledge hot() {
  Knowledge known = small();
  known.tables["item"].writes_per_second = 1000;
  return known;
}
Knowledge with_view() {
  Knowledge known = small();
  known.tables["item"].dependents = {"item_view"};
  return known;
}
Knowledge newer() {
  Knowledge known = small();
  known.server.version = 180000;
  return known;
}

// The header is that of each revision.
std::vector<Finding> deploy(const std::vector<std::string>& revisions,
                            const std::string& header = {}, Knowledge known = {}) {
  Settings settings = settings_for("drop-column");
  settings.together = true;
  Linter linter(settings, std::move(known));
  for (std::size_t i = 0; i < revisions.size(); ++i)
    linter.look(
        subject_of(revision_of("r" + std::to_string(i), revisions[i] + "\n", header), settings));
  return deploy_findings(linter);
}

std::string rows_of(std::size_t bytes) {
  std::string text;
  while (text.size() < bytes)
    text += "INSERT INTO item (note) VALUES ('" + std::string(60, 'x') + "');\n";
  return text;
}

using Look = std::function<std::vector<Finding>(const std::string& header)>;

struct Told {
  const char* rule;
  Look hit;
  Look near_miss;
};

const std::string add = "ALTER TABLE item ADD COLUMN ";
const std::string make = "CREATE TABLE box (id int);";
const std::string widen = "ALTER TABLE box ALTER id TYPE bigint;";
const char* newest = "ALTER TABLE item ADD COLUMN a int GENERATED ALWAYS AS (id) VIRTUAL;\n";

Look one(Knowledge known, const std::string& sql) {
  return [=](const std::string& header) { return lint_with(known, sql, header); };
}
Look several(std::vector<std::string> revisions, Knowledge known = {}) {
  return [=](const std::string& header) { return deploy(revisions, header, known); };
}

std::vector<Told> all_told() {
  return {
      {"large-table-ddl", one(large(), rewrite), one(small(), rewrite)},
      {"rewrite-disk-headroom", one(large(), rewrite), one(large(), not_null)},
      {"replication-lag", one(large(), rewrite), one(with_item(8e7, 12 * gigabyte), rewrite)},
      {"hot-table-ddl", one(hot(), not_null), one(small(), not_null)},
      {"dependent-objects", one(with_view(), rewrite), one(with_view(), not_null)},
      {"syntax-unsupported-on-target", one(small(), newest), one(newer(), newest)},
      {"section-not-read", one({}, rows_of(4 * 1024 * 1024 + 1)), one({}, rows_of(1024 * 1024))},
      {"hot-table-multi-touch", several({add + "a int;", add + "b int;", add + "c int;"}),
       several({add + "a int;", add + "b int;"})},
      {"create-then-rewrite", several({make, widen}),
       several({make, "ALTER TABLE box ADD COLUMN b int;"})},
      {"ordering-hazard", several({"DROP TABLE box;", widen}), several({widen, "DROP TABLE box;"})},
      {"cumulative-lock-budget", several({rewrite, not_null}, large()),
       several({rewrite, not_null}, small())},
  };
}

class Unpaged : public testing::TestWithParam<Told> {};

TEST_P(Unpaged, is_found) {
  const std::vector<Finding> hits = of(GetParam().rule, GetParam().hit(""));
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_FALSE(hits[0].message.empty());
  EXPECT_FALSE(hits[0].hint.empty());
  EXPECT_FALSE(hits[0].waiver);
}

TEST_P(Unpaged, is_not_found_in_what_is_like_it) {
  EXPECT_TRUE(of(GetParam().rule, GetParam().near_miss("")).empty());
}

TEST_P(Unpaged, can_be_allowed) {
  const std::vector<Finding> found =
      GetParam().hit("-- allow: " + std::string(GetParam().rule) + " why it may be so here\n");
  const std::vector<Finding> hits = of(GetParam().rule, found);
  ASSERT_EQ(hits.size(), 1u);
  EXPECT_EQ(hits[0].waiver, "why it may be so here");
  EXPECT_TRUE(of("allow-unused", found).empty());
}

std::string test_name(const testing::TestParamInfo<Told>& info) {
  std::string name = info.param.rule;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Unpaged, testing::ValuesIn(all_told()), test_name);

TEST(Sizes, an_empty_table_is_never_blamed) {
  EXPECT_TRUE(of("set-not-null", lint_with(with_item(0, 0), not_null)).empty());
}

TEST(Sizes, a_short_wait_is_a_note_and_a_long_one_says_how_long) {
  const auto short_one = of("set-not-null", lint_with(with_item(100, 8192), not_null));
  ASSERT_EQ(short_one.size(), 1u);
  EXPECT_EQ(short_one[0].severity, Severity::note);
  const auto long_one = of("set-not-null", lint_with(with_item(8e7, 12 * gigabyte), not_null));
  ASSERT_EQ(long_one.size(), 1u);
  EXPECT_EQ(long_one[0].severity, Severity::error);
  EXPECT_TRUE(long_one[0].large);
  EXPECT_EQ(long_one[0].effect,
            "AccessExclusiveLock on item (12 GB, about 80000000 rows): all reads and writes of it "
            "wait, for about 61 s while it is read");
}

// A way back that is too long to be read is one all the same.
TEST(Sizes, a_long_downgrade_is_told_and_is_no_missing_one) {
  const std::string sql = "-- steward:upgrade\nCREATE TABLE box (id int);\n-- steward:downgrade\n" +
                          rows_of(4 * 1024 * 1024 + 1) + "DROP TABLE box;\n";
  const std::vector<Finding> found = lint_with({}, sql);
  EXPECT_EQ(of("section-not-read", found).size(), 1u);
  EXPECT_TRUE(of("revision-without-downgrade", found).empty());
  EXPECT_TRUE(of("downgrade-not-inverse", found).empty());
}

// A table's partitions are no tables beside it, and their size is its own.
TEST(Sizes, partitions_are_not_counted_beside_their_table) {
  Knowledge known = with_item(8e7, 12 * gigabyte);
  known.tables["item"].kind = 'p';
  for (const char* name : {"item_1", "item_2"}) {
    known.tables["item"].partitions.push_back(name);
    known.tables[name].parent = "item";
    known.tables[name].bytes = 6 * gigabyte;
  }
  const auto several = of("multi-table-lock", lint_with(known, not_null));
  EXPECT_TRUE(several.empty()) << several[0].message;
  Linter linter(settings_for("set-not-null"), known);
  linter.look(subject_of(revision_of("looked", not_null), settings_for("set-not-null")));
  double seconds = 0;
  for (const Seen::Use& use : linter.seen().at(0).uses) seconds += use.seconds;
  EXPECT_NEAR(seconds, 61.4, 0.1);
}

// As the grammar of 18 has them; that of 15 has no kind, and knows stored ones alone.
TEST(Versions, virtual_columns_write_no_row) {
  const auto column = [](const char* kind) {
    Json constraint{{"contype", "CONSTR_GENERATED"}};
    if (*kind != 0) constraint["generated_kind"] = kind;
    return Json{{"constraints", Json::array({Json{{"Constraint", constraint}}})}};
  };
  EXPECT_TRUE(is_stored(column("")));
  EXPECT_TRUE(is_stored(column("s")));
  EXPECT_FALSE(is_stored(column("v")));
}

// UNIQUE on a table with partitions: 18 locks each of them as it locks the table.
TEST(Versions, partitions_are_locked_as_the_server_locks_them) {
  const auto lock_of_partition = [](int version) {
    Knowledge known;
    known.server.version = version;
    known.tables["event"].kind = 'p';
    known.tables["event"].partitions = {"event_1"};
    known.tables["event_1"].parent = "event";
    const Subject subject = subject_of_script("ALTER TABLE event ADD UNIQUE (id)", "", {});
    for (const Touch& touch : refined(subject.upgrade.statements.at(0), known).touches)
      if (touch.relation == "event_1") return touch.lock;
    return Lock::none;
  };
  EXPECT_EQ(lock_of_partition(150000), Lock::share);
  EXPECT_EQ(lock_of_partition(170000), Lock::share);
  EXPECT_EQ(lock_of_partition(180000), Lock::access_exclusive);
  EXPECT_EQ(lock_of_partition(0), Lock::access_exclusive);
}

}  // namespace
}  // namespace steward::safety
