// What the program prints as SARIF, held against the schema that OASIS publishes: findings of both
// families, waived ones among them, and none at all.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* validation =
    "import json, sys, jsonschema\n"
    "schema, log = (json.load(open(name)) for name in sys.argv[1:3])\n"
    "faults = list(jsonschema.Draft7Validator(schema).iter_errors(log))\n"
    "print('\\n'.join(str(fault) for fault in faults))\n"
    "sys.exit(1 if faults else 0)\n";

class Sarif : public testing::Test {
 protected:
  void SetUp() override {
    const Outcome fetched = run({(fs::path(STEWARD_SOURCE_DIR) / "scripts/sarif-schema").string()});
    if (fetched.exit != 0) GTEST_SKIP() << fetched.err;
    schema_ = fetched.out.substr(0, fetched.out.find('\n'));
    if (run({"python3", "-c", "import jsonschema"}).exit != 0)
      GTEST_SKIP() << "there is no python3-jsonschema";
    project_.use(url_);
  }

  json valid(const std::vector<std::string>& words) const {
    const std::string text = project_.steward(words).out;
    project_.write("log.sarif", text);
    const Outcome checked =
        run({"python3", "-c", validation, schema_, (project_.root() / "log.sarif").string()});
    EXPECT_EQ(checked.exit, 0) << checked.all() << text;
    return json::parse(text)["runs"][0];
  }

  static int suppressed(const json& ran) {
    int count = 0;
    for (const json& result : ran["results"])
      if (result.contains("suppressions")) ++count;
    return count;
  }

  const std::string url_ = Server::shared().new_database();
  Project project_;
  std::string schema_;
};

TEST_F(Sarif, of_lint_is_valid_and_shows_allowed_findings_as_suppressed) {
  project_.add("s1", "", "CREATE TABLE item (id bigint PRIMARY KEY, note text, amount integer);",
               "DROP TABLE item;");
  EXPECT_TRUE(valid({"lint", "--format", "sarif"})["results"].empty());
  project_.write("migrations/s2_s2.sql",
                 "-- revision: s2\n-- revises: s1\n-- steward:upgrade\n"
                 "-- allow: drop-column nothing has read it since release 4\n"
                 "ALTER TABLE item DROP COLUMN note;\n"
                 "ALTER TABLE item ALTER COLUMN amount TYPE bigint;\n"
                 "CREATE INDEX \"a \"\"b\"\"\" ON item (amount);\n");
  const json ran = valid({"lint", "--format", "sarif"});
  EXPECT_GE(ran["results"].size(), 4u);
  EXPECT_EQ(suppressed(ran), 1);
}

TEST_F(Sarif, of_hygiene_is_valid_and_shows_waived_findings_as_suppressed) {
  project_.add("s1", "", "CREATE TABLE \"No Key\" (note json, at timestamp);",
               "DROP TABLE \"No Key\";");
  ASSERT_EQ(project_.steward({"upgrade"}).exit, 0);
  Server::shared().connect(url_).run(
      "SELECT steward.waive('column-type-json', 'public.\"No Key\".note', 'kept as it came')");
  const json ran = valid({"hygiene", "--format", "sarif"});
  EXPECT_GE(ran["results"].size(), 3u);
  EXPECT_EQ(suppressed(ran), 1);
}

}  // namespace
}  // namespace steward::test
