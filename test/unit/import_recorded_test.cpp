// What other tools have recorded, mapped to the revisions that were read from their files.
#include "runner/import/recorded.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "test/unit/import_support.h"

namespace steward::importer {
namespace {

// Rows as a query would give them: "1|t, 2|f".
pg::Rows rows_of(Texts columns, const std::vector<Texts>& values) {
  pg::Rows rows(std::move(columns));
  for (const Texts& row : values)
    for (const std::string& value : row)
      if (value == "NULL")
        rows.add(std::nullopt);
      else
        rows.add(value);
  return rows;
}

Texts applied(const History& history, const pg::Rows& rows) {
  Texts ids;
  for (const std::size_t index : map_history(history, rows).applied)
    ids.push_back(history.revisions[index].id);
  return ids;
}

// The code with which the recorded history is refused.
std::string recorded_refusal(const History& history, const pg::Rows& rows) {
  try {
    map_history(history, rows);
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::integrity);
    EXPECT_FALSE(error.hint().empty());
    return error.code();
  }
  return "none";
}

TEST(recorded_golang_migrate, is_all_up_to_one_version) {
  const History history = read_own(Tool::golang_migrate, "golang-migrate");
  const Texts columns{"version", "dirty"};
  EXPECT_EQ(applied(history, rows_of(columns, {})), Texts());
  EXPECT_EQ(applied(history, rows_of(columns, {{"9", "f"}})), (Texts{"1", "2", "3", "4", "9"}));
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{"9", "t"}})), "dirty_history");
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{"12", "f"}})), "unknown_version");
}

TEST(recorded_dbmate, is_a_row_for_each_version) {
  const History history = read_own(Tool::dbmate, "dbmate");
  const Texts columns{"version"};
  EXPECT_EQ(applied(history, rows_of(columns, {{"20240112101500"}, {"20240105090000"}})),
            (Texts{"20240105090000", "20240112101500"}));
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{"1"}})), "unknown_version");
}

TEST(recorded_goose, is_the_last_row_of_each_version) {
  const History history = read_own(Tool::goose, "goose");
  const Texts columns{"version_id", "is_applied"};
  EXPECT_EQ(applied(history, rows_of(columns, {{"0", "t"},
                                               {"1", "t"},
                                               {"2", "t"},
                                               {"2", "f"},
                                               {"3", "t"},
                                               {"3", "f"},
                                               {"3", "t"},
                                               {"77", "t"},
                                               {"77", "f"}})),
            (Texts{"00001", "00003"}));
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{"77", "t"}})), "unknown_version");
}

TEST(recorded_sqlx, knows_failures_and_edits) {
  const History history = read_own(Tool::sqlx, "sqlx-simple");
  const Texts columns{"version", "success", "checksum"};
  const std::string sum = history.revisions[0].checksum;
  EXPECT_EQ(sum.size(), 96U);
  const Recorded recorded =
      map_history(history, rows_of(columns, {{"1", "t", sum}, {"2", "t", "00"}}));
  EXPECT_EQ(recorded.applied.size(), 2U);
  ASSERT_EQ(recorded.notices.size(), 1U);
  EXPECT_TRUE(has(recorded.notices[0].place.file, "0002_"));
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{"1", "f", sum}})), "dirty_history");
}

TEST(recorded_diesel, goes_by_the_version_without_dashes) {
  const History history = read_own(Tool::diesel, "diesel");
  EXPECT_EQ(applied(history, rows_of({"version"}, {{"00000000000000"}, {"20240301120000"}})),
            (Texts{"00000000000000", "20240301120000"}));
}

TEST(recorded_prisma, knows_failures_and_what_was_rolled_back) {
  const History history = read_own(Tool::prisma, "prisma");
  const Texts columns{"migration_name", "finished", "rolled_back", "checksum"};
  const std::string name = history.revisions[0].version;
  EXPECT_EQ(applied(history, rows_of(columns, {{name, "f", "t", ""}, {name, "t", "f", ""}})),
            Texts{name});
  EXPECT_EQ(recorded_refusal(history, rows_of(columns, {{name, "f", "f", ""}})), "dirty_history");
}

const Texts flyway_columns{"version", "description", "type", "checksum", "success"};

TEST(recorded_flyway, knows_baselines_undoes_and_failures) {
  const History history = read_own(Tool::flyway, "flyway");
  const auto ids = [&](const std::vector<Texts>& values) {
    return applied(history, rows_of(flyway_columns, values));
  };
  EXPECT_EQ(ids({{"NULL", "<< Flyway Schema Creation >>", "SCHEMA", "NULL", "t"},
                 {"1.1", "<< Flyway Baseline >>", "BASELINE", "NULL", "t"},
                 {"2.0", "Add booked on", "SQL", "NULL", "t"}}),
            (Texts{"1", "1.1", "2"}));
  EXPECT_EQ(ids({{"1", "", "SQL", "NULL", "t"},
                 {"2", "", "SQL", "NULL", "t"},
                 {"2", "", "UNDO_SQL", "NULL", "t"}}),
            Texts{"1"});
  EXPECT_EQ(recorded_refusal(history, rows_of(flyway_columns, {{"1", "", "SQL", "NULL", "f"}})),
            "dirty_history");
}

TEST(recorded_flyway, runs_a_repeatable_script_again_unless_all_is_as_it_was) {
  const History history = read_own(Tool::flyway, "flyway");
  std::vector<Texts> values;
  for (const char* version : {"1", "1.1", "2", "2.9", "2.10"})
    values.push_back({version, "", "SQL", "NULL", "t"});
  values.push_back({"NULL", "Audit view", "SQL", history.revisions[5].checksum, "t"});
  values.push_back({"NULL", "Balance", "SQL", "1", "t"});
  EXPECT_EQ(applied(history, rows_of(flyway_columns, values)).size(), 6U);
  values.erase(values.begin() + 4);
  EXPECT_EQ(applied(history, rows_of(flyway_columns, values)).size(), 4U);
}

TEST(recorded_flyway, has_the_tools_checksum) {
  Scratch scratch;
  scratch.file("V1__a.sql", "123456\r\n789\n");
  // The check value of CRC-32: that of the bytes 123456789.
  EXPECT_EQ(read(Tool::flyway, scratch.path()).revisions[0].checksum, "-873187034");
}

TEST(recorded, asks_for_the_table_by_its_full_name) {
  EXPECT_EQ(history_table(Tool::goose), "goose_db_version");
  EXPECT_TRUE(history_table(Tool::sql).empty());
  EXPECT_TRUE(has(find_history("it's"), "to_regclass('it''s')"));
  EXPECT_EQ(read_history(Tool::diesel, "app.__diesel_schema_migrations"),
            "SELECT version::text FROM app.__diesel_schema_migrations ORDER BY version");
}

}  // namespace
}  // namespace steward::importer
