// import and export with Alembic and Sqitch themselves, where they are installed: what they run is
// what steward runs, and the history they recorded is taken over.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"
#include "test/cluster/support/untroubled.h"

namespace steward::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class Exchange : public testing::Test {
 protected:
  Outcome foreign(const std::vector<std::string>& words, const std::string& url) const {
    RunOptions options;
    options.directory = (project_.root() / "theirs").string();
    options.environment["DATABASE_URL"] = "postgresql+psycopg2:///" + database_of(url);
    options.environment["PGHOST"] = Server::shared().socket_directory();
    options.environment["PGPORT"] = std::to_string(Server::shared().port());
    options.environment["PGUSER"] = "postgres";
    options.environment["HOME"] = project_.root().string();
    Outcome outcome = run(words, options);
    EXPECT_EQ(outcome.exit, 0) << outcome.all();
    return outcome;
  }
  static std::string database_of(const std::string& url) { return url.substr(url.rfind('/') + 1); }
  Outcome steward(std::vector<std::string> words, const std::string& url, int exit = 0) const {
    words.insert(words.end(), {"--url", url});
    Outcome outcome = project_.steward(words);
    EXPECT_EQ(outcome.exit, exit) << words[0] << ": " << outcome.all();
    return outcome;
  }
  void write(const std::string& name, const std::string& text) const {
    fs::create_directories((project_.root() / name).parent_path());
    project_.write(name, text);
  }
  std::string value(const std::string& url, const std::string& query) const {
    return Server::shared().value(url, query);
  }
  static std::string heads() {
    return "SELECT string_agg(revision, ',' ORDER BY revision) FROM steward.head";
  }

  // Branches that are merged, data, bodies, what runs outside a transaction, and no way back.
  void write_history() {
    project_.add("aa01", "",
                 "CREATE TABLE item (id bigint PRIMARY KEY, note text);\n"
                 "INSERT INTO item VALUES (1, E'a:b %s \"quoted\" \\\\ tab\\t'), (2, ':x');",
                 "DROP TABLE item;");
    project_.add("aa02", "aa01",
                 "CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql AS $$\nBEGIN\n"
                 "\tRETURN 1;\nEND $$;",
                 "DROP FUNCTION f();");
    project_.add("aa03", "aa01", "ALTER TABLE item ADD n integer DEFAULT 7;",
                 "ALTER TABLE item DROP n;", "-- labels: side\n");
    project_.add("aa04", "aa02, aa03", "", "SELECT 1;");
    project_.write("migrations/aa05_index.sql",
                   header("aa05", "aa04") +
                       "-- steward:upgrade transaction=off\n"
                       "CREATE INDEX CONCURRENTLY item_n ON item (n);\n"
                       "-- steward:downgrade transaction=off\n"
                       "DROP INDEX CONCURRENTLY item_n;\n");
  }
  // Schema and data without the other tool's own tables, and without our extension.
  static std::string schema(const std::string& url) {
    std::istringstream lines(
        dump(url, {"--exclude-table=alembic_version*", "--exclude-schema=sqitch"}));
    std::string text;
    for (std::string line; std::getline(lines, line);)
      if (line.find("EXTENSION") == std::string::npos) text += line + "\n";
    return text;
  }

  Project project_;
};

class Alembic : public Exchange {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/alembic")) GTEST_SKIP() << "no alembic";
  }
  Outcome alembic(std::vector<std::string> words, const std::string& url) const {
    words.insert(words.begin(), "alembic");
    return foreign(words, url);
  }
};

TEST_F(Alembic, runs_what_was_exported_and_comes_back_the_same) {
  write_history();
  const std::string ours = Server::shared().new_database();
  steward({"upgrade"}, ours);
  ASSERT_EQ(project_.steward({"export", "--to", "alembic", "theirs"}).exit, 0);
  const std::string url = Server::shared().new_database();
  alembic({"upgrade", "heads"}, url);
  EXPECT_EQ(difference(schema(ours), schema(url)), "");
  Project other;
  other.use(url);
  fs::copy(project_.root() / "theirs", other.root() / "theirs", fs::copy_options::recursive);
  const auto import = other.steward({"import", "--from", "alembic", "theirs"});
  EXPECT_EQ(import.exit, 0) << import.all();
  EXPECT_NE(import.out.find("5 revisions adopted as applied"), std::string::npos) << import.all();
  EXPECT_EQ(value(url, heads()), "aa05");
  EXPECT_EQ(json::parse(last_line(
                other.steward({"show", "aa04", "--json"}).out))["revisions"][0]["parents"],
            json({"aa02", "aa03"}));
  EXPECT_EQ(other.steward({"downgrade", "base"}).exit, 0);
  EXPECT_EQ(other.steward({"upgrade"}).exit, 0);
  EXPECT_EQ(difference(schema(ours), schema(url)), "");
}

TEST_F(Alembic, downgrades_what_was_exported) {
  write_history();
  ASSERT_EQ(project_.steward({"export", "--to", "alembic", "theirs"}).exit, 0);
  const std::string url = Server::shared().new_database();
  alembic({"upgrade", "heads"}, url);
  alembic({"downgrade", "base"}, url);
  EXPECT_EQ(value(url, "SELECT to_regclass('item') IS NULL"), "t");
}

constexpr const char* environment = R"(
from alembic import context
def run():
    context.configure(dialect_name="postgresql")
    with context.begin_transaction():
        context.run_migrations()
