// isolate and prove: revisions that isolate tables, and attempts that show whether they do.
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

// Roles belong to the server: each test takes a name of its own.
class Isolate : public testing::Test {
 protected:
  Isolate() : url_(Server::shared().new_database()) {
    project_.use(url_);
    role_ = "app_" + value("SELECT oid FROM pg_database WHERE datname = current_database()");
    project_.add("a1", "", "CREATE TABLE task (id uuid PRIMARY KEY, user_id uuid, title text);",
                 "DROP TABLE task;");
    EXPECT_EQ(steward({"upgrade"}).exit, 0);
  }
  ~Isolate() override {
    if (value("SELECT to_regrole('" + role_ + "') IS NULL") == "t") return;
    value("DROP OWNED BY " + role_);
    value("DROP ROLE " + role_);
  }

  Outcome steward(const std::vector<std::string>& words) const { return project_.steward(words); }
  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  // The revision file that a verb printed the path of.
  std::string written(const Outcome& run) const {
    EXPECT_EQ(run.exit, 0) << run.all();
    return project_.read(run.out.substr(0, run.out.find('\n')));
  }
  void make_role() {
    written(steward({"isolate", "--app-role", role_}));
    EXPECT_EQ(steward({"upgrade"}).exit, 0);
  }
  std::string schema() const {
    return value(
        "SELECT string_agg(concat_ws(' ', attname, attnotnull, "
        "pg_get_expr(adbin, adrelid)), ', ' ORDER BY attnum) "
        "|| (SELECT concat_ws(' ', '', relrowsecurity, relforcerowsecurity, coalesce(relacl, "
        "acldefault('r', relowner))) FROM pg_class "
        "WHERE oid = 'task'::regclass) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = "
        "attrelid AND adnum = attnum WHERE attrelid = 'task'::regclass AND attnum > 0");
  }

  Project project_;
  std::string url_;
  std::string role_;
};

TEST_F(Isolate, writes_a_revision_that_isolates_and_goes_back) {
  make_role();
  const std::string before = schema();
  const auto run = steward({"isolate", "task", "--role", role_});
  const std::string file = written(run);
  EXPECT_NE(file.find("SELECT what FROM steward.isolate('task', roles => '{\"" + role_ + "\"}');"),
            std::string::npos)
      << file;
  EXPECT_NE(file.find("steward.release('task')"), std::string::npos) << file;
  EXPECT_EQ(schema(), before) << "the database is only asked";
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT relforcerowsecurity FROM pg_class WHERE oid = 'task'::regclass"), "t");
  const auto again = steward({"isolate", "task", "--role", role_});
  EXPECT_EQ(again.out, "nothing to do: task is isolated already\n") << again.all();
  EXPECT_EQ(steward({"downgrade", "-1"}).exit, 0);
  EXPECT_EQ(schema(), before);
}

TEST_F(Isolate, writes_the_statements_when_asked) {
  make_role();
  const std::string file = written(steward({"isolate", "task", "--role", role_, "--sql"}));
  EXPECT_NE(file.find("ENABLE ROW LEVEL SECURITY"), std::string::npos) << file;
  EXPECT_NE(file.find("CREATE POLICY"), std::string::npos) << file;
  const auto up = steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(steward({"prove"}).exit, 0);
}

TEST_F(Isolate, builds_indexes_concurrently_in_a_revision_of_their_own) {
  make_role();
  value(
      "INSERT INTO task SELECT gen_random_uuid(), gen_random_uuid() FROM generate_series(1, 100)");
  const auto run = steward({"isolate", "task", "--role", role_, "--online"});
  EXPECT_EQ(run.exit, 0) << run.all();
  const auto up = steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_NE(steward({"history"}).out.find("2 of 3: indexes"), std::string::npos);
  EXPECT_NE(value("SELECT upgrade FROM steward.ledger WHERE message LIKE '%2 of 3%' AND action = "
                  "'upgrade'")
                .find("CREATE INDEX CONCURRENTLY"),
            std::string::npos);
  EXPECT_EQ(steward({"isolate", "task", "--role", role_}).out,
            "nothing to do: task is isolated already\n");
  EXPECT_EQ(steward({"prove"}).exit, 0);
  EXPECT_EQ(steward({"downgrade", "-3"}).exit, 0);
  EXPECT_EQ(value("SELECT relrowsecurity FROM pg_class WHERE oid = 'task'::regclass"), "f");
}

TEST_F(Isolate, makes_a_role_that_row_security_binds) {
  const std::string file = written(steward({"isolate", "--app-role", role_}));
  EXPECT_EQ(file.find("PASSWORD"), std::string::npos) << file;
  EXPECT_EQ(steward({"upgrade"}).exit, 0);
  EXPECT_EQ(value("SELECT rolcanlogin AND NOT rolbypassrls AND NOT rolsuper FROM pg_roles WHERE "
                  "rolname = '" +
                  role_ + "'"),
            "t");
  EXPECT_EQ(steward({"isolate", "--app-role", role_}).out,
            "nothing to do: " + role_ + " is a proper application role\n");
}

TEST_F(Isolate, says_what_cannot_be_isolated) {
  const auto missing = steward({"isolate", "nosuch"});
  EXPECT_EQ(missing.exit, 12) << missing.all();
  EXPECT_NE(missing.err.find("\"nosuch\" does not exist"), std::string::npos) << missing.err;
  const auto neither = steward({"isolate"});
  EXPECT_EQ(neither.exit, 2) << neither.all();
  EXPECT_NE(neither.err.find("--app-role"), std::string::npos) << neither.err;
}

TEST_F(Isolate, is_proved_attempt_by_attempt) {
  make_role();
  written(steward({"isolate", "task", "--role", role_}));
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  const auto proof = steward({"prove"});
  EXPECT_EQ(proof.exit, 0) << proof.all();
  EXPECT_NE(proof.out.find("attempts held"), std::string::npos) << proof.out;
  EXPECT_EQ(value("SELECT count(*) FROM task"), "0") << "a proof leaves no row";
  value("ALTER TABLE task DISABLE ROW LEVEL SECURITY");
  const auto leak = steward({"prove", "--json"});
  EXPECT_EQ(leak.exit, 12) << leak.all();
  const json object = json::parse(leak.out);
  EXPECT_EQ(object["proved"], false);
  EXPECT_NE(object["relations"][0].dump().find("\"leaked\""), std::string::npos) << leak.out;
}

TEST_F(Isolate, tells_first_of_logins_that_are_not_bound) {
  make_role();
  written(steward({"isolate", "task", "--role", role_}));
  ASSERT_EQ(steward({"upgrade"}).exit, 0);
  value("ALTER ROLE " + role_ + " BYPASSRLS");
  for (const char* verb : {"prove", "doctor"}) {
    const auto run = steward({verb});
    EXPECT_EQ(run.exit, 12) << run.all();
    EXPECT_NE(run.out.find("row security does not apply to login \"" + role_), std::string::npos)
        << run.all();
    EXPECT_NE(run.out.find("ALTER ROLE " + role_ + " NOBYPASSRLS"), std::string::npos) << run.out;
  }
  value("ALTER ROLE " + role_ + " NOBYPASSRLS");
  EXPECT_EQ(steward({"prove"}).exit, 0);
}

}  // namespace
}  // namespace steward::test
