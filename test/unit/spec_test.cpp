// The spec as text: what the reader takes and refuses, that what is written is read as the same,
// and the statements it stands for.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>

#include "runner/error.h"
#include "runner/spec/cell.h"
#include "runner/spec/markdown.h"
#include "runner/spec/marks.h"
#include "runner/spec/reader.h"
#include "runner/spec/statements.h"
#include "runner/spec/writer.h"
#include "runner/text.h"

namespace steward::spec {
namespace {

constexpr const char* tasks =
    "# The tasks\n\nSome words, and a list:\n\n- one\n\n"
    "## Table `tasks`\n\n"
    "### Purpose\n\nWhat a user *has* to do.\n\n- really\n\n"
    "### Columns\n\n"
    "| Column | Type | Null | Default | Key | Description |\n"
    "|--------|------|:----:|---------|-----|-------------|\n"
    "| `id` | bigint | no | `generated always as identity` | PK | |\n"
    "| user_id | `uuid` | no | | FK | Whose <br> task \\| it is |\n"
    "| title | `varchar(20)` | yes | `'a' \\|\\| 'b'` | unique | |\n\n"
    "### Relationships\n\n"
    "| Columns | References | Rules |\n|---|---|---|\n"
    "| user_id | users (id) | on delete cascade |\n\n"
    "### Indexes\n\n| Name | Columns | Where |\n|---|---|---|\n| `open` | `user_id, id` | `title "
    "IS NULL` |\n\n"
    "### Policies\n\nRow security: forced\n\n| Name | Using |\n|---|---|\n| own | user_id = me() "
    "|\n\n"
    "## Enums\n\n| Enum | Values |\n|---|---|\n| state | open, `in work`, 'it''s, done' |\n\n"
    "## SQL\n\n```sql\nCREATE VIEW v AS\n\tSELECT 1;\n```\n";

std::string refusal(const std::string& text) {
  try {
    read(text, "a.md");
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.code(), "bad_spec");
    EXPECT_FALSE(error.hint().empty());
    return error.place()->file + ":" + std::to_string(error.place()->line) + ": " + error.what();
  }
  return "accepted";
}

std::vector<std::string> sql_of(const std::string& text) {
  std::vector<std::string> all;
  for (const desired::Statement& one : statements_of(read(text, "a.md"))) all.push_back(one.sql);
  return all;
}

TEST(Spec, says_what_its_sections_say) {
  const Document page = read(tasks, "a.md");
  ASSERT_EQ(page.relations.size(), 1U);
  const Relation& table = page.relations[0];
  EXPECT_EQ(table.name, "tasks");
  EXPECT_EQ(table.purpose, "What a user *has* to do.\n\n- really");
  ASSERT_EQ(table.columns.size(), 3U);
  EXPECT_EQ(table.columns[1].description, "Whose \n task | it is");
  EXPECT_EQ(table.columns[2].value, "'a' || 'b'");
  EXPECT_EQ(table.columns[2].line, 21U);
  EXPECT_EQ(table.row_security, RowSecurity::forced);
  ASSERT_EQ(page.enums.size(), 1U);
  EXPECT_EQ(page.enums[0].values, (std::vector<std::string>{"open", "in work", "it's, done"}));
  ASSERT_EQ(page.sql.size(), 1U);
  EXPECT_EQ(page.sql[0].text, "CREATE VIEW v AS\n\tSELECT 1;\n");
}

TEST(Spec, becomes_a_statement_for_each_line) {
  EXPECT_EQ(
      sql_of(tasks),
      (std::vector<std::string>{
          "SET search_path = public",
          "CREATE TYPE state AS ENUM ('open', 'in work', 'it''s, done')", "CREATE TABLE tasks ()",
          "ALTER TABLE tasks ADD COLUMN id bigint generated always as identity NOT NULL",
          "ALTER TABLE tasks ADD COLUMN user_id uuid NOT NULL",
          "ALTER TABLE tasks ADD COLUMN title varchar(20) DEFAULT 'a' || 'b'",
          "COMMENT ON TABLE tasks IS 'What a user *has* to do.\n\n- really'",
          "COMMENT ON COLUMN tasks.user_id IS 'Whose \n task | it is'",
          "ALTER TABLE tasks ADD UNIQUE (title)", "ALTER TABLE tasks ADD PRIMARY KEY (id)",
          "CREATE INDEX open ON tasks (user_id, id) WHERE title IS NULL",
          "ALTER TABLE tasks ENABLE ROW LEVEL SECURITY",
          "ALTER TABLE tasks FORCE ROW LEVEL SECURITY",
          "CREATE POLICY own ON tasks USING (user_id = me())",
          "ALTER TABLE tasks ADD FOREIGN KEY (user_id) REFERENCES users (id) on delete "
          "cascade",
          "CREATE VIEW v AS\n\tSELECT 1;"}));
}

TEST(Spec, knows_the_line_of_each_statement) {
  std::map<std::string, std::uint64_t> lines;
  for (const desired::Statement& one : statements_of(read(tasks, "a.md")))
    lines[one.sql] = one.place.line;
  EXPECT_EQ(lines.at("ALTER TABLE tasks ADD COLUMN user_id uuid NOT NULL"), 20U);
  EXPECT_EQ(lines.at("ALTER TABLE tasks ADD UNIQUE (title)"), 21U);
  EXPECT_EQ(lines.at("CREATE VIEW v AS\n\tSELECT 1;"), 52U);
}

TEST(Spec, leaves_prose_alone) {
  EXPECT_TRUE(
      read("# Notes\n\nTable of contents\n\n## Table of contents\n\n- a\n\n```\nSELECT\n```\n",
           "a.md")
          .empty());
  EXPECT_TRUE(read("", "a.md").empty());
  EXPECT_EQ(lines_of("a\r\nb\rc\n\nd"), (std::vector<std::string>{"a", "b", "c", "", "d"}));
  EXPECT_TRUE(read("\xEF\xBB\xBF# x\r\n\r\ntext\r\n", "a.md").empty());
}

// One table of one column, and something wrong with it.
std::string wrong(
    const std::string& rows, const std::string& rest = "",
    const std::string& header = "| Column | Type | Null | Key |\n|---|---|---|---|\n") {
  return refusal("# Table t\n\n## Columns\n\n" + header + rows + rest);
}

TEST(Spec, names_the_line_of_what_it_does_not_understand) {
  EXPECT_EQ(wrong("| a | int | no | |\n"), "accepted");
  EXPECT_EQ(wrong("| a | int | no |\n"), "a.md:7: table t: the row has 3 cells, the header has 4");
  EXPECT_EQ(wrong("| a | int | no | | |\n"),
            "a.md:7: table t: the row has 5 cells, the header has 4");
  EXPECT_EQ(wrong("| a | `x || y` | no | |\n"),
            "a.md:7: table t: the row has 6 cells, the header has 4");
  EXPECT_EQ(wrong("| a | int | maybe | |\n"),
            "a.md:7: table t: column a: \"maybe\" under Null is neither yes nor no");
  EXPECT_EQ(wrong("| a | int | no | primary |\n"),
            "a.md:7: table t: column a: \"primary\" is no key");
  EXPECT_EQ(wrong("| a | int | yes | PK |\n"),
            "a.md:7: table t: column a: a column of the primary key cannot be null");
  EXPECT_EQ(wrong("| a | | no | |\n"), "a.md:7: table t: column a: nothing stands under Type");
  EXPECT_EQ(wrong("| a | int | | |\n"), "a.md:7: table t: column a: nothing stands under Null");
  EXPECT_EQ(wrong("| a | `int` x | no | |\n"),
            "a.md:7: table t: column a: the cell under Type is not one piece of SQL");
  EXPECT_EQ(wrong("| a | int | no | FK |\n"),
            "a.md:7: table t: column a says FK, but no relationship has it");
}

TEST(Spec, names_a_section_that_is_no_table) {
  EXPECT_EQ(wrong("| a | int |\n", "", "| Column | Type |\n|--|--|\n"),
            "a.md:5: table t: this is no table in Markdown");
  EXPECT_EQ(wrong("| a | int |\n", "", "| Column | Type |\n"),
            "a.md:5: table t: this is no table in Markdown");
  EXPECT_EQ(wrong("| a | int |\n", "", "Column list:\n| Column | Type |\n|---|---|\n"),
            "a.md:5: table t: this is no table in Markdown");
  EXPECT_EQ(wrong("", "", "Nothing yet\n"), "a.md:3: table t: section Columns has no table");
  EXPECT_EQ(wrong("| a | int |\n", "", "| Column | Typ |\n|---|---|\n"),
            "a.md:5: table t: section Columns: unknown column \"Typ\"");
  EXPECT_EQ(wrong("| int |\n", "", "| Type |\n|---|\n"),
            "a.md:5: table t: section Columns: there is no column \"Column\"");
  EXPECT_EQ(wrong("| a | int | x |\n", "", "| Column | Type | type |\n|---|---|---|\n"),
            "a.md:5: table t: section Columns: two columns \"type\"");
}

TEST(Spec, passes_over_nothing_that_looks_like_schema) {
  const std::string row = "| a | int | no | |\n";
  EXPECT_EQ(refusal("# Table t\n\nWhat for\n"), "a.md:1: table t: there is no section Columns");
  EXPECT_EQ(refusal("# Columns\n"), "a.md:1: section Columns belongs to no table");
  EXPECT_EQ(wrong(row, "\n## Columns\n\nagain\n"), "a.md:9: table t: a second section Columns");
  EXPECT_EQ(wrong(row, "\n# Index\n\n| Name | Columns |\n|---|---|\n| i | a |\n"),
            "a.md:11: a table under \"Index\" says nothing of the schema");
  EXPECT_EQ(wrong(row, "\n## Notes\n\n```sql\nSELECT 1;\n```\n"),
            "a.md:11: table t: a block of SQL under \"Notes\" says nothing of the schema");
  EXPECT_EQ(wrong(row, "\n## Policies\n\nRow security: on\n"),
            "a.md:11: table t: section Policies does not say that");
  EXPECT_EQ(refusal("# Table t\n\n## Columns\n\n\xFF\n"), "a.md:5: the page is no UTF-8 text");
}

TEST(Spec, ends_a_table_at_a_heading_that_is_as_high) {
  EXPECT_EQ(wrong("| a | int | no | |\n", "\n# Indexes\n"),
            "a.md:9: section Indexes belongs to no table");
}

// --- Cells --------------------------------------------------------------------------------------

TEST(Cell, holds_any_line_of_sql) {
  EXPECT_TRUE(rc::check([] {
    const auto piece =
        rc::gen::element<std::string>("a", "`", "``", "|", "\\", "'", " ", "\"", "<br>", "é");
    const std::string sql(trim(joined(*rc::gen::container<std::vector<std::string>>(piece), "")));
    const std::optional<std::string> cell = cell_of_sql(sql);
    RC_PRE(cell.has_value());
    const std::vector<std::string> cells = cells_of("| " + *cell + " | x |");
    RC_ASSERT(cells.size() == 2U);
    RC_ASSERT(sql_in(cells[0]) == sql);
  }));
  EXPECT_EQ(cell_of_sql("a\nb"), std::nullopt);
}

TEST(Cell, holds_what_is_written_for_people) {
  EXPECT_TRUE(rc::check([] {
    const auto piece =
        rc::gen::element<std::string>("a", "`", "|", "\\", "*", " ", "\n", "<", "br>", "&amp;");
    const std::string prose = joined(*rc::gen::container<std::vector<std::string>>(piece), "");
    const std::optional<std::string> cell = cell_of_prose(prose);
    RC_PRE(cell.has_value());
    const std::vector<std::string> cells = cells_of("| x | " + *cell + " |");
    RC_ASSERT(cells.size() == 2U);
    RC_ASSERT(prose_in(cells[1]) == prose);
  }));
  EXPECT_EQ(cell_of_prose(" edge"), std::nullopt);
  EXPECT_EQ(cell_of_prose("says <br> itself"), std::nullopt);
}

TEST(Cell, refuses_sql_that_markdown_would_change) {
  for (const char* cell : {"`a` b", "a\\_b", "`a``", "``", "`a` `b`"})
    EXPECT_EQ(sql_in(cell), std::nullopt) << cell;
}

TEST(Cell, puts_sql_on_one_line_when_that_changes_nothing) {
  EXPECT_EQ(on_one_line("a AND (\n   b\n)"), "a AND ( b )");
  EXPECT_EQ(on_one_line("a = 'x\ny'"), std::nullopt);
  EXPECT_EQ(on_one_line("a -- why\n b"), std::nullopt);
}

// --- Written and read again ---------------------------------------------------------------------

rc::Gen<std::string> name() {
  return rc::gen::element<std::string>("id", "user_id", "\"Order\"", "\"a|b\"", "\"a\"\"b`\"",
                                       "x1");
}
rc::Gen<std::string> prose() {
  return rc::gen::element<std::string>("", "Why", "two\nlines", "a | b", "`code` *and* \\ more",
                                       "é");
}
rc::Gen<std::string> sql_or_nothing() {
  return rc::gen::element<std::string>("", "now()", "'a|b'", "E'\\\\'", "lower('`')", "a || b");
}

Column a_column() {
  Column column;
  column.name = *name();
  column.type = *rc::gen::element<std::string>("text", "varchar(3)[]", "text COLLATE \"C\"");
  column.primary_key = *rc::gen::arbitrary<bool>();
  column.nullable = !column.primary_key && *rc::gen::arbitrary<bool>();
  column.unique = *rc::gen::arbitrary<bool>();
  column.value = *sql_or_nothing();
  column.description = *prose();
  return column;
}

Relation a_relation() {
  Relation relation;
  relation.name = *rc::gen::element<std::string>("tasks", "billing.tasks", "\"Odd name\"");
  relation.purpose = *rc::gen::element<std::string>("", "Why", "One.\n\nTwo.\n- list\n1. more",
                                                    "| not | a |\n|---|---|\n| table |");
  const int columns = *rc::gen::inRange(0, 4);
  for (int at = 0; at < columns; ++at) relation.columns.push_back(a_column());
  if (*rc::gen::arbitrary<bool>())
    relation.constraints.push_back({0, "c", "CHECK (a <> '|')", *prose()});
  if (*rc::gen::arbitrary<bool>())
    relation.relationships.push_back({0, "a, b", "u (a, b)", "", "", ""});
  if (*rc::gen::arbitrary<bool>())
    relation.indexes.push_back(
        {0, "i", "lower(a)", *rc::gen::arbitrary<bool>(), "gin", "", "a IS NULL", *prose()});
  if (*rc::gen::arbitrary<bool>())
    relation.policies.push_back(
        {0, "p", "SELECT", *rc::gen::arbitrary<bool>(), "app", "true", "", *prose()});
  relation.inherits = *rc::gen::element<std::string>("", "base", "a, billing.\"B\"");
  relation.of_type = *rc::gen::element<std::string>("", "shape");
  relation.partition_by = *rc::gen::element<std::string>("", "RANGE (a, lower('|'))");
  if (!relation.partition_by.empty() && *rc::gen::arbitrary<bool>())
    relation.partitions.push_back({0, "p", "DEFAULT", *rc::gen::element<std::string>("", "q"),
                                   *rc::gen::element<std::string>("", "HASH (b)"), *prose()});
  relation.row_security = *rc::gen::element(RowSecurity::unsaid, RowSecurity::off,
                                            RowSecurity::enabled, RowSecurity::forced);
  return relation;
}

void without_lines(Document& document) {
  for (Sql& one : document.sql) one.line = 0;
  for (Enum& one : document.enums) one.line = 0;
  for (Relation& relation : document.relations) {
    relation.line = relation.purpose_line = 0;
    for (Column& one : relation.columns) one.line = 0;
    for (Constraint& one : relation.constraints) one.line = 0;
    for (Relationship& one : relation.relationships) one.line = 0;
    for (Index& one : relation.indexes) one.line = 0;
    for (Policy& one : relation.policies) one.line = 0;
    for (Partition& one : relation.partitions) one.line = 0;
  }
}

TEST(Spec, is_read_as_it_was_written) {
  EXPECT_TRUE(rc::check([] {
    Document document{"a.md"};
    const int relations = *rc::gen::inRange(0, 3);
    for (int at = 0; at < relations; ++at) document.relations.push_back(a_relation());
    if (*rc::gen::arbitrary<bool>())
      document.enums.push_back({0, "e", {"a", "b, c", "it's"}, *prose()});
    if (*rc::gen::arbitrary<bool>()) document.sql.push_back({0, "SELECT '```';\n\n\tSELECT 2;\n"});
    const std::string text = write(document);
    Document again = read(text, "a.md");
    without_lines(again);
    RC_ASSERT(again.relations == document.relations);
    RC_ASSERT(again.enums == document.enums);
    RC_ASSERT(again.sql == document.sql);
    RC_ASSERT(write(again) == text);
  }));
}

// --- Old names ----------------------------------------------------------------------------------

std::string marks_in(const std::string& text) {
  std::string all;
  for (const rename::Mark& mark : marks_of(read(text, "a.md")))
    all += std::to_string(mark.line) + " " + joined(mark.object, ".") +
           (mark.part.empty() ? "" : " " + mark.part) + (mark.label ? "!" : "") + " was " +
           mark.was + "\n";
  return all;
}

TEST(Spec, has_marks_where_the_names_are) {
  EXPECT_EQ(marks_in("# Table `app.\"New\"` <!-- was: old -->\n\n## Columns\n\n"
                     "| Column | Type | Default | Description |\n|---|---|---|---|\n"
                     "| `Id` <!-- was: app.t.key --> | `int` | | |\n"
                     "| b | `text` | `'<!-- was: x -->'` | why <!-- was: \"C c\" --> |\n\n"
                     "## Indexes\n\n| Name | Columns |\n|---|---|\n| i <!--was:j--> | b |\n\n"
                     "# Enums\n\n| Enum | Values |\n|---|---|\n"
                     "| s <!-- was: state --> | a, 'b, c' <!-- was: d e -->, `f` |\n\n"
                     "# SQL\n\n```sql\n-- was: w\nCREATE VIEW v AS SELECT 1;\n```\n"),
            "1 app.New was old\n7 app.New id was key\n8 app.New b was C c\n14 app.i was j\n"
            "20 public.s was state\n20 public.s b, c! was d e\n25 v was w\n");
  EXPECT_EQ(marks_in("# Table t\n\n<!-- was: u -->\n\n## Columns\n\n| Column | Type |\n|---|---|\n"
                     "| a | int |\n"),
            "3 public.t was u\n");
}

TEST(Spec, has_no_mark_without_a_name) {
  const std::string table =
      "# Table t\n\n## Columns\n\n| Column | Type |\n|---|---|\n| a | int |\n\n";
  EXPECT_NE(
      refusal(table + "## Constraints\n\n| Definition |\n|---|\n| CHECK (a > 0) <!-- was: c --> "
                      "|\n")
          .find("a.md:13: "),
      std::string::npos);
  EXPECT_NE(refusal("# Table t <!-- was: -->\n\n## Columns\n\n| Column | Type |\n|---|---|\n| a | "
                    "int |\n")
                .find("does not say what it was"),
            std::string::npos);
}

TEST(Spec, takes_no_purpose_that_would_not_come_back) {
  for (const char* text : {"# heading", "a\n---", " edge", "```\ncode\n```", "a\r\nb", "~~~"})
    EXPECT_FALSE(can_be_purpose(text)) << text;
  EXPECT_TRUE(can_be_purpose("a\n\nb"));
}

}  // namespace
}  // namespace steward::spec
