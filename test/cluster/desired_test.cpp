// Desired schemas: files in any order, cycles, programs; what is wrong is told with its reason.
#include <gtest/gtest.h>

#include <array>
#include <filesystem>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Desired : public testing::Test {
 protected:
  Desired() : url_(Server::shared().new_database()) { project_.use(url_); }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  Outcome differences(const std::string& from, const std::string& to) const {
    return steward({"diff", "--summary", "--from", from, "--to", to});
  }
  void expect_same(const std::string& from, const std::string& to) const {
    const Outcome compared = differences(from, to);
    EXPECT_EQ(compared.exit, 0) << compared.all();
    EXPECT_EQ(compared.out, "");
  }
  void use_program(const std::string& words, const std::string& rest = "") const {
    project_.write("steward.toml", "[desired]\nprogram = [" + words + "]\n" + rest);
  }

  Project project_;
  std::string url_;
};

TEST_F(Desired, files_may_refer_to_each_other) {
  project_.write(
      "schema/a.sql",
      "CREATE VIEW late AS SELECT half(n) AS h, s FROM b;\n"
      "CREATE FUNCTION half(x money_amount) RETURNS numeric LANGUAGE sql\n"
      "  RETURN (SELECT min(n) / 2 FROM b WHERE n = x);\n"
      "GRANT SELECT ON late TO PUBLIC;\n"
      "COMMENT ON COLUMN b.n IS 'how much';\n"
      "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b, CHECK (positive(id)));\n");
  project_.write("schema/b.sql",
                 "CREATE INDEX ON b (s);\n"
                 "CREATE TABLE b (id int PRIMARY KEY, n money_amount, s shop.state);\n"
                 "ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES a;\n"
                 "CREATE TYPE shop.state AS ENUM ('open');\n"
                 "CREATE DOMAIN money_amount AS numeric CHECK (positive(VALUE::int));\n"
                 "CREATE SCHEMA shop;\n");
  project_.write("schema/c.sql",
                 "CREATE FUNCTION positive(x int) RETURNS bool LANGUAGE sql IMMUTABLE RETURN x > "
                 "0;\n");
  project_.write("ordered.sql",
                 "CREATE SCHEMA shop; CREATE TYPE shop.state AS ENUM ('open');\n" +
                     project_.read("schema/c.sql") +
                     "CREATE DOMAIN money_amount AS numeric CHECK (positive(VALUE::int));\n"
                     "CREATE TABLE b (id int PRIMARY KEY, n money_amount, s shop.state);\n"
                     "COMMENT ON COLUMN b.n IS 'how much'; CREATE INDEX ON b (s);\n"
                     "CREATE TABLE a (id int PRIMARY KEY, b int REFERENCES b, CHECK "
                     "(positive(id)));\n"
                     "ALTER TABLE b ADD FOREIGN KEY (id) REFERENCES a;\n"
                     "CREATE FUNCTION half(x money_amount) RETURNS numeric LANGUAGE sql\n"
                     "  RETURN (SELECT min(n) / 2 FROM b WHERE n = x);\n"
                     "CREATE VIEW late AS SELECT half(n) AS h, s FROM b;\n"
                     "GRANT SELECT ON late TO PUBLIC;\n");
  expect_same("schema", "ordered.sql");
}

TEST_F(Desired, a_statement_that_waits_keeps_its_search_path) {
  project_.write("schema/a.sql",
                 "CREATE SCHEMA one; SET search_path = one;\nCREATE TABLE t (x late);\n");
  project_.write("schema/b.sql",
                 "CREATE SCHEMA two; SET search_path = two;\nCREATE TABLE u (i int);\n"
                 "CREATE TYPE one.late AS ENUM ('x');\n");
  project_.write("schema/c.sql", "CREATE TABLE in_public (i int);\n");
  project_.write("ordered.sql",
                 "CREATE SCHEMA one; CREATE SCHEMA two; CREATE TYPE one.late AS ENUM ('x');\n"
                 "CREATE TABLE one.t (x one.late); CREATE TABLE two.u (i int);\n"
                 "CREATE TABLE public.in_public (i int);\n");
  expect_same("schema", "ordered.sql");
}

