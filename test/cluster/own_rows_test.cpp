// revision --autogenerate --with-rows: a generated change tried on a copy of the database's rows.
#include <gtest/gtest.h>

#include <filesystem>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class OwnRows : public testing::Test {
 protected:
  OwnRows() : url_(Server::shared().new_database()) { project_.use(url_); }

  // The database has that schema, by a revision, and those rows.
  void stand_at(const std::string& schema, const std::string& rows) {
    project_.write("schema.sql", schema);
    const Outcome made = project_.steward({"revision", "--autogenerate", "-m", "first"});
    ASSERT_EQ(made.exit, 0) << made.all();
    const Outcome up = project_.steward({"upgrade"});
    ASSERT_EQ(up.exit, 0) << up.all();
    run(rows);
  }
  void run(const std::string& sql) const { Server::shared().connect(url_).run(sql); }
  Outcome change_to(const std::string& schema, std::vector<std::string> flags = {}) const {
    project_.write("schema.sql", schema);
    flags.insert(flags.begin(), {"revision", "--autogenerate", "-m", "change", "--with-rows"});
    return project_.steward(flags);
  }
  void expect_refused(const Outcome& outcome, std::vector<std::string> words) const {
    EXPECT_EQ(outcome.exit, 12) << outcome.all();
    for (const std::string& word : words)
      EXPECT_NE(outcome.err.find(word), std::string::npos) << word << "\n" << outcome.all();
    EXPECT_EQ(revisions(), 1U);
    EXPECT_EQ(Server::shared().value(
                  url_, "SELECT count(*) FROM pg_database WHERE datname ~ '^steward_shadow_'"),
              "0");
  }
  void expect_written(const Outcome& outcome, const std::string& words) const {
    EXPECT_EQ(outcome.exit, 0) << outcome.all();
    EXPECT_NE(outcome.err.find(words), std::string::npos) << outcome.all();
    EXPECT_EQ(revisions(), 2U);
  }
  std::size_t revisions() const {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(project_.root() / "migrations"))
      count += file.path().extension() == ".sql" ? 1 : 0;
    return count;
  }

  Project project_;
  std::string url_;
};

TEST_F(OwnRows, come_through_a_change_and_back) {
  stand_at(
      "CREATE TYPE state AS ENUM ('open', 'done');\n"
      "CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b int, s state,\n"
      "  twice int GENERATED ALWAYS AS (b * 2) STORED);\n"
      "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a, at timestamptz, x float8);\n"
      "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b;\n"
      "CREATE MATERIALIZED VIEW sums AS SELECT s, count(*) FROM a GROUP BY s;\n",
      "INSERT INTO a (s) SELECT 'open' FROM generate_series(1, 50);"
      "INSERT INTO b SELECT g, g, now(), g / 7.0 FROM generate_series(1, 40) AS g;"
      "UPDATE a SET b = id WHERE id <= 40;");
  const Outcome made = change_to(
      "CREATE TYPE state AS ENUM ('opened', 'held', 'done');\n"
      "CREATE TABLE a2 (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, b int, s state,\n"
      "  twice int GENERATED ALWAYS AS (b * 3) STORED);\n"
      "CREATE TABLE b (id int PRIMARY KEY, a bigint REFERENCES a2, at timestamptz NOT NULL, x "
      "float8,\n"
      "  n int NOT NULL DEFAULT 1);\n"
      "ALTER TABLE a2 ADD CONSTRAINT a_b_fkey FOREIGN KEY (b) REFERENCES b;\n"
      "CREATE MATERIALIZED VIEW sums AS SELECT s, count(*) FROM a2 GROUP BY s;\n",
      {"--rename", "a=a2", "--rename", "state.open=opened"});
  expect_written(made, "90 rows came through, there and back");
}

TEST_F(OwnRows, that_break_a_constraint_are_named_with_it) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, n int);",
           "INSERT INTO t VALUES (1, 5), (2, -3), (3, 8);");
  expect_refused(
      change_to("CREATE TABLE t (id int PRIMARY KEY, n int CONSTRAINT positive CHECK (n > 0));"),
      {"with the database's own rows the generated upgrade fails", "table public.t",
       "constraint positive", "ADD CONSTRAINT positive"});
  expect_refused(change_to("CREATE TABLE t (id int PRIMARY KEY, n int, m text NOT NULL);"),
                 {"table public.t, column m", "null values"});
}

