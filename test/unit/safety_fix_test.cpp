// The safe forms that lint --fix writes, as texts. That they do the same on a server is shown by
// test/cluster/lint_test.cpp.
#include <gtest/gtest.h>

#include "runner/safety/fix.h"

namespace steward::safety {
namespace {

std::optional<Fix> fix(const std::string& up, const std::string& down = "SELECT 1;",
                       const std::string& header = "") {
  const std::string text = "-- revision: r1\n" + header + "-- steward:upgrade\n" + up +
                           "\n-- steward:downgrade\n" + down + "\n";
  revision::File file = revision::parse(text, "r1_r1.sql");
  file.copy = std::make_shared<const std::string>(text);
  const Settings settings;
  return fix_for(file, text, subject_of(file, settings), {}, {}, settings);
}

TEST(Fix, puts_an_index_into_the_revision_itself_when_nothing_else_is_there) {
  const auto fixed = fix("-- for the list\nCREATE UNIQUE INDEX i ON item (a);", "DROP INDEX i;");
  ASSERT_TRUE(fixed);
  EXPECT_TRUE(fixed->parts.empty());
  EXPECT_EQ(fixed->text,
            "-- revision: r1\n-- steward:upgrade transaction=off\n"
            "CREATE UNIQUE INDEX CONCURRENTLY i ON item (a);\n\n"
            "-- steward:downgrade transaction=off\nDROP INDEX CONCURRENTLY IF EXISTS i;\n");
}

TEST(Fix, puts_an_index_behind_what_stays) {
  const auto fixed = fix("CREATE TABLE box (id int);\nCREATE INDEX ON item (a, b);",
                         "DROP INDEX item_a_b_idx;\nDROP TABLE box;");
  ASSERT_TRUE(fixed);
  ASSERT_EQ(fixed->parts.size(), 1u);
  EXPECT_FALSE(fixed->parts[0].transaction);
  EXPECT_EQ(fixed->parts[0].upgrade, "CREATE INDEX CONCURRENTLY item_a_b_idx ON item (a, b);");
  EXPECT_NE(fixed->text.find("CREATE TABLE box (id int);"), std::string::npos);
  EXPECT_EQ(fixed->text.find("INDEX"), std::string::npos) << fixed->text;
}

TEST(Fix, names_and_validates_a_foreign_key_later) {
  const auto fixed =
      fix("ALTER TABLE item ADD FOREIGN KEY (box_id) REFERENCES box ON DELETE CASCADE;");
  ASSERT_TRUE(fixed);
  EXPECT_NE(
      fixed->text.find("ALTER TABLE item ADD CONSTRAINT item_box_id_fkey FOREIGN KEY (box_id) "
                       "REFERENCES box ON DELETE CASCADE NOT VALID;"),
      std::string::npos)
      << fixed->text;
  ASSERT_EQ(fixed->parts.size(), 1u);
  EXPECT_EQ(fixed->parts[0].upgrade, "ALTER TABLE item VALIDATE CONSTRAINT item_box_id_fkey;");
}

TEST(Fix, leaves_what_is_allowed_new_or_has_several_parts) {
  const std::string index = "CREATE INDEX i ON item (a);";
  EXPECT_FALSE(fix(index, "DROP INDEX i;", "-- allow: create-index-not-concurrent small\n"));
  EXPECT_FALSE(fix("CREATE TABLE item (a int);\n" + index));
  EXPECT_FALSE(fix("ALTER TABLE item ADD COLUMN b int, ALTER COLUMN a SET NOT NULL;"));
  EXPECT_FALSE(fix("DROP INDEX i;"));  // nobody knows how to make it again
}

TEST(Fix, says_what_a_later_statement_stands_on) {
  const auto fixed = fix("CREATE INDEX i ON item (a);\nALTER TABLE item CLUSTER ON i;");
  ASSERT_TRUE(fixed);
  EXPECT_TRUE(fixed->done.empty());
  ASSERT_EQ(fixed->left.size(), 1u);
  EXPECT_NE(fixed->left[0].find("line 3"), std::string::npos);
}

TEST(Fix, takes_the_index_that_the_downgrade_makes_again) {
  const auto fixed = fix("DROP INDEX i;", "CREATE INDEX i ON item (a);");
  ASSERT_TRUE(fixed);
  EXPECT_NE(fixed->text.find("DROP INDEX CONCURRENTLY i;"), std::string::npos);
  EXPECT_NE(fixed->text.find("CREATE INDEX CONCURRENTLY i ON item (a);"), std::string::npos);
}

}  // namespace
}  // namespace steward::safety
