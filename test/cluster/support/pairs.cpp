#include "test/cluster/support/pairs.h"

#include <gtest/gtest.h>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {

void run_sql(const std::string& url, const std::string& script) {
  if (!script.empty()) Server::shared().connect(url).run(script);
}

namespace {

// Each statement by itself: a value that an enum gets can only be used by the next transaction.
void apply(const Project& project, const std::string& url, const std::string& script) {
  project.write("change.sql", script);
  const auto ran = psql_file(url, project.root() / "change.sql");
  EXPECT_EQ(ran.exit, 0) << ran.all() << script;
}

}  // namespace

void arrives_and_comes_back(const std::string& from, const std::string& to,
                            const std::string& rows) {
  const Project project;
  const auto compared = [&](const std::string& a, const std::string& b) {
    return project.steward({"diff", "--summary", "--from", a, "--to", b}).out;
  };
  const std::string old_url = Server::shared().new_database(),
                    new_url = Server::shared().new_database(),
                    url = Server::shared().new_database();
  run_sql(old_url, from);
  run_sql(url, from);
  run_sql(new_url, to);
  run_sql(url, rows);
  const auto back = project.steward({"diff", "--downgrade", "--from", url, "--to", new_url});
  ASSERT_EQ(back.exit, 0) << back.all();
  const auto forth = project.steward({"diff", "--from", url, "--to", new_url});
  ASSERT_EQ(forth.exit, 0) << forth.all();
  EXPECT_NE(forth.out, "");
  apply(project, url, forth.out);
  EXPECT_EQ(compared(url, new_url), "") << forth.out;
  apply(project, url, back.out);
  EXPECT_EQ(compared(url, old_url), "") << back.out;
}

}  // namespace steward::test