run()
)";

std::string revision_file(const std::string& id, const std::string& parent, const std::string& body,
                          const std::string& back) {
  return "\"\"\"Make " + id + "\n\nRevision ID: " + id +
         "\nCreate Date: 2026-01-02 03:04:05.678\n\"\"\"\n" +
         "from alembic import op\nimport sqlalchemy as sa\nrevision = '" + id +
         "'\ndown_revision = " + (parent.empty() ? "None" : "'" + parent + "'") +
         "\nbranch_labels = None\ndepends_on = None\ndef upgrade():\n    " + body +
         "\ndef downgrade():\n    " + back + "\n";
}

TEST_F(Alembic, takes_over_a_history_in_python_with_its_version) {
  write("theirs/alembic.ini", "[alembic]\nscript_location = db\n");
  write("theirs/db/env.py", environment);
  write("theirs/db/versions/b1.py",
        revision_file("b1", "",
                      "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), "
                      "sa.Column('s', sa.String(40)))",
                      "op.drop_table('t')"));
  write("theirs/db/versions/b2.py",
        revision_file("b2", "b1", "op.execute(\"INSERT INTO t VALUES (1, 'a;b')\")",
                      "raise NotImplementedError('no way back')"));
  write("theirs/db/versions/b3.py",
        revision_file("b3", "b2",
                      "with op.get_context().autocommit_block():\n"
                      "        op.create_index('t_s', 't', ['s'], postgresql_concurrently=True)",
                      "op.drop_index('t_s')"));
  const std::string url = Server::shared().new_database();
  const Outcome import = steward({"import", "--from", "alembic", "theirs/db/versions"}, url);
  EXPECT_NE(import.err.find("no downgrade: NotImplementedError: no way back"), std::string::npos)
      << import.err;
  const std::string third = project_.read("migrations/b3_make_b3.sql");
  EXPECT_NE(third.find("-- steward:upgrade transaction=off"), std::string::npos) << third;
  EXPECT_EQ(third.find("alembic_version"), std::string::npos) << third;
  EXPECT_EQ(third.find("COMMIT"), std::string::npos) << third;
  EXPECT_NE(project_.read("migrations/b1_make_b1.sql").find("-- created: 2026-01-02T03:04:05Z"),
            std::string::npos);
  steward({"upgrade", "b2"}, url);
  steward({"downgrade", "b1"}, url, 5);
  // A database that alembic itself brought to b2.
  const std::string other = Server::shared().new_database();
  Server::shared().connect(other).run(
      "CREATE TABLE t (id serial PRIMARY KEY, s varchar(40)); INSERT INTO t VALUES (1, 'a;b');"
      "CREATE TABLE alembic_version (version_num varchar(32)); INSERT INTO alembic_version VALUES "
      "('b2')");
  EXPECT_NE(
      steward({"import", "--from", "alembic", "theirs"}, other).out.find("2 revisions adopted"),
      std::string::npos);
  steward({"upgrade"}, other);
  EXPECT_EQ(value(other, "SELECT indisvalid FROM pg_index WHERE indexrelid = 't_s'::regclass"),
            "t");
}

TEST_F(Alembic, names_a_revision_that_asks_the_database) {
  write("theirs/alembic.ini", "[alembic]\nscript_location = .\n");
  write("theirs/env.py", environment);
  write("theirs/versions/b1.py", revision_file("b1", "", "op.execute('SELECT 1')", "pass"));
  write("theirs/versions/b2.py",
        revision_file("b2", "b1", "op.get_bind().execute(sa.text('SELECT 1')).scalar()", "pass"));
  const Outcome refused =
      steward({"import", "--from", "alembic", "theirs"}, Server::shared().new_database(), 8);
  EXPECT_NE(refused.err.find("which SQL revision \"b2\" runs"), std::string::npos) << refused.err;
  EXPECT_TRUE(fs::is_empty(project_.root() / "migrations"));
}

class Sqitch : public Exchange {
 protected:
  void SetUp() override {
    if (!fs::exists("/usr/bin/sqitch")) GTEST_SKIP() << "no sqitch";
  }
  Outcome sqitch(std::vector<std::string> words, const std::string& url) const {
    words.insert(words.begin(), "sqitch");
    words.push_back("db:pg:" + database_of(url));
    return foreign(words, url);
  }
};

TEST_F(Sqitch, deploys_what_was_exported_and_is_taken_over) {
  write_history();
  const std::string ours = Server::shared().new_database();
  steward({"upgrade"}, ours);
  ASSERT_EQ(project_.steward({"export", "--to", "sqitch", "theirs"}).exit, 0);
  const std::string url = Server::shared().new_database();
  sqitch({"deploy", "--verify"}, url);
  EXPECT_EQ(difference(schema(ours), schema(url)), "");
  Project other;
  other.use(url);
  const auto import =
      other.steward({"import", "--from", "sqitch", (project_.root() / "theirs").string()});
  EXPECT_EQ(import.exit, 0) << import.all();
  EXPECT_NE(import.out.find("5 revisions adopted as applied"), std::string::npos) << import.all();
  EXPECT_EQ(other.steward({"downgrade", "base"}).exit, 0);
  EXPECT_EQ(value(url, "SELECT to_regclass('item') IS NULL"), "t");
}

}  // namespace
}  // namespace steward::test