TEST_F(Desired, inline_foreign_keys_in_a_cycle_are_refused_with_the_reason) {
  project_.write("schema.sql",
                 "CREATE TABLE apart (id int PRIMARY KEY);\n"
                 "CREATE TABLE a (id int PRIMARY KEY, c int REFERENCES c);\n"
                 "CREATE TABLE b (id int PRIMARY KEY, a int REFERENCES a);\n"
                 "CREATE TABLE c (id int PRIMARY KEY, b int REFERENCES b);\n");
  const Outcome refused = steward({"check"});
  EXPECT_EQ(refused.exit, 8) << refused.all();
  EXPECT_NE(refused.err.find("these statements wait for each other"), std::string::npos)
      << refused.err;
  for (const char* line : {"schema.sql:2", "schema.sql:3", "schema.sql:4"})
    EXPECT_NE(refused.err.find(line), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("schema.sql:1"), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("ADD CONSTRAINT"), std::string::npos) << refused.err;
}

TEST_F(Desired, what_nobody_makes_is_named_and_not_what_waits_for_it) {
  project_.write("schema.sql",
                 "CREATE VIEW v AS SELECT id FROM a;\n"
                 "CREATE TABLE b (a int REFERENCES a);\n"
                 "CREATE TABLE a (id int PRIMARY KEY, x nosuchtype);\n");
  const Outcome refused = steward({"check"});
  EXPECT_EQ(refused.exit, 8);
  EXPECT_NE(refused.err.find("type \"nosuchtype\" does not exist"), std::string::npos)
      << refused.err;
  EXPECT_NE(refused.err.find("schema.sql:3"), std::string::npos) << refused.err;
  EXPECT_EQ(refused.err.find("wait for each other"), std::string::npos) << refused.err;
}

TEST_F(Desired, is_refused_with_what_to_do_about_it) {
  const std::vector<std::array<std::string, 3>> inputs{
      {"CREATE DATABASE regress_never; CREATE TABLE t ();", "changes the server", "take it out"},
      {"ALTER SYSTEM SET work_mem = '8MB';", "ALTER SYSTEM", "take it out"},
      {"CREATE TABLE t ();\nGRANT SELECT ON t TO regress_nobody;", "schema.sql:2", "CREATE ROLE"},
      {"SET ROLE regress_nobody;", "schema.sql:1", "roles belong to the server"},
      {"DROP TABLE gone;", "\"gone\" does not exist", "runs where it stands"},
      {"\\i other.sql\n", "psql meta-command", "name the directory"},
      {"\\connect other\n", "psql meta-command", "only psql knows these"},
      {"CREATE VIEW a AS SELECT * FROM b; CREATE VIEW b AS SELECT * FROM a;", "wait for each other",
       "none of these can be the first"},
  };
  for (const auto& [schema, what, hint] : inputs) {
    project_.write("schema.sql", schema);
    const Outcome refused = steward({"check"});
    EXPECT_TRUE(refused.exit == 8 || refused.exit == 2) << schema << "\n" << refused.all();
    EXPECT_NE(refused.err.find(what), std::string::npos) << schema << "\n" << refused.all();
    EXPECT_NE(refused.err.find(hint), std::string::npos) << schema << "\n" << refused.all();
  }
  EXPECT_EQ(Server::shared().value(url_,
                                   "SELECT count(*) FROM pg_database WHERE datname = "
                                   "'regress_never'"),
            "0");
}

TEST_F(Desired, may_hold_rows_before_their_table_and_roles_that_are_there) {
  Server::shared().connect(url_).run(
      "DO $$ BEGIN CREATE ROLE regress_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;");
  project_.write("a.sql",
                 "CREATE ROLE regress_reader; COPY t (id, s) FROM stdin;\n1\tx\n\\.\n"
                 "CREATE TABLE t (id int, s text); GRANT SELECT ON t TO regress_reader;\n");
  project_.write("b.sql",
                 "CREATE TABLE t (id int, s text); GRANT SELECT ON t TO regress_reader;\n");
  expect_same("a.sql", "b.sql");
}