TEST_F(OwnRows, that_hold_a_value_of_an_enum_that_goes_refuse_it) {
  stand_at("CREATE TYPE s AS ENUM ('a', 'b', 'c'); CREATE TABLE t (id int PRIMARY KEY, s s);",
           "INSERT INTO t VALUES (1, 'a'), (2, 'c');");
  expect_refused(change_to("CREATE TYPE s AS ENUM ('a', 'b'); CREATE TABLE t (id int PRIMARY KEY, "
                           "s s);",
                           {"--allow-destructive"}),
                 {"the generated upgrade fails", "\"c\""});
}

TEST_F(OwnRows, may_be_lost_where_that_was_allowed) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, n int, note text); CREATE TABLE gone (id int);",
           "INSERT INTO t SELECT g, g, 'x' FROM generate_series(1, 9) AS g;"
           "INSERT INTO gone VALUES (1);");
  expect_written(change_to("CREATE TABLE t (id int PRIMARY KEY, n int);", {"--allow-destructive"}),
                 "10 rows came through");
}

TEST_F(OwnRows, are_changed_by_a_trigger_during_a_backfill_which_is_told) {
  const std::string base =
      "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := "
      "clock_timestamp(); RETURN NEW; END $$;\n"
      "CREATE TABLE t (id int PRIMARY KEY, at timestamptz, n int$);\n"
      "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();\n";
  const auto with = [&](const std::string& more) {
    std::string schema = base;
    return schema.replace(schema.find('$', schema.find("n int")), 1, more);
  };
  stand_at(with(""), "INSERT INTO t SELECT g, now(), g FROM generate_series(1, 5) AS g;");
  expect_refused(change_to(with(", u uuid DEFAULT gen_random_uuid()"), {"--online"}),
                 {"does not keep them", "column public.t.at: its values are others than before"});
}

TEST_F(OwnRows, are_not_copied_beyond_the_limit) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, n text);",
           "INSERT INTO t SELECT g, repeat('x', 500) FROM generate_series(1, 3000) AS g;");
  expect_refused(
      change_to("CREATE TABLE t (id int PRIMARY KEY, n text, m int);", {"--rows-limit", "1MB"}),
      {"more than the 1.0 MB that may be copied", "public.t", "--rows-limit 2MB"});
}

TEST_F(OwnRows, of_a_database_that_drifted_are_not_tried) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY);", "ALTER TABLE t ADD COLUMN hand int;");
  expect_refused(
      change_to("CREATE TABLE t (id int PRIMARY KEY, m int);"),
      {"not the one that the revisions make", "+ column public.t.hand", "steward drift"});
}

TEST_F(OwnRows, go_through_revisions_that_the_database_lacks_first) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, n int);", "INSERT INTO t VALUES (1, NULL);");
  project_.add("bb", Server::shared().value(url_, "SELECT revision FROM steward.head"),
               "ALTER TABLE t ALTER n SET NOT NULL;", "ALTER TABLE t ALTER n DROP NOT NULL;");
  const Outcome made = change_to("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, m int);");
  EXPECT_EQ(made.exit, 12) << made.all();
  EXPECT_NE(made.err.find("revision \"bb\", which the database lacks"), std::string::npos)
      << made.all();
}

TEST_F(OwnRows, are_copied_by_a_role_that_is_no_superuser) {
  auto admin = Server::shared().connect(url_);
  admin.run(
      "DO $$ BEGIN CREATE ROLE regress_maker LOGIN CREATEDB; EXCEPTION WHEN duplicate_object THEN "
      "NULL; END $$;");
  admin.run("CREATE EXTENSION pg_steward");
  admin.run(
      "DO $$ BEGIN EXECUTE format('GRANT ALL ON DATABASE %I TO regress_maker', "
      "current_database()); END $$; GRANT ALL ON SCHEMA public TO regress_maker;"
      "SELECT steward.grant_runner('regress_maker')");
  const std::string own = Server::shared().url(admin.database(), "regress_maker");
  auto maker = Server::shared().connect(own);
  maker.run(
      "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a int "
      "REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE;"
      "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET b = 1;");
  project_.use(own);
  project_.add("aa", "",
               "CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id int PRIMARY KEY, a "
               "int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES b DEFERRABLE;");
  const Outcome stamped = project_.steward({"stamp", "aa"});
  ASSERT_EQ(stamped.exit, 0) << stamped.all();
  expect_written(change_to("CREATE TABLE a (id int PRIMARY KEY, b int); CREATE TABLE b (id bigint "
                           "PRIMARY KEY, a int REFERENCES a); ALTER TABLE a ADD FOREIGN KEY (b) "
                           "REFERENCES b DEFERRABLE;"),
                 "2 rows came through");
}

}  // namespace
}  // namespace steward::test
