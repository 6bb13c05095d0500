// Files that cannot be right: each is refused before anything is sent, with the place and what to
// do.
#include <gtest/gtest.h>

#include <filesystem>

#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;
using namespace std::string_literals;

using BadInput = Untroubled;

// Five lines: what follows begins on the sixth.
const std::string begun = header("a3", "a2") + "-- steward:upgrade\nCREATE TABLE a3 (n integer);\n";

TEST_F(BadInput, refuses_a_directory_that_is_not_there) {
  fs::rename(project_.root() / "migrations", project_.root() / "moved");
  expect_refused(2, {"migrations", "No such file or directory", "hint: steward init"});
}

TEST_F(BadInput, refuses_a_directory_that_is_a_file) {
  fs::rename(project_.root() / "migrations", project_.root() / "moved");
  project_.write("migrations", "");
  expect_refused(2, {"migrations", "directory"});
}

TEST_F(BadInput, refuses_an_unknown_header) {
  expect_file_refused("-- revision: a3\n-- revises: a2\n-- colour: red\n-- steward:upgrade\n", 2,
                      {"colour", "migrations/a3_a3.sql:3"});
}

TEST_F(BadInput, refuses_an_unknown_marker) {
  expect_file_refused(begun + "-- steward:sideways\nSELECT 1;\n", 2,
                      {"sideways", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_an_unknown_option_of_a_marker) {
  expect_file_refused(header("a3", "a2") + "-- steward:upgrade transactions=off\n", 2,
                      {"transactions", "migrations/a3_a3.sql:4"});
}

TEST_F(BadInput, refuses_an_empty_file) {
  expect_file_refused("", 2, {"migrations/a3_a3.sql", "revision"});
}

TEST_F(BadInput, refuses_an_id_that_is_none) {
  expect_file_refused(header("a'3", "a2") + "-- steward:upgrade\n", 2,
                      {"a'3", "migrations/a3_a3.sql:1"});
}

TEST_F(BadInput, refuses_a_missing_parent) {
  project_.add("a3", "nosuch", "SELECT 1;");
  expect_refused(5, {"a3", "nosuch", "hint:"});
}

TEST_F(BadInput, refuses_a_missing_dependency) {
  project_.add("a3", "a2", "SELECT 1;", "", "-- depends-on: nosuch\n");
  expect_refused(5, {"a3", "nosuch"});
}

TEST_F(BadInput, refuses_a_cycle) {
  project_.add("b1", "b3", "SELECT 1;");
  project_.add("b2", "b1", "SELECT 1;");
  project_.add("b3", "b2", "SELECT 1;");
  expect_refused(5, {"stands on itself", "b1 needs b3 needs b2 needs b1", "hint:"});
}

TEST_F(BadInput, refuses_an_id_twice) {
  project_.write("migrations/a2_other.sql", header("a2", "a1") + "-- steward:upgrade\n");
  expect_refused(5, {"a2", "a2_a2.sql", "a2_other.sql"});
}

TEST_F(BadInput, refuses_a_second_head) {
  project_.add("b3", "a2", "CREATE TABLE b3 ();");
  project_.add("c3", "a2", "CREATE TABLE c3 ();");
  expect_refused(5, {"b3", "c3", "steward merge"});
}

TEST_F(BadInput, refuses_an_edited_upgrade) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n bigint);", "DROP TABLE a2;");
  expect_refused(4, {"a2", "edited", "upgrade section", "a2_a2.sql", "hint:"});
  expect_refused(4, {"a2", "edited"}, {"downgrade", "-1"});
}

TEST_F(BadInput, refuses_an_edited_downgrade) {
  project_.add("a2", "a1", "CREATE TABLE a2 (n integer);", "DROP TABLE a1;");
  expect_refused(4, {"a2", "edited", "downgrade section"}, {"downgrade", "-1"});
}

