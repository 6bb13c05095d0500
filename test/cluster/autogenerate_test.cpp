// From a desired schema to a proved revision: revision --autogenerate, check, drift, roundtrip and
// diff, each with the real program against a real server.
#include <gtest/gtest.h>

#include <filesystem>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Autogenerate : public testing::Test {
 protected:
  Autogenerate() : url_(Server::shared().new_database()) { project_.use(url_); }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  void want(const std::string& schema) const { project_.write("schema.sql", schema); }
  // Writes the revision and applies it.
  void arrive(const std::string& schema, const std::vector<std::string>& flags = {}) const {
    want(schema);
    std::vector<std::string> words = {"revision", "--autogenerate", "-m", "change"};
    words.insert(words.end(), flags.begin(), flags.end());
    const auto made = steward(words);
    ASSERT_EQ(made.exit, 0) << made.all();
    const auto up = steward({"upgrade"});
    ASSERT_EQ(up.exit, 0) << up.all();
    EXPECT_EQ(steward({"check"}).exit, 0);
  }
  std::size_t revisions() const {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(project_.root() / "migrations"))
      count += file.path().extension() == ".sql" ? 1 : 0;
    return count;
  }
  void expect_no_shadow_left() const {
    EXPECT_EQ(value("SELECT count(*) FROM pg_database WHERE datname LIKE 'steward_shadow_%'"), "0");
  }

  Project project_;
  std::string url_;
};

constexpr const char* first_schema =
    "CREATE VIEW open AS SELECT id, title FROM task WHERE state = 'open';\n"
    "CREATE TYPE state AS ENUM ('open', 'done');\n"
    "CREATE TABLE task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title varchar(20) NOT "
    "NULL\n"
    "  CHECK (title IN ('a', 'b')), state state NOT NULL DEFAULT 'open', owner bigint REFERENCES "
    "person);\n"
    "CREATE TABLE person (id bigserial PRIMARY KEY, name text);\n"
    "CREATE INDEX ON task (owner);\n";

TEST_F(Autogenerate, writes_a_revision_from_statements_in_any_order) {
  arrive(first_schema);
  EXPECT_EQ(value("SELECT count(*) FROM open"), "0");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(steward({"roundtrip"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "base"}).exit, 0);
  EXPECT_EQ(value("SELECT to_regclass('task') IS NULL AND to_regtype('state') IS NULL"), "t");
  expect_no_shadow_left();
}

TEST_F(Autogenerate, writes_nothing_when_nothing_differs) {
  arrive(first_schema);
  const std::size_t before = revisions();
  EXPECT_EQ(steward({"revision", "--autogenerate", "-m", "nothing"}).exit, 0);
  EXPECT_EQ(revisions(), before);
}

TEST_F(Autogenerate, keeps_rows_through_a_type_change_under_a_view) {
  arrive(first_schema);
  value("INSERT INTO task (title) VALUES ('a') RETURNING 1");
  arrive(
      "CREATE TYPE state AS ENUM ('open', 'waiting', 'done');\n"
      "CREATE TABLE person (id bigserial PRIMARY KEY, name text);\n"
      "CREATE TABLE task (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT "
      "NULL,\n"
      "  state state NOT NULL DEFAULT 'waiting', owner bigint REFERENCES person ON DELETE "
      "CASCADE);\n"
      "CREATE INDEX ON task (owner);\n"
      "CREATE VIEW open AS SELECT id, title FROM task WHERE state = 'open';\n");
  EXPECT_EQ(value("SELECT title FROM open"), "a");
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(value("SELECT title || state FROM task"), "aopen");
  EXPECT_EQ(steward({"drift"}).exit, 0);
}

