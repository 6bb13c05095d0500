#include "runner/sql.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "runner/error.h"
#include "runner/sql/scanner.h"

namespace steward::sql {
namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

// A source that gives at most this many bytes at a time.
Source in_pieces(std::string_view text, std::size_t piece) {
  return [rest = text, piece](char* buffer, std::size_t size) mutable {
    std::size_t count = rest.copy(buffer, std::min(size, piece));
    rest.remove_prefix(count);
    return count;
  };
}

struct Split {
  std::vector<Statement> statements;
  Texts data;  // of each statement with copy_in
  std::string joined;
};

Split split_all(Splitter splitter) {
  Split split;
  Statement statement;
  while (splitter.next(statement)) {
    split.joined += statement.text;
    split.statements.push_back(statement);
    if (!statement.copy_in) continue;
    std::string all, rows;
    while (splitter.data(rows)) all += rows;
    split.data.push_back(all);
    split.joined += all + "\\.\n";
  }
  return split;
}

Split split_script(std::string_view script, std::size_t piece = 4096) {
  return split_all(Splitter(in_pieces(script, piece), "f.sql"));
}

// The statements that are to be executed, without what stands before them.
Texts statements(std::string_view script) {
  Texts texts;
  for (const Statement& statement : split_script(script).statements)
    if (statement.number > 0) texts.push_back(statement.text.substr(statement.first));
  return texts;
}

Error error_of(std::string_view script, std::size_t piece = 4096) {
  try {
    split_script(script, piece);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error from " << script;
  return Error(Exit::done, "none", "none");
}

void expect_one(std::string_view statement) {
  std::string script = std::string(statement) + "\nSELECT 2;";
  EXPECT_EQ(statements(script), (Texts{std::string(statement), "SELECT 2;"})) << statement;
}

TEST(Splitter, cuts_at_semicolons_and_keeps_every_byte) {
  std::string script = "-- first\nSELECT 1;  SELECT\n2 ;\n\n-- last\n";
  Split split = split_script(script);
  ASSERT_EQ(split.statements.size(), 3U);
  EXPECT_EQ(split.statements[0].text, "-- first\nSELECT 1;");
  EXPECT_EQ(split.statements[1].text, "  SELECT\n2 ;");
  EXPECT_EQ(split.statements[2].text, "\n\n-- last\n");
  EXPECT_EQ(split.joined, script);
}

TEST(Splitter, numbers_statements_and_counts_lines) {
  Split split = split_script("-- a\n\nSELECT 1; -- b\n/* c\n*/ SELECT 2;\n;\nSELECT 3\n");
  ASSERT_EQ(split.statements.size(), 4U);
  EXPECT_EQ(split.statements[0].number, 1);
  EXPECT_EQ(split.statements[0].line, 1U);
  EXPECT_EQ(split.statements[0].first, 6U);
  EXPECT_EQ(split.statements[0].first_line, 3U);
  EXPECT_EQ(split.statements[1].number, 2);
  EXPECT_EQ(split.statements[1].line, 3U);
  EXPECT_EQ(split.statements[1].first_line, 5U);
  EXPECT_EQ(split.statements[2].number, 0);  // the server does not count a ';' alone either
  EXPECT_EQ(split.statements[3].number, 3);
  EXPECT_EQ(split.statements[3].first_line, 7U);
}

TEST(Splitter, counts_lines_from_where_the_section_begins) {
  Splitter splitter(source_of("\nSELECT 1;\n"), "f.sql", 40);
  Statement statement;
  ASSERT_TRUE(splitter.next(statement));
  EXPECT_EQ(statement.line, 40U);
  EXPECT_EQ(statement.first_line, 41U);
  EXPECT_EQ(splitter.line(), 41U);
}

TEST(Splitter, gives_the_end_without_a_statement_number_zero) {
  Split split = split_script("SELECT 1;\n-- the end");
  ASSERT_EQ(split.statements.size(), 2U);
  EXPECT_EQ(split.statements[1].number, 0);
  EXPECT_TRUE(split_script("").statements.empty());
}

TEST(Splitter, knows_where_literals_end) {
  expect_one("SELECT 'a;b', 'it''s;', '\\';");
  expect_one("SELECT E'a\\';b', e'\\\\', E'''; \\'';");
  expect_one("SELECT U&'\\0061;', U&\"d;\\0061\", N'x;', B'0', X'1F';");
  expect_one("SELECT \"a;\"\"b;\" FROM t;");
  expect_one("SELECT x_e'a\\';");  // a name that ends in e, then a plain literal
  expect_one("SELECT 'a\\' 'b;';");
}

TEST(Splitter, carries_an_escape_literal_on_over_a_line_end) {
  expect_one("SELECT E'a'\n'b\\';c';");
  expect_one("SELECT E'a' -- more ' of it\n  'b\\';c';");
  expect_one("SELECT E'a' /* no line end */ 'b\\';");
  expect_one("SELECT 'a'\n'b\\';");
}

TEST(Splitter, knows_where_dollar_quotes_end) {
  expect_one("SELECT $$a;'b$$;");
  expect_one("SELECT $a$ $$; $b$; $a $A$; $a$;");
  expect_one("SELECT $a$x$$a$;");
  expect_one("SELECT $\xC3\xA9$;$\xC3\xA9$;");
  expect_one("DO $do$ BEGIN EXECUTE $q$SELECT ';'$q$; END $do$;");
}

TEST(Splitter, takes_dollars_for_what_they_are) {
  expect_one("SELECT $1, $2$3;");        // parameters
  expect_one("SELECT a$b$c FROM t$$;");  // names
  expect_one("SELECT 1$a$;$a$;");        // a number, then a dollar quote
  expect_one("SELECT $ + $ a$;");
}

TEST(Splitter, nests_comments) {
  expect_one("SELECT 1 /* a; /* b; */ c; */ + 2;");
  expect_one("SELECT /**/ 1 /* * / */;");
  expect_one("SELECT 1 -- a; '\n;");
  expect_one("SELECT /*/ ; */ 1;");
}

TEST(Splitter, begins_comments_within_operators) {
  expect_one("SELECT 1 +-- a;\n 2;");
  expect_one("SELECT 1 */* a; */ 2;");
  expect_one("SELECT 1 @/**/- 2;");
}

TEST(Splitter, ends_a_line_comment_at_a_carriage_return_as_the_server_does) {
  EXPECT_EQ(statements("-- a\rSELECT 1;-- b\r\nSELECT 2;"), (Texts{"SELECT 1;", "SELECT 2;"}));
}

TEST(Splitter, keeps_what_is_in_parentheses_together) {
  expect_one("CREATE RULE r AS ON INSERT TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b);");
  expect_one("SELECT ((1)));");
}

TEST(Splitter, keeps_a_body_together) {
  expect_one("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;");
  expect_one("create or replace procedure p()\nbegin /* ; */ atomic\nend;");
  expect_one(
      "CREATE FUNCTION f(a int) RETURNS int BEGIN ATOMIC\n"
      "  SELECT CASE WHEN a > 1 THEN CASE a WHEN 2 THEN 1 ELSE 2 END ELSE 0 END;\n"
      "  SELECT t.end, t.\"end\", 1 AS end, 2 end, (SELECT 3 end) FROM t;\n"
      "  SELECT begin, a.begin, 'END;', $$ END; $$ /* END; */ FROM atomic;\n"
      "END;");
  expect_one("CREATE FUNCTION f() RETURNS int LANGUAGE sql RETURN CASE WHEN true THEN 1 END;");
  expect_one("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END;");
}

TEST(Splitter, takes_begin_for_a_body_only_where_one_can_be) {
  EXPECT_EQ(statements("BEGIN; SELECT 1; END; COMMIT;"),
            (Texts{"BEGIN;", "SELECT 1;", "END;", "COMMIT;"}));
  expect_one("CREATE FUNCTION begin(atomic int) RETURNS int AS 'SELECT 1' LANGUAGE sql;");
  expect_one("CREATE FUNCTION f(a t.begin) RETURNS atomic AS 'SELECT 1' LANGUAGE sql;");
  expect_one("CREATE TABLE function (begin int);");
}

TEST(Splitter, gives_copy_data_apart) {
  Split split = split_script("COPY t (a, b) FROM stdin; -- rows\n1\t;'\n\\N\t$$\n\\.\nSELECT 1;\n");
  ASSERT_EQ(split.statements.size(), 3U);
  EXPECT_TRUE(split.statements[0].copy_in);
  EXPECT_EQ(split.statements[0].text, "COPY t (a, b) FROM stdin; -- rows\n");
  EXPECT_EQ(split.data, (Texts{"1\t;'\n\\N\t$$\n"}));
  EXPECT_EQ(split.statements[1].text, "SELECT 1;");
  EXPECT_EQ(split.statements[1].line, 5U);
  EXPECT_EQ(split.statements[1].number, 2);
}

TEST(Splitter, knows_copy_from_stdin_in_all_its_spellings) {
  for (const char* copy :
       {"COPY t FROM stdin;", "copy public.t from STDIN with (format csv);",
        "COPY t (a,b) FROM STDIN WITH (FORMAT csv, DELIMITER ';');",
        "COPY t FROM STDIN CSV HEADER;", "COPY \"from\" FROM /* x */ stdin;",
        "COPY BINARY t FROM stdin;", "COPY t FROM stdout;", "COPY t FROM STDIN WHERE a > 1;"}) {
    Split split = split_script(copy + "\n1\n\\.\n"s);
    EXPECT_EQ(split.data, Texts{"1\n"}) << copy;
  }
}

TEST(Splitter, knows_copy_that_has_no_data_here) {
  for (const char* copy :
       {"COPY t FROM 'stdin';", "COPY t FROM PROGRAM 'cat';", "COPY t TO STDOUT;",
        "COPY t TO stdin;", "COPY (SELECT a FROM stdin) TO STDOUT;", "COPY t FROM \"stdin\";",
        "SELECT a FROM stdin;", "INSERT INTO copy SELECT * FROM stdin;"})
    expect_one(copy);
}

TEST(Splitter, ends_copy_data_only_at_its_line) {
  Split split = split_script("COPY t FROM stdin;\r\n a\\.\r\n\\. \r\n\\.b\r\n\r\n\\.\r\nSELECT 1;");
  EXPECT_EQ(split.data, Texts{" a\\.\r\n\\. \r\n\\.b\r\n\r\n"});
  EXPECT_EQ(split.statements.back().text, "SELECT 1;");
  EXPECT_EQ(split_script("COPY t FROM stdin;\n\\.").data, Texts{""});
}

TEST(Splitter, gives_long_copy_data_in_pieces_of_whole_lines) {
  std::string data;
  for (int i = 0; i < 50000; ++i) data += std::to_string(i) + "\n";
  std::string script = "COPY t FROM stdin;\n" + data + "\\.\n";
  Splitter splitter(source_of(script), "f.sql");
  Statement statement;
  ASSERT_TRUE(splitter.next(statement));
  std::string rows, all;
  while (splitter.data(rows)) {
    EXPECT_LE(rows.size(), 100000U);
    EXPECT_EQ(rows.back(), '\n');
    all += rows;
  }
  EXPECT_EQ(all, data);
}

TEST(Splitter, drops_the_lines_that_pg_dump_writes_for_psql) {
  Split split = split_script("--\n\\restrict aB3\n\nSELECT 1;\n\\unrestrict aB3\n\nSELECT 2;\n");
  ASSERT_EQ(split.statements.size(), 3U);
  EXPECT_EQ(split.statements[0].text, "--\n\n\nSELECT 1;");
  EXPECT_EQ(split.statements[0].first_line, 4U);
  EXPECT_EQ(split.statements[1].text, "\n\n\nSELECT 2;");
  EXPECT_EQ(split.statements[1].first_line, 7U);
}

TEST(Splitter, refuses_psql_commands_with_their_line) {
  Error error = error_of("SELECT 1;\n  \\connect other\n");
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_EQ(error.code(), "psql_command");
  EXPECT_STREQ(error.what(), "psql meta-command \"\\connect\"");
  ASSERT_TRUE(error.place());
  EXPECT_EQ(error.place()->file, "f.sql");
  EXPECT_EQ(error.place()->line, 2U);
  EXPECT_EQ(error.place()->column, 3U);
  EXPECT_EQ(error.place()->excerpt, "  \\connect other");
  EXPECT_EQ(error_of("SELECT 1 \\gexec\n").place()->column, 10U);
  EXPECT_EQ(error_of("SELECT 1 \\; SELECT 2;").code(), "psql_command");
  EXPECT_EQ(error_of("SELECT\n\\restrict x\n1;").code(), "psql_command");
  EXPECT_EQ(error_of("\\restrict x\n\\unrestrict x\nSELECT 1;\n\\i f").place()->line, 4U);
}

TEST(Splitter, says_where_what_is_not_closed_was_opened) {
  struct Case {
    const char* script;
    const char* code;
    std::uint64_t line;
    std::uint64_t column;
  };
  for (const Case& one : {Case{"SELECT 1;\nSELECT 'a\nb;", "unterminated_quote", 2, 8},
                          Case{"SELECT E'a\\';", "unterminated_quote", 1, 8},
                          Case{"SELECT '\xC3\xA9' || \"a\n", "unterminated_identifier", 1, 15},
                          Case{"SELECT 1; /* a /* b */\n", "unterminated_comment", 1, 11},
                          Case{"\nDO $x$ $y$ $X$;\n", "unterminated_dollar_quote", 2, 4},
                          Case{";COPY t FROM stdin;\n1\n", "unterminated_copy", 1, 2},
                          Case{"COPY t FROM stdin", "unterminated_copy", 1, 1},
                          Case{"COPY t FROM stdin; SELECT 1;\n", "text_before_copy_data", 1, 20}})
    for (std::size_t piece : {1U, 3U, 1000U}) {
      Error error = error_of(one.script, piece);
      EXPECT_EQ(error.exit(), Exit::usage);
      EXPECT_EQ(error.code(), one.code) << one.script;
      ASSERT_TRUE(error.place());
      EXPECT_EQ(error.place()->line, one.line) << one.script;
      EXPECT_EQ(error.place()->column, one.column) << one.script;
    }
}

TEST(Splitter, reports_the_first_words) {
  auto words = [](std::string_view script) { return split_script(script).statements.at(0).words; };
  EXPECT_EQ(words("/* a */ create unique -- b\n index concurrently i on t (a);"),
            "CREATE UNIQUE INDEX CONCURRENTLY I ON T");
  EXPECT_EQ(words("CREATE TABLE \"x\" AS TABLE y;"), "CREATE TABLE");
  EXPECT_EQ(words("SELECT 1;"), "SELECT");
  EXPECT_EQ(words("a b c d e f g h i j k l m n;"), "A B C D E F G H I J K L");
  EXPECT_EQ(words("(SELECT 1);"), "");
}

TEST(RunsOutsideTransaction, is_what_the_server_refuses_in_a_block) {
  auto outside = [](std::string_view script) {
    return runs_outside_transaction(split_script(script).statements.at(0));
  };
  for (const char* script :
       {"CREATE INDEX CONCURRENTLY i ON t (a);", "create unique index concurrently on t (a);",
        "DROP INDEX CONCURRENTLY i;", "REINDEX INDEX CONCURRENTLY i;", "VACUUM FULL t;",
        "REINDEX (CONCURRENTLY) TABLE t;", "REINDEX (VERBOSE) DATABASE d;", "REINDEX SCHEMA s;",
        "CREATE DATABASE d;", "DROP TABLESPACE s;", "ALTER SYSTEM SET work_mem = 1;",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY;", "CLUSTER;", "CLUSTER VERBOSE;",
        "DISCARD ALL;", "COMMIT PREPARED 'x';", "ALTER DATABASE d SET TABLESPACE s;",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p;"})
    EXPECT_TRUE(outside(script)) << script;
  for (const char* script :
       {"CREATE INDEX i ON t (a);", "CREATE INDEX \"concurrently\" ON t (a);", "REINDEX TABLE t;",
        "CREATE TABLE vacuum (a int);", "ALTER TABLE t DETACH PARTITION p;", "CLUSTER t;",
        "CLUSTER t USING i;", "DISCARD PLANS;", "ALTER TABLE t ADD concurrently int;",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY v;", "ALTER DATABASE d SET work_mem = 1;",
        "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false);"})
    EXPECT_FALSE(outside(script)) << script;
}

TEST(ControlsTransaction, is_what_begins_or_ends_one) {
  auto controls = [](std::string_view script) {
    return controls_transaction(split_script(script).statements.at(0));
  };
  for (const char* script :
       {"BEGIN;", "begin work;", "START TRANSACTION READ ONLY;", "COMMIT AND CHAIN;", "END;",
        "ROLLBACK;", "ROLLBACK WORK;", "ABORT;", "PREPARE TRANSACTION 'x';"})
    EXPECT_TRUE(controls(script)) << script;
  for (const char* script : {"SAVEPOINT a;", "ROLLBACK TO a;", "ROLLBACK WORK TO SAVEPOINT a;",
                             "RELEASE a;", "PREPARE p AS SELECT 1;", "COMMIT PREPARED 'x';"})
    EXPECT_FALSE(controls(script)) << script;
}

TEST(Squeezed, drops_layout_and_nothing_else) {
  EXPECT_EQ(squeezed("  SELECT /* a */ 1,\n\t'b  c' -- d\n FROM \"x  y\" ;\n"),
            "SELECT 1,'b  c' FROM \"x  y\";");
  EXPECT_EQ(squeezed("SELECT 1;\n\nSELECT ( 2 ) ;"), squeezed("SELECT 1; SELECT (2);"));
  EXPECT_EQ(squeezed("DO $$ a  b -- c\n$$"), "DO $$ a  b -- c\n$$");
  EXPECT_EQ(squeezed("-- nothing\n"), "");
  EXPECT_NE(squeezed("SELECT a b"), squeezed("SELECT ab"));
}

TEST(Squeezed, leaves_copy_data_alone) {
  const std::string copy = "COPY  t FROM stdin; -- data\n1  2 -- 'x\n\\.\nSELECT  1;";
  EXPECT_EQ(squeezed(copy), "COPY t FROM stdin;\n1  2 -- 'x\n\\.\nSELECT 1;");
}

TEST(Squeezed, keeps_apart_what_a_line_end_keeps_together) {
  EXPECT_EQ(squeezed("SELECT 'a'\n  'b'"), "SELECT 'a'\n'b'");
}

// Scripts made of what is hard to split.
rc::Gen<std::string> scripts() {
  auto part = rc::gen::element<std::string>(
      "SELECT 1", ";", "\n", "\r\n", " ", "'a;b'", "'", "E'\\''", "\\", "\"a;\"", "\"", "$$", "$a$",
      "$1", "a$b$", "/*", "*/", "--", "-", "/", "(", ")", "COPY t FROM stdin;\n", "\\.\n", "1\t2\n",
      "CREATE FUNCTION f() BEGIN ATOMIC ", "END", "CASE", ".", "AS ", "\xC3\xA9", "\\restrict x\n",
      "-- steward:upgrade\n", "e", "0");
  return rc::gen::map(rc::gen::container<Texts>(part), [](const Texts& parts) {
    std::string text;
    for (const std::string& one : parts) text += one;
    return text;
  });
}

// All that a splitter says of a script, errors too.
std::string account(std::string_view script, std::size_t piece) {
  std::string result;
  try {
    Splitter splitter(in_pieces(script, piece), "f");
    Statement one;
    while (splitter.next(one)) {
      result += '[' + one.text + '|' + one.words + '|' + std::to_string(one.number) + '|' +
                std::to_string(one.first) + '|' + std::to_string(one.line) + '|' +
                std::to_string(one.first_line) + ']';
      std::string rows;
      while (one.copy_in && splitter.data(rows)) result += rows;
    }
  } catch (const Error& error) {
    result += error.code() + ':' + std::to_string(error.place()->line) + ':' +
              std::to_string(error.place()->column) + ':' + error.place()->excerpt;
  }
  return result;
}

TEST(SplitterProperty, says_the_same_however_the_source_is_cut) {
  EXPECT_TRUE(rc::check([] {
    std::string script = *scripts();
    std::string whole = account(script, 4096);
    for (std::size_t piece : {1U, 2U, 5U}) RC_ASSERT(account(script, piece) == whole);
  }));
}

// The text of all pieces, up to the first fault.
std::string joined_pieces(std::string_view script, Cut cut, std::size_t window_size) {
  Window window(source_of(script), window_size);
  Scanner scanner(window, cut);
  std::string joined;
  try {
    std::string_view text;
    Piece piece = Piece::part;
    while (piece != Piece::end && piece != Piece::directive) {
      piece = scanner.next(text);
      joined += text;
    }
    if (piece == Piece::directive) joined += script.substr(window.offset());
  } catch (const Fault&) {
    joined += script.substr(joined.size());
  }
  return joined;
}

TEST(ScannerProperty, gives_every_byte_back_with_a_window_of_any_size) {
  EXPECT_TRUE(rc::check([] {
    std::string script = *scripts();
    for (std::size_t size : {1U, 2U, 7U, 4096U}) {
      RC_ASSERT(joined_pieces(script, Cut::statements, size) == script);
      RC_ASSERT(joined_pieces(script, Cut::sections, size) == script);
    }
  }));
}

TEST(SqueezedProperty, is_the_same_when_squeezed_again) {
  EXPECT_TRUE(rc::check([] {
    std::string once = squeezed(*scripts());
    RC_ASSERT(squeezed(once) == once);
  }));
}

TEST(Passwords, are_left_out_of_what_is_shown) {
  EXPECT_EQ(without_passwords("CREATE ROLE a PASSWORD 'hush' LOGIN"),
            "CREATE ROLE a PASSWORD '***' LOGIN");
  EXPECT_EQ(without_passwords("ALTER ROLE a ENCRYPTED password /* x */ E'it\\'s'"),
            "ALTER ROLE a ENCRYPTED password /* x */ '***'");
  EXPECT_EQ(without_passwords("OPTIONS (user 'u', password 'p1', \"password\" $$p2$$)"),
            "OPTIONS (user 'u', password '***', \"password\" '***')");
  EXPECT_EQ(without_passwords("SELECT password, 'shown' FROM t -- 'x"),
            "SELECT password, 'shown' FROM t -- 'x");
  EXPECT_EQ(without_passwords("CREATE ROLE a PASSWORD 'cut of"), "CREATE ROLE a PASSWORD '***'");
}

}  // namespace
}  // namespace steward::sql
