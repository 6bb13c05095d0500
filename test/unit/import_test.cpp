// The importers: what they read of each format, what they refuse, and what they write.
#include "runner/import/import.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "runner/import/write.h"
#include "runner/revision/directory.h"
#include "test/unit/import_support.h"

namespace steward::importer {
namespace {

Texts ids_of(const History& history) {
  Texts ids;
  for (const Revision& revision : history.revisions) ids.push_back(revision.id);
  return ids;
}

std::size_t downs_of(const History& history) {
  std::size_t downs = 0;
  for (const Revision& revision : history.revisions) downs += revision.downgrade ? 1 : 0;
  return downs;
}

// The code, file name and line with which reading or writing is refused.
std::string refusal(Tool tool, const Scratch& scratch, const Values& values = {}) {
  try {
    const Scratch target;
    write(read(tool, scratch.path(), values), target.path());
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage) << error.what();
    if (!error.place()) return error.code();
    return error.code() + " " + fs::path(error.place()->file).filename().string() + ":" +
           std::to_string(error.place()->line);
  }
  return "none";
}

struct Expected {
  Tool tool;
  std::string directory;
  Texts ids;
  std::size_t downs;
};

const std::vector<Expected>& expectations() {
  static const std::vector<Expected> all = {
      {Tool::golang_migrate, "golang-migrate", {"1", "2", "3", "4", "9", "10", "11"}, 6},
      {Tool::dbmate,
       "dbmate",
       {"20240105090000", "20240112101500", "20240120120000", "20240201080000", "20240215083000"},
       4},
      {Tool::goose, "goose", {"00001", "00002", "00003", "00004", "00005"}, 4},
      {Tool::sqlx,
       "sqlx-reversible",
       {"20230301100000", "20230308110000", "20230315120000", "20230322130000", "20230329140000"},
       5},
      {Tool::sqlx, "sqlx-simple", {"0001", "0002", "0010"}, 0},
      {Tool::diesel,
       "diesel",
       {"00000000000000", "20240301120000", "20240402130000", "202405031400000000"},
       4},
      {Tool::flyway, "flyway", {"1", "1.1", "2", "2.9", "2.10", "6051167c32e0", "4c951e812b5b"}, 2},
      {Tool::prisma,
       "prisma",
       {"20240601000000_init", "20240608000000_posts", "20240615000000_add_visibility",
        "20240622000000_use_visibility"},
       0},
      {Tool::sql, "sql", {"001", "002", "003", "010"}, 3}};
  return all;
}

TEST(import, reads_each_format_in_its_tools_order) {
  for (const Expected& expected : expectations()) {
    const History history = read_own(expected.tool, expected.directory);
    EXPECT_EQ(ids_of(history), expected.ids) << expected.directory;
    EXPECT_EQ(downs_of(history), expected.downs) << expected.directory;
  }
}

TEST(import, writes_what_the_format_reads_back) {
  for (const Expected& expected : expectations()) {
    const History history = read_own(expected.tool, expected.directory);
    const Scratch target;
    write(history, target.path());
    std::vector<revision::File> files = revision::read_directory(target.path());
    ASSERT_EQ(files.size(), expected.ids.size()) << expected.directory;
    std::size_t downs = 0;
    for (const revision::File& file : files) {
      downs += file.downgrade ? 1 : 0;
      EXPECT_EQ(file.parents.empty(), file.id == expected.ids.front()) << file.path;
      EXPECT_TRUE(file.created.empty());
    }
    EXPECT_EQ(downs, expected.downs) << expected.directory;
  }
}

TEST(import, writes_one_revision_on_the_other) {
  const Scratch target;
  write(read_own(Tool::golang_migrate, "golang-migrate"), target.path());
  const revision::File last = revision::read(target.path() / "11_check_owner.sql");
  EXPECT_EQ(last.parents, Texts{"10"});
  EXPECT_EQ(last.message, "check owner");
}

TEST(import, writes_the_same_again_without_a_change) {
  const Scratch target;
  const History history = read_own(Tool::dbmate, "dbmate");
  EXPECT_EQ(write(history, target.path()).files.size(), 5U);
  const Written again = write(history, target.path());
  EXPECT_TRUE(again.files.empty());
  EXPECT_EQ(again.unchanged, 5U);
}

TEST(import, overwrites_nothing) {
  Scratch target;
  const History history = read_own(Tool::dbmate, "dbmate");
  target.file("20240120120000_other.sql",
              "-- revision: 20240120120000\n-- steward:upgrade\nSELECT 1;\n");
  EXPECT_THROW(write(history, target.path()), Error);
  EXPECT_EQ(std::distance(fs::directory_iterator(target.path()), {}), 1);
}

TEST(import, keeps_the_text_as_it_is) {
  Scratch scratch;
  const std::string text = "CREATE TABLE a (b int);\n-- between\n\nINSERT INTO a VALUES (1);\n";
  scratch.file("1_a.sql", "\xEF\xBB\xBF\r\n\r\n" + text + "\n\n");
  const History history = read(Tool::sql, scratch.path());
  EXPECT_EQ(file_text(history.revisions[0], ""),
            "-- revision: 1\n-- revises:\n-- message: a\n-- steward:upgrade\n" + text);
}

TEST(import, has_no_downgrade_where_the_tool_has_none) {
  const History history = read_own(Tool::golang_migrate, "golang-migrate");
  EXPECT_FALSE(find(history, "11").downgrade);
  EXPECT_FALSE(has(file_text(find(history, "11"), "10"), "steward:downgrade"));
  ASSERT_TRUE(find(history, "4").downgrade);
  EXPECT_TRUE(has(file_text(find(history, "4"), "3"), "-- steward:downgrade\n"));
}

// Transactions

TEST(import_transactions, takes_out_the_one_around_a_script) {
  const History history = read_own(Tool::golang_migrate, "golang-migrate");
  const Script& script = find(history, "2").upgrade;
  EXPECT_TRUE(script.transaction);
  EXPECT_FALSE(has(script.text, "BEGIN;"));
  EXPECT_FALSE(has(script.text, "COMMIT"));
  EXPECT_TRUE(has(script.text, "-- The whole file is one transaction of its own.\n\n\nCREATE"));
  EXPECT_TRUE(has(script.text, "-- A last word after it."));
  EXPECT_TRUE(has(script.text, "BEGIN\n    EXECUTE"));
}

TEST(import_transactions, keeps_several_and_runs_them_outside_one) {
  const History history = read_own(Tool::golang_migrate, "golang-migrate");
  EXPECT_FALSE(find(history, "10").upgrade.transaction);
  EXPECT_TRUE(has(find(history, "10").upgrade.text, "START TRANSACTION;"));
}

TEST(import_transactions, finds_statements_that_refuse_one) {
  EXPECT_FALSE(find(read_own(Tool::golang_migrate, "golang-migrate"), "9").upgrade.transaction);
  const History plain = read_own(Tool::sql, "sql");
  EXPECT_FALSE(find(plain, "010").upgrade.transaction);
  EXPECT_TRUE(find(plain, "010").downgrade->transaction);
}

TEST(import_transactions, keep_what_begin_says) {
  Scratch scratch;
  scratch.file("1_a.sql", "BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1; COMMIT;");
  const Script script = read(Tool::sql, scratch.path()).revisions[0].upgrade;
  EXPECT_FALSE(script.transaction);
  EXPECT_TRUE(has(script.text, "SERIALIZABLE"));
}

TEST(import_transactions, must_end) {
  Scratch scratch;
  scratch.file("1_a.sql", "SELECT 1;\nBEGIN;\nSELECT 2;");
  EXPECT_EQ(refusal(Tool::sql, scratch), "open_transaction 1_a.sql:2");
}

TEST(import_transactions, are_told_of) {
  const History history = read_own(Tool::golang_migrate, "golang-migrate");
  ASSERT_FALSE(history.notices.empty());
  EXPECT_EQ(history.notices[0].place.line, 2U);
  EXPECT_TRUE(has(history.notices[0].text, "taken out"));
}

// Markers

TEST(import_dbmate, takes_no_marker_within_a_body_or_data) {
  const History history = read_own(Tool::dbmate, "dbmate");
  const Revision& body = find(history, "20240112101500");
  EXPECT_TRUE(has(body.upgrade.text, "-- migrate:down is what this function undoes"));
  EXPECT_TRUE(body.downgrade->text.starts_with("DROP TRIGGER"));
  const Revision& data = find(history, "20240120120000");
  EXPECT_TRUE(has(data.upgrade.text, "-- migrate:down\tin data"));
  EXPECT_EQ(data.downgrade->text, "DELETE FROM books;\n");
}

TEST(import_dbmate, reads_the_options_of_a_marker) {
  const Revision& revision = find(read_own(Tool::dbmate, "dbmate"), "20240201080000");
  EXPECT_FALSE(revision.upgrade.transaction);
  EXPECT_FALSE(revision.downgrade->transaction);
}

TEST(import_dbmate, takes_a_marker_after_a_statement_without_its_end) {
  Scratch scratch;
  scratch.file("1_a.sql", "-- migrate:up\nCREATE TABLE a ()\n-- migrate:down\nDROP TABLE a\n");
  const Revision revision = read(Tool::dbmate, scratch.path()).revisions[0];
  EXPECT_EQ(revision.upgrade.text, "CREATE TABLE a ()\n");
  EXPECT_EQ(revision.downgrade->text, "DROP TABLE a\n");
}

TEST(import_dbmate, refuses_what_the_tool_refuses) {
  const auto refused = [](const std::string& text) {
    Scratch scratch;
    return refusal(Tool::dbmate, scratch.file("1_a.sql", text));
  };
  EXPECT_EQ(refused("SELECT 1;\n"), "bad_marker 1_a.sql:1");
  EXPECT_EQ(refused("\nSELECT 1;\n-- migrate:up\nSELECT 2;\n"), "bad_marker 1_a.sql:2");
  EXPECT_EQ(refused("-- migrate:up\n-- migrate:up\n"), "bad_marker 1_a.sql:2");
  EXPECT_EQ(refused("-- migrate:up\n-- migrate:down\n\n-- migrate:down\n"), "bad_marker 1_a.sql:4");
}

TEST(import_goose, drops_its_markers) {
  const History history = read_own(Tool::goose, "goose");
  for (const Revision& revision : history.revisions)
    EXPECT_FALSE(has(revision.upgrade.text, "+goose")) << revision.version;
  EXPECT_TRUE(has(find(history, "2").upgrade.text, "CREATE TRIGGER bookings_refuse_overlap"));
  EXPECT_FALSE(find(history, "3").upgrade.transaction);
  EXPECT_FALSE(find(history, "3").downgrade->transaction);
  EXPECT_TRUE(find(history, "4").downgrade);
  EXPECT_FALSE(find(history, "5").downgrade);
}

TEST(import_goose, refuses_what_it_cannot_take_over) {
  const auto refused = [](const std::string& name, const std::string& text) {
    Scratch scratch;
    return refusal(Tool::goose, scratch.file(name, text));
  };
  EXPECT_EQ(refused("1_a.sql", "SELECT 1;\n"), "bad_marker 1_a.sql:1");
  EXPECT_EQ(refused("1_a.sql", "-- +goose Up\n-- +goose Upp\n"), "bad_marker 1_a.sql:2");
  EXPECT_EQ(refused("1_a.sql", "-- +goose Up\n-- +goose ENVSUB ON\n"), "bad_marker 1_a.sql:2");
  EXPECT_EQ(refused("00002_b.go", "package migrations\n"), "not_sql 00002_b.go:0");
}

// The other formats' own ways

TEST(import_sqlx, reads_line_ends_marks_and_the_first_line) {
  const History history = read_own(Tool::sqlx, "sqlx-reversible");
  EXPECT_TRUE(has(find(history, "20230315120000").upgrade.text, "'line one\nline two'"));
  EXPECT_TRUE(find(history, "20230329140000").upgrade.text.starts_with("CREATE TABLE customers"));
  EXPECT_FALSE(find(history, "20230322130000").upgrade.transaction);
  EXPECT_EQ(find(read_own(Tool::sqlx, "sqlx-simple"), "10").written, "0010");
}

TEST(import_diesel, reads_the_metadata) {
  const History history = read_own(Tool::diesel, "diesel");
  EXPECT_FALSE(find(history, "20240402130000").upgrade.transaction);
  EXPECT_TRUE(find(history, "20240301120000").upgrade.transaction);
  EXPECT_EQ(find(history, "202405031400000000").name, "first device");
}

TEST(import_flyway, reads_settings_undoes_and_repeatables) {
  const History history = read_own(Tool::flyway, "flyway");
  EXPECT_TRUE(has(find(history, "1").upgrade.text, "'kept by the books'"));
  EXPECT_FALSE(find(history, "2.10").upgrade.transaction);
  EXPECT_TRUE(has(find(history, "2").downgrade->text, "DROP COLUMN booked_on"));
  EXPECT_EQ(history.revisions[5].name, "Audit view");
  EXPECT_TRUE(history.revisions[6].repeatable);
}

TEST(import_flyway, wants_a_value_for_each_placeholder) {
  Scratch scratch;
  scratch.file("V1__a.sql", "SELECT 1;\n-- ${here}\n");
  EXPECT_EQ(refusal(Tool::flyway, scratch), "unknown_placeholder V1__a.sql:2");
  EXPECT_EQ(refusal(Tool::flyway, scratch, {{"here", "x"}}), "none");
  scratch.file("V1__a.sql.conf", "placeholderReplacement=false\n");
  EXPECT_EQ(refusal(Tool::flyway, scratch), "none");
  scratch.file("V1__a.sql.conf", "# one line\nshouldExecute=false\n");
  EXPECT_EQ(refusal(Tool::flyway, scratch), "bad_setting V1__a.sql.conf:2");
}

TEST(import_flyway, refuses_two_of_a_version_and_an_undo_of_none) {
  Scratch scratch;
  scratch.file("V1__a.sql", "SELECT 1;").file("V1.0__b.sql", "SELECT 1;");
  EXPECT_EQ(refusal(Tool::flyway, scratch), "duplicate_version V1__a.sql:0");
  Scratch other;
  other.file("V1__a.sql", "SELECT 1;").file("U2__b.sql", "SELECT 1;");
  EXPECT_EQ(refusal(Tool::flyway, other), "no_upgrade U2__b.sql:0");
}

TEST(import_sql, wants_a_value_for_each_template_name) {
  Scratch scratch;
  scratch.file("00_a.up.sql",
               "SELECT '{{1,2},{3,4}}';\nSELECT {{ index .Options \"Schema\" }}.f();");
  EXPECT_EQ(refusal(Tool::sql, scratch), "unknown_placeholder 00_a.up.sql:2");
  const History history = read(Tool::sql, scratch.path(), {{"Schema", "app"}});
  EXPECT_EQ(history.revisions[0].upgrade.text, "SELECT '{{1,2},{3,4}}';\nSELECT app.f();");
}

TEST(import_sql, orders_numbers_as_numbers) {
  Scratch scratch;
  scratch.file("V10.x.sql", "").file("9_b.sql", "").file("zeta.sql", "").file("alpha.sql", "");
  scratch.file("1.10_c.sql", "").file("1.9_d.sql", "").file("2024-01-31_e.sql", "");
  EXPECT_EQ(ids_of(read(Tool::sql, scratch.path())),
            (Texts{"1.9", "1.10", "9", "10", "20240131", "alpha", "zeta"}));
}

TEST(import, makes_ids_of_versions_that_cannot_be_ids) {
  Scratch scratch;
  scratch.file("head.sql", "").file("with space.sql", "");
  const Texts ids = ids_of(read(Tool::sql, scratch.path()));
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(ids[0].size(), 12U);
  EXPECT_EQ(ids, ids_of(read(Tool::sql, scratch.path())));
}

TEST(import, refuses_with_file_and_line) {
  const auto refused = [](const std::string& name, const std::string& text) {
    Scratch scratch;
    return refusal(Tool::sql, scratch.file(name, text));
  };
  EXPECT_EQ(refused("1.sql", "SELECT 1;\n-- steward:downgrade\n"), "bad_marker 1.sql:2");
  EXPECT_EQ(refused("1.sql", "SELECT 1; -- steward: x\n"), "bad_marker 1.sql:1");
  EXPECT_EQ(refused("1.sql", "SELECT $$\n-- steward:downgrade\n$$;"), "none");
  EXPECT_EQ(refused("1.sql", std::string("a\n\0b", 4)), "nul_byte 1.sql:2");
  EXPECT_EQ(refused("1.sql", "a\n\n\xFF"), "invalid_utf8 1.sql:3");
  EXPECT_EQ(refused("1.down.sql", "SELECT 1;"), "no_upgrade 1.down.sql:0");
  EXPECT_EQ(refused("1.txt", ""), "nothing_to_import");
  EXPECT_NE(refused("1.sql", "SELECT 1;\n\\connect other\n").find("1.sql:2"), std::string::npos);
  EXPECT_NE(refused("1.sql", "SELECT 1;\nSELECT 'a;\n").find("1.sql:2"), std::string::npos);
}

TEST(import, shows_the_line_that_it_refuses) {
  Scratch scratch;
  scratch.file("V1__a.sql", "SELECT 1;\n  SELECT '${here}';\r\n");
  try {
    read(Tool::flyway, scratch.path());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.place()->excerpt, "SELECT '${here}';");
    EXPECT_EQ(error.hint(), "add -x here=VALUE");
  }
}