TEST_F(Autogenerate, refuses_to_destroy_data_unasked) {
  arrive("CREATE TABLE a (id int, note text);");
  const std::size_t before = revisions();
  want("CREATE TABLE a (id int);");
  const auto refused = steward({"revision", "--autogenerate", "-m", "drop"});
  EXPECT_EQ(refused.exit, 12) << refused.all();
  EXPECT_NE(refused.err.find("column public.a.note"), std::string::npos) << refused.err;
  EXPECT_EQ(revisions(), before);
  arrive("CREATE TABLE a (id int);", {"--allow-destructive"});
  expect_no_shadow_left();
}

TEST_F(Autogenerate, renames_what_it_is_told_to) {
  arrive("CREATE TABLE a (id int, note text);");
  value("INSERT INTO a VALUES (1, 'kept') RETURNING 1");
  arrive("CREATE TABLE b (id int, remark text);", {"--rename", "a=b", "--rename", "b.note=remark"});
  EXPECT_EQ(value("SELECT remark FROM b"), "kept");
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(value("SELECT note FROM a"), "kept");
}

TEST_F(Autogenerate, refuses_a_rename_of_nothing) {
  arrive("CREATE TABLE a (id int);");
  const auto refused = steward({"revision", "--autogenerate", "-m", "x", "--rename", "zz=b"});
  EXPECT_EQ(refused.exit, 2) << refused.all();
}

TEST_F(Autogenerate, recognises_what_only_has_another_name) {
  arrive(
      "CREATE TYPE state AS ENUM ('open', 'done');\n"
      "CREATE TABLE task (id bigserial PRIMARY KEY, title text NOT NULL CHECK (title <> ''), state "
      "state);\nCREATE INDEX task_title_idx ON task (title);\n");
  value("INSERT INTO task (title, state) VALUES ('kept', 'done') RETURNING 1");
  arrive(
      "CREATE TYPE state AS ENUM ('open', 'finished');\n"
      "CREATE TABLE todo (id bigserial PRIMARY KEY, title text NOT NULL CHECK (title <> ''), state "
      "state);\nCREATE INDEX todo_title_idx ON todo (title);\n");
  EXPECT_EQ(value("SELECT id::text || title || state FROM todo"), "1keptfinished");
  EXPECT_EQ(value("SELECT pg_get_serial_sequence('todo', 'id')"), "public.todo_id_seq");
  EXPECT_EQ(value("INSERT INTO todo (title) VALUES ('next') RETURNING id"), "2");
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(value("SELECT title || state FROM task WHERE id = 1"), "keptdone");
  EXPECT_EQ(steward({"drift"}).exit, 0);
  EXPECT_EQ(steward({"roundtrip"}).exit, 0);
}

TEST_F(Autogenerate, renames_a_column_under_a_view_and_a_check) {
  arrive(
      "CREATE TABLE a (id int, note text CHECK (note <> ''));\n"
      "CREATE VIEW v AS SELECT id, note FROM a;");
  value("INSERT INTO a VALUES (1, 'kept') RETURNING 1");
  arrive(
      "CREATE TABLE a (id int, remark text CHECK (remark <> ''));\n"
      "CREATE VIEW v AS SELECT id, remark FROM a;");
  EXPECT_EQ(value("SELECT remark FROM v"), "kept");
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(value("SELECT note FROM v"), "kept");
}

