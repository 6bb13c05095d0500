// What a generated revision is shown to besides the snapshot: pg_dump, and tables with rows.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Witness : public testing::Test {
 protected:
  Witness() : url_(Server::shared().new_database()) { project_.use(url_); }

  Outcome autogenerate(const std::string& schema, std::vector<std::string> flags = {},
                       const RunOptions& options = {}) const {
    project_.write("schema.sql", schema);
    flags.insert(flags.begin(), {"revision", "--autogenerate", "-m", "change"});
    return project_.steward(flags, options);
  }
  void stand_at(const std::string& schema) const {
    const auto made = autogenerate(schema);
    ASSERT_EQ(made.exit, 0) << made.all();
    ASSERT_EQ(revisions(), 1U);
  }
  std::size_t revisions() const {
    std::size_t count = 0;
    for (const auto& file : std::filesystem::directory_iterator(project_.root() / "migrations"))
      count += file.path().extension() == ".sql" ? 1 : 0;
    return count;
  }
  void expect_found(const std::string& schema, const std::string& what) const {
    const auto made = autogenerate(schema);
    EXPECT_EQ(made.exit, 0) << made.all();
    EXPECT_NE(made.err.find("with rows in the tables the upgrade fails"), std::string::npos)
        << made.all();
    EXPECT_NE(made.err.find(what), std::string::npos) << made.all();
    EXPECT_EQ(revisions(), 2U);
  }

  Project project_;
  std::string url_;
};

TEST_F(Witness, finds_a_required_column_without_a_default) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY);");
  expect_found("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);", "contains null values");
}

TEST_F(Witness, finds_values_that_no_longer_fit) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, n bigint, s text);");
  expect_found("CREATE TABLE t (id int PRIMARY KEY, n int, s text);", "integer out of range");
}

TEST_F(Witness, finds_a_unique_key_over_what_may_be_alike) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY, s text NOT NULL);");
  expect_found("CREATE TABLE t (id int PRIMARY KEY, s text NOT NULL UNIQUE);",
               "ADD CONSTRAINT t_s_key");
}

TEST_F(Witness, has_nothing_to_say_of_what_runs_on_rows_too) {
  stand_at(
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int NOT NULL "
      "REFERENCES p, s varchar(5));");
  const auto made = autogenerate(
      "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, p int NOT NULL "
      "REFERENCES p, s text, n int NOT NULL DEFAULT 3);");
  EXPECT_EQ(made.exit, 0) << made.all();
  // The way back has to fit longer texts again, but none was written in between.
  EXPECT_EQ(made.err.find("with rows"), std::string::npos) << made.all();
}

TEST_F(Witness, is_not_asked_where_rows_are_not_wanted) {
  stand_at("CREATE TABLE t (id int PRIMARY KEY);");
  const auto made =
      autogenerate("CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL);", {"--no-rows"});
  EXPECT_EQ(made.exit, 0) << made.all();
  EXPECT_EQ(made.err.find("with rows"), std::string::npos) << made.all();
}

// Programs of PostgreSQL whose pg_dump sees something that nothing else does, and each time
// another.
class SharpEyes {
 public:
  explicit SharpEyes(const Project& project) : bin_(project.root() / "bin") {
    const auto real = std::filesystem::path(postgres_program("pg_dump")).parent_path();
    std::filesystem::create_directory(bin_);
    for (const char* program : {"postgres", "initdb"})
      std::filesystem::create_symlink(real / program, bin_ / program);
    script("pg_config", "[ \"$1\" != --bindir ] || { echo '" + bin_.string() +
                            "'; exit; }\nexec '" + (real / "pg_config").string() + "' \"$@\"\n");
    script("pg_dump",
           "'" + (real / "pg_dump").string() +
               "' \"$@\" || exit\nfor word; do case $word in --file=*) file=${word#--file=} "
               ";; esac; done\n[ -z \"$file\" ] || printf -- '-- Name: moon; Type: TABLE; "
               "Schema: public; Owner: x\\n\\nCREATE TABLE moon_%s ();\\n' $$ >>\"$file\"\n");
  }
  RunOptions options() const {
    RunOptions options;
    options.environment["PG_CONFIG"] = (bin_ / "pg_config").string();
    return options;
  }

 private:
  void script(const std::string& name, const std::string& body) const {
    std::ofstream(bin_ / name) << "#!/bin/sh\n" << body;
    std::filesystem::permissions(bin_ / name, std::filesystem::perms(0755));
  }
  std::filesystem::path bin_;
};

TEST_F(Witness, is_pg_dump_for_what_the_snapshot_does_not_see) {
  const SharpEyes eyes(project_);
  const std::string schema = "CREATE TABLE t (id int);";
  const auto refused = autogenerate(schema, {"--referee", "always"}, eyes.options());
  EXPECT_EQ(refused.exit, 12) << refused.all();
  EXPECT_NE(refused.err.find("CREATE TABLE moon_"), std::string::npos) << refused.all();
  EXPECT_EQ(revisions(), 0U);
  const auto taken = autogenerate(schema, {"--referee", "never"}, eyes.options());
  EXPECT_EQ(taken.exit, 0) << taken.all();
  EXPECT_EQ(revisions(), 1U);
}

// Without the right to make databases the shadow is on the project's own server, which learns of
// the roles.
TEST_F(Witness, works_for_a_user_who_may_make_no_database) {
  auto admin = Server::shared().connect(url_);
  for (const char* role : {"regress_plain", "regress_reader"})
    if (admin.query("SELECT 1 FROM pg_roles WHERE rolname = $1", {role}).empty())
      admin.run(std::string("CREATE ROLE ") + role + " LOGIN");
  const std::string database =
      url::parse(url_).find("dbname") != nullptr ? *url::parse(url_).find("dbname") : "";
  admin.run("ALTER DATABASE " + database +
            " OWNER TO regress_plain; ALTER SCHEMA public OWNER TO regress_plain");
  project_.use(Server::shared().url(database, "regress_plain"));
  const auto made =
      autogenerate("CREATE TABLE t (id int PRIMARY KEY);\nGRANT SELECT ON t TO regress_reader;\n");
  EXPECT_EQ(made.exit, 0) << made.all();
  EXPECT_EQ(revisions(), 1U);
  project_.steward({"dev", "stop"});
}

}  // namespace
}  // namespace steward::test
