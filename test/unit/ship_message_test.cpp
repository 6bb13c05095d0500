#include "runner/ship/message.h"

#include <gtest/gtest.h>

#include "runner/ship/fault.h"
#include "runner/ship/resume.h"
#include "runner/ship/script.h"

namespace steward::ship {
namespace {

revision::File file_named(const std::string& path) {
  revision::File file;
  file.path = path;
  file.id = "a1";
  return file;
}

sql::Statement statement(const std::string& text) {
  sql::Splitter splitter(sql::source_of(text), "");
  sql::Statement made;
  EXPECT_TRUE(splitter.next(made));
  return made;
}

TEST(ShipMessage, says_which_file_line_column_and_statement_a_character_stands_for) {
  Message message;
  message.add("BEGIN;\n");
  message.add_section(0, file_named("m/a.sql"), "SELECT 1;\nSELECT ä, nowhere;\n", 10);
  long position = static_cast<long>(std::string("BEGIN;\nSELECT 1;\nSELECT x, ").size()) + 1;
  auto place = message.locate(position, 1);
  ASSERT_TRUE(place);
  EXPECT_EQ(place->file, "m/a.sql");
  EXPECT_EQ(place->line, 11u);
  EXPECT_EQ(place->column, 11u);
  EXPECT_EQ(place->statement, 2);
  EXPECT_EQ(place->excerpt, "SELECT ä, nowhere;");
}

TEST(ShipMessage, tells_the_sections_of_a_joined_message_apart) {
  Message message;
  message.add_section(0, file_named("m/a.sql"), "SELECT 1;", 5);
  message.add("COMMIT;");
  message.add_section(1, file_named("m/b.sql"), "SELECT 2;", 7);
  EXPECT_EQ(message.step_at(3), 0u);
  EXPECT_EQ(message.step_at(18), 1u);
  EXPECT_EQ(message.locate(18, 1)->file, "m/b.sql");
}

TEST(ShipMessage, has_no_place_for_what_is_not_of_a_file) {
  Message message;
  message.add("BEGIN; SELECT wrong;");
  EXPECT_FALSE(message.locate(9, 1));
  EXPECT_FALSE(message.locate(0, 1));
}

TEST(ShipMessage, finds_the_line_for_an_excerpt) {
  Message message;
  message.add("BEGIN;\n");
  message.add_section(0, file_named("m/a.sql"), "one\ntwo\nthree", 4);
  EXPECT_EQ(message.line_of("m/a.sql", 5), "two");
  EXPECT_EQ(message.line_of("m/a.sql", 6), "three");
  EXPECT_EQ(message.line_of("m/a.sql", 9), "");
  EXPECT_EQ(message.line_of("m/b.sql", 5), "");
}

TEST(ShipContext, is_read_back_from_the_servers_lines) {
  auto place = place_in_context(
      "PL/pgSQL function f() line 3 at RAISE\nrevision a1, statement 12, my dir/a: b.sql:40");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->file, "my dir/a: b.sql");
  EXPECT_EQ(place->line, 40u);
  EXPECT_EQ(place->statement, 12);
}

TEST(ShipContext, that_is_not_ours_is_no_place) {
  EXPECT_FALSE(place_in_context(""));
  EXPECT_FALSE(place_in_context("COPY t, line 3: \"x\""));
  EXPECT_FALSE(place_in_context("revision a1, after statement 3, m/a.sql"));
}

TEST(ShipScript, quotes_so_that_no_text_ends_the_quote) {
  EXPECT_EQ(dollar_quoted("a'b"), "$steward$a'b$steward$");
  EXPECT_EQ(dollar_quoted("x $steward$ y"), "$steward1$x $steward$ y$steward1$");
}

TEST(ShipFault, knows_what_may_be_tried_again) {
  pg::Failure failure;
  failure.sqlstate = "55P03";
  EXPECT_EQ(remedy_for(failure, false, false), Remedy::wait);
  EXPECT_EQ(remedy_for(failure, true, true), Remedy::retry);
  failure.sqlstate = "ST001";
  EXPECT_EQ(remedy_for(failure, false, true), Remedy::replan);
  failure.sqlstate = "42601";
  failure.position = 4;
  EXPECT_EQ(remedy_for(failure, false, false), Remedy::piece);
  EXPECT_EQ(remedy_for(failure, true, true), Remedy::none);
}

TEST(ShipResume, marks_a_statement_in_its_own_transaction_where_it_has_one) {
  EXPECT_TRUE(commits_with_its_mark(statement("INSERT INTO t VALUES (1)")));
  EXPECT_TRUE(commits_with_its_mark(statement("ALTER TYPE mood ADD VALUE 'ok'")));
  EXPECT_FALSE(commits_with_its_mark(statement("CALL p()")));
  EXPECT_FALSE(commits_with_its_mark(statement("VACUUM t")));
  EXPECT_FALSE(commits_with_its_mark(statement("REINDEX (CONCURRENTLY) INDEX i")));
}

}  // namespace
}  // namespace steward::ship