TEST_F(Desired, stands_on_what_the_platform_provides) {
  project_.add("a1", "", "CREATE TABLE t (id int DEFAULT platform.number());", "DROP TABLE t;");
  const Outcome lacking = steward({"roundtrip"});
  EXPECT_EQ(lacking.exit, 8) << lacking.all();
  EXPECT_NE(lacking.err.find("[shadow] setup"), std::string::npos) << lacking.all();
  project_.write("steward.toml", "[shadow]\nsetup = \"shadow.sql\"\n");
  EXPECT_EQ(steward({"roundtrip"}).exit, 2);  // there is no such file
  project_.write(
      "shadow.sql",
      "CREATE SCHEMA platform; CREATE FUNCTION platform.number() RETURNS int LANGUAGE sql "
      "RETURN 1;");
  const Outcome whole = steward({"roundtrip"});
  EXPECT_EQ(whole.exit, 0) << whole.all();
  project_.write("schema.sql", "CREATE TABLE t (id int DEFAULT platform.number());");
  const Outcome same = steward({"check"});
  EXPECT_EQ(same.exit, 0) << same.all();
}

TEST_F(Desired, two_of_them_are_one_too_many) {
  project_.write("schema.sql", "CREATE TABLE a ();");
  project_.write("specs/database/a.md", "# Notes\n");
  const Outcome refused = steward({"check"});
  EXPECT_EQ(refused.exit, 2) << refused.all();
  EXPECT_NE(refused.err.find("schema.sql"), std::string::npos) << refused.err;
  project_.write("steward.toml", "[desired]\nsource = \"schema.sql\"\n");
  project_.add("a1", "", "CREATE TABLE a ();", "DROP TABLE a;");
  EXPECT_EQ(steward({"check"}).exit, 0);
}

TEST_F(Desired, may_be_what_a_program_prints) {
  use_program("\"sh\", \"ddl.sh\"");
  project_.write("ddl.sh",
                 "echo warning >&2\necho 'CREATE VIEW v AS SELECT id FROM t;'\ncat part.sql\n");
  project_.write("part.sql", "CREATE TABLE t (id int);\n");
  const Outcome made = steward({"revision", "--autogenerate", "-m", "first"});
  ASSERT_EQ(made.exit, 0) << made.all();
  EXPECT_EQ(made.err.find("warning"), std::string::npos) << made.err;
  EXPECT_EQ(steward({"check"}).exit, 0);
  project_.write("schema.sql", "CREATE TABLE t (id int); CREATE VIEW v AS SELECT id FROM t;");
  expect_same("program", "schema.sql");
  expect_same("migrations", "program");
}

TEST_F(Desired, a_program_that_fails_changes_nothing) {
  use_program("\"sh\", \"-c\", \"echo 'CREATE TABLE t ();'; echo broken models >&2; exit 4\"");
  const Outcome failed = steward({"revision", "--autogenerate", "-m", "first"});
  EXPECT_EQ(failed.exit, 8);
  EXPECT_NE(failed.err.find("exit code 4"), std::string::npos) << failed.err;
  EXPECT_NE(failed.err.find("broken models"), std::string::npos) << failed.err;
  EXPECT_TRUE(std::filesystem::is_empty(project_.root() / "migrations"));
  use_program("\"sh\", \"-c\", \"sleep 60\"", "timeout = \"300ms\"\n");
  const Outcome slow = steward({"check"});
  EXPECT_EQ(slow.exit, 8);
  EXPECT_NE(slow.err.find("300 ms"), std::string::npos) << slow.err;
  use_program("\"sh\", \"-c\", \"echo 'CREATE TABLE t (x nosuchtype);'\"");
  const Outcome wrong = steward({"check"});
  EXPECT_EQ(wrong.exit, 8);
  EXPECT_NE(wrong.err.find("output of sh -c"), std::string::npos) << wrong.err;
}

}  // namespace
}  // namespace steward::test