TEST(import, refuses_two_files_of_one_version) {
  Scratch scratch;
  scratch.file("1_a.up.sql", "").file("01_b.up.sql", "");
  EXPECT_EQ(refusal(Tool::golang_migrate, scratch).substr(0, 17), "duplicate_version");
}

TEST(import, knows_the_tools_by_name) {
  EXPECT_EQ(tool_of("golang-migrate"), Tool::golang_migrate);
  EXPECT_EQ(name_of(Tool::sql), "sql");
  EXPECT_THROW(tool_of("migrate"), Error);
  EXPECT_EQ(values_of({"a=b", "c=d=e"}), (Values{{"a", "b"}, {"c", "d=e"}}));
  EXPECT_THROW(values_of({"a"}), Error);
  EXPECT_THROW(values_of({"a=1", "a=2"}), Error);
}

// Real histories: six applications, where they are at hand.

struct Real {
  Tool tool;
  std::string name;
  std::size_t revisions;
  std::size_t downs;
  std::string first;
  std::string last;
  Values values;
};

TEST(import, reads_real_histories) {
  const fs::path real = fs::path(STEWARD_SOURCE_DIR) / "../shared/real/histories";
  if (!fs::exists(real)) GTEST_SKIP() << "no real histories here";
  const std::vector<Real> all = {
      {Tool::sql, "authelia", 26, 26, "0001", "0026", {}},
      {Tool::diesel, "chirpstack", 31, 31, "00000000000000", "202606151411140000", {}},
      {Tool::sqlx, "svix", 16, 16, "20220123205937", "20250909214223", {}},
      {Tool::sql, "supabase-auth", 70, 0, "00", "20260625000000", {{"Namespace", "auth"}}},
      {Tool::prisma, "umami", 19, 0, "01_init", "19_add_session_replay", {}},
      {Tool::goose, "openfga", 6, 6, "001", "006", {}}};
  for (const Real& expected : all) {
    const History history = read(expected.tool, real / expected.name, expected.values);
    EXPECT_EQ(history.revisions.size(), expected.revisions) << expected.name;
    EXPECT_EQ(downs_of(history), expected.downs) << expected.name;
    EXPECT_EQ(history.revisions.front().id, expected.first);
    EXPECT_EQ(history.revisions.back().id, expected.last);
    const Scratch target;
    EXPECT_EQ(write(history, target.path()).files.size(), expected.revisions);
    EXPECT_EQ(revision::read_directory(target.path()).size(), expected.revisions);
  }
}

}  // namespace
}  // namespace steward::importer