TEST_F(BadInput, refuses_an_edit_inside_a_literal_that_looks_like_layout) {
  project_.add("a3", "a2", "COMMENT ON TABLE a2 IS 'two words';");
  ASSERT_EQ(project_.steward({"upgrade"}).exit, 0);
  project_.add("a3", "a2", "COMMENT ON TABLE a2 IS 'two  words';");
  expect_refused(4, {"a3", "edited"});
}

TEST_F(BadInput, refuses_an_applied_revision_under_another_id) {
  fs::remove(project_.root() / "migrations/a2_a2.sql");
  project_.add("b2", "a1", "CREATE TABLE a2 (n integer);", "DROP TABLE a2;");
  expect_refused(4, {"a2", "renamed", "b2_b2.sql"});
}

TEST_F(BadInput, refuses_to_go_on_without_an_applied_file) {
  fs::remove(project_.root() / "migrations/a2_a2.sql");
  expect_refused(4, {"a2", "no file", "hint:"});
}

TEST_F(BadInput, takes_white_space_line_ends_and_file_names_for_no_edit) {
  const std::string before = state();
  fs::remove(project_.root() / "migrations/a2_a2.sql");
  project_.write("migrations/a2_another_name.sql",
                 "-- revision: a2\r\n-- revises: a1\r\n-- message: a2\r\n-- steward:upgrade\r\n"
                 "CREATE TABLE a2\r\n\t(n   integer)  ;\r\n\r\n-- steward:downgrade\r\n"
                 "DROP TABLE a2; -- gone\r\n\r\n\r\n");
  project_.add("a3", "a2", "CREATE TABLE a3 ();");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(applied(), "a1,a2,a3");
  EXPECT_EQ(project_.steward({"downgrade", "a1"}).exit, 0);
}

TEST_F(BadInput, refuses_a_nul_byte) {
  expect_file_refused(begun + "SELECT 'a\0b';\n"s, 2, {"NUL", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_what_is_not_utf8) {
  expect_file_refused(begun + "SELECT 'caf\xe9';\n", 2, {"UTF-8", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_utf16) {
  expect_file_refused("\xff\xfe-\0-\0 \0"s, 2, {"migrations/a3_a3.sql:1"});
}

TEST_F(BadInput, refuses_a_quote_that_does_not_end) {
  expect_file_refused(begun + "SELECT 'it;\nSELECT 1;\n", 2,
                      {"unterminated", "migrations/a3_a3.sql:6:8"});
}

TEST_F(BadInput, refuses_a_body_that_does_not_end) {
  expect_file_refused(begun + "DO $do$ BEGIN\nEND $do;\n", 2,
                      {"unterminated", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_a_comment_that_does_not_end) {
  expect_file_refused(begun + "/* /* */ SELECT 1;\n", 2,
                      {"unterminated", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_copy_data_that_do_not_end) {
  expect_file_refused(begun + "COPY a3 FROM stdin;\n1\n2\n", 2, {"COPY", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_a_marker_inside_what_does_not_end) {
  expect_file_refused(begun + "SELECT 'it;\n-- steward:downgrade\nSELECT 1;\n", 2,
                      {"unterminated", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, refuses_commands_of_psql) {
  expect_file_refused(begun + "\\i other.sql\n", 2, {"psql", "\\i", "migrations/a3_a3.sql:6"});
}

TEST_F(BadInput, skips_the_restrict_that_pg_dump_writes) {
  project_.write("migrations/a3_a3.sql",
                 header("a3", "a2") +
                     "-- steward:upgrade\n\\restrict key\nCREATE TABLE a3 (n integer);\n"
                     "\\unrestrict key\n");
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_TRUE(has_table("a3"));
}

TEST_F(BadInput, says_the_same_to_scripts) {
  project_.write("migrations/a3_a3.sql", begun + "-- steward:sideways\n");
  const auto refused = project_.steward({"upgrade", "--json"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_NE(refused.out.find("\"line\":6"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("\"exit\":2"), std::string::npos) << refused.out;
}

}  // namespace
}  // namespace steward::test