TEST_F(Autogenerate, does_not_guess_among_several) {
  arrive("CREATE TABLE a (id int, x text, y text);");
  value("INSERT INTO a VALUES (1, 'x', 'y') RETURNING 1");
  want("CREATE TABLE a (id int, z text);");
  const auto refused = steward({"revision", "--autogenerate", "-m", "which"});
  EXPECT_EQ(refused.exit, 12) << refused.all();
  EXPECT_NE(refused.err.find("--rename 'public.a.x=z'"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("--rename 'public.a.y=z'"), std::string::npos) << refused.err;
  arrive("CREATE TABLE a (id int, z text);", {"--rename", "a.y=z", "--allow-destructive"});
  EXPECT_EQ(value("SELECT z FROM a"), "y");
}

TEST_F(Autogenerate, drops_and_adds_where_no_rename_is_wanted) {
  arrive("CREATE TABLE a (id int, note text);");
  want("CREATE TABLE a (id int, remark text);");
  const auto refused = steward({"revision", "--autogenerate", "-m", "x", "--no-renames"});
  EXPECT_EQ(refused.exit, 12) << refused.all();
  arrive("CREATE TABLE a (id int, remark text);", {"--no-renames", "--allow-destructive"});
}

TEST_F(Autogenerate, follows_marks_in_the_desired_schema) {
  arrive(
      "CREATE TYPE state AS ENUM ('a', 'b', 'c');\n"
      "CREATE TABLE task (id int PRIMARY KEY, title text, rank int, state state);");
  value("INSERT INTO task VALUES (1, 'kept', 7, 'b') RETURNING 1");
  const std::string marked =
      "CREATE TYPE state AS ENUM (\n  'a',\n  'beta', -- was: b\n  'd', -- was: c\n  'e');\n"
      "-- was: task\n"
      "CREATE TABLE todo (\n"
      "  id int PRIMARY KEY,\n"
      "  name varchar(40), -- was: title\n"
      "  -- was: rank\n"
      "  place bigint,\n"
      "  state state);";
  arrive(marked);
  EXPECT_EQ(value("SELECT id::text || name || place || state FROM todo"), "1kept7beta");
  // The marks stay, and say nothing any more.
  const std::size_t before = revisions();
  EXPECT_EQ(steward({"revision", "--autogenerate", "-m", "nothing"}).exit, 0);
  EXPECT_EQ(revisions(), before);
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(value("SELECT id::text || title || rank || state FROM task"), "1kept7b");
}

TEST_F(Autogenerate, asks_at_a_terminal) {
  arrive("CREATE TABLE a (id int, x int, y int);");
  value("INSERT INTO a VALUES (1, 2, 3) RETURNING 1");
  want("CREATE TABLE a (id int, z int, y2 bigint);");
  RunOptions terminal;
  terminal.columns = 100;
  terminal.typed = true;
  terminal.input = "n\ny\nn\nno\n";
  const auto refused = project_.steward({"revision", "--autogenerate", "-m", "x"}, terminal);
  EXPECT_EQ(refused.exit, 12) << refused.out;
  EXPECT_NE(refused.out.find("[y/N]"), std::string::npos) << refused.out;
  EXPECT_NE(refused.out.find("of the same definition"), std::string::npos) << refused.out;
  terminal.input = "n\ny\nn\nyes\n";
  const auto made = project_.steward({"revision", "--autogenerate", "-m", "x"}, terminal);
  EXPECT_EQ(made.exit, 0) << made.out;
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT z FROM a"), "3");
}

TEST_F(Autogenerate, takes_the_end_of_input_for_no) {
  arrive("CREATE TABLE a (id int, x int, y int);");
  want("CREATE TABLE a (id int, z int);");
  RunOptions terminal;
  terminal.columns = 100;
  terminal.typed = true;
  terminal.input = "\x04";  // Ctrl-D
  const auto refused = project_.steward({"revision", "--autogenerate", "-m", "x"}, terminal);
  EXPECT_EQ(refused.exit, 12) << refused.out;
  const std::size_t first = refused.out.find("[y/N]");
  EXPECT_NE(first, std::string::npos) << refused.out;
  EXPECT_EQ(refused.out.find("[y/N]", first + 1), std::string::npos) << refused.out;
}

TEST_F(Autogenerate, says_where_the_desired_schema_fails) {
  want("CREATE TABLE a (id int);\nCREATE TABLE b (id nosuchtype);\n");
  const auto failed = steward({"revision", "--autogenerate", "-m", "x"});
  EXPECT_EQ(failed.exit, 8) << failed.all();
  EXPECT_NE(failed.err.find("schema.sql:2"), std::string::npos) << failed.err;
  expect_no_shadow_left();
}

TEST_F(Autogenerate, check_names_what_is_missing) {
  arrive("CREATE TABLE a (id int);");
  want("CREATE TABLE a (id int, due date);");
  const auto checked = steward({"check"});
  EXPECT_EQ(checked.exit, 3);
  EXPECT_EQ(checked.out, "+ column public.a.due\n");
}

TEST_F(Autogenerate, drift_names_what_came_from_elsewhere) {
  arrive("CREATE TABLE a (id int);");
  value("ALTER TABLE a ADD x int");
  const auto drifted = steward({"drift", "--sql"});
  EXPECT_EQ(drifted.exit, 3);
  EXPECT_NE(drifted.out.find("+ column public.a.x\n"), std::string::npos) << drifted.out;
  EXPECT_NE(drifted.out.find("DROP COLUMN x;"), std::string::npos) << drifted.out;
}

TEST_F(Autogenerate, roundtrip_finds_a_downgrade_that_does_not_restore) {
  project_.add("a1", "", "CREATE TABLE t (id int); CREATE INDEX i ON t (id);", "DROP TABLE t;");
  project_.add("a2", "a1", "DROP INDEX i; CREATE TABLE u ();", "DROP TABLE u;");
  const auto tried = steward({"roundtrip"});
  EXPECT_EQ(tried.exit, 3) << tried.all();
  EXPECT_NE(tried.out.find("a2  does not restore"), std::string::npos) << tried.out;
  EXPECT_NE(tried.out.find("- index public.i"), std::string::npos) << tried.out;
  EXPECT_EQ(tried.out.find("a1  "), std::string::npos) << tried.out;
}

TEST_F(Autogenerate, roundtrip_tells_its_failures_apart) {
  project_.add("a1", "", "CREATE TABLE t (id int, due date, title text);", "DROP TABLE t;");
  project_.add("a2", "a1", "ALTER TABLE t DROP due;", "ALTER TABLE t ADD due date;");
  const auto moved = steward({"roundtrip"});
  EXPECT_EQ(moved.exit, 0) << moved.all();
  EXPECT_NE(moved.out.find("a2  restores with another column order\n"
                           "  ~ table public.t: id, due, title became id, title, due\n"),
            std::string::npos)
      << moved.out;
  project_.add("a3", "a2", "ALTER TABLE t ADD n int;", "ALTER TABLE t DROP m;");
  project_.add("a4", "a3", "CREATE TABLE u ();", "DROP TABLE u;");
  const auto failed = steward({"roundtrip"});
  EXPECT_EQ(failed.exit, 3) << failed.all();
  EXPECT_NE(failed.out.find("a3  fails\n"), std::string::npos) << failed.out;
  EXPECT_NE(failed.out.find("column \"m\" of relation \"t\" does not exist"), std::string::npos);
  EXPECT_NE(failed.all().find("4 revisions tried, 1 wrong"), std::string::npos) << failed.all();
}

TEST_F(Autogenerate, diff_leads_from_revisions_to_files_and_back) {
  project_.add("a1", "", "CREATE TABLE t (id int);", "DROP TABLE t;");
  want("CREATE TABLE t (id int, due date);");
  const auto up = steward({"diff", "--from", "migrations", "--to", "schema.sql"});
  EXPECT_EQ(up.out,
            "-- AccessExclusiveLock on t: all reads and writes of it wait, for a moment once it is "
            "granted\n"
            "ALTER TABLE public.t ADD COLUMN due date;\n")
      << up.all();
  const auto down = steward({"diff", "--from", "migrations", "--to", "schema.sql", "--downgrade"});
  EXPECT_EQ(down.out,
            "-- AccessExclusiveLock on t: all reads and writes of it wait, for a moment once it is "
            "granted\n"
            "-- data loss: the values of column public.t.due\n"
            "ALTER TABLE public.t DROP COLUMN due;\n");
  EXPECT_EQ(steward({"diff", "--from", "nowhere", "--to", "schema.sql"}).exit, 2);
}

}  // namespace
}  // namespace steward::test
