// What lint says of files and ledger together: a hit, a near miss and a waiver for each rule, which
// scripts/check-rules looks for by the tests' names.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Bookkeeping : public testing::Test {
 protected:
  Bookkeeping() {
    project_.use(url_);
    write("s1", "", "CREATE TABLE item (id bigint PRIMARY KEY);", "DROP TABLE item;");
    write("s2", "s1", "CREATE TABLE box (id bigint PRIMARY KEY);", "DROP TABLE box;");
  }

  void write(const std::string& id, const std::string& parent, const std::string& up,
             const std::string& down, const std::string& header = "") const {
    project_.write("migrations/" + id + "_" + id + ".sql",
                   "-- revision: " + id + "\n-- revises: " + parent + "\n" + header +
                       "-- steward:upgrade\n" + up + "\n-- steward:downgrade\n" + down + "\n");
  }
  void apply() const {
    const Outcome run = project_.steward({"upgrade"});
    ASSERT_EQ(run.exit, 0) << run.all();
  }
  json found(const std::string& rule) const {
    json hits = json::array();
    const json all = json::parse(project_.steward({"lint", "--url", url_, "--json"}).out);
    for (const json& finding : all["findings"])
      if (finding["rule"] == rule) hits.push_back(finding);
    return hits;
  }
  void expect_one(const std::string& rule, const std::string& revision) const {
    const json hits = found(rule);
    ASSERT_EQ(hits.size(), 1u) << hits;
    EXPECT_EQ(hits[0]["revision"], revision);
    EXPECT_FALSE(hits[0]["hint"].get<std::string>().empty());
    EXPECT_FALSE(hits[0].contains("waiver"));
  }
  void expect_allowed(const std::string& rule) const {
    const json hits = found(rule);
    ASSERT_EQ(hits.size(), 1u) << hits;
    EXPECT_EQ(hits[0]["waiver"], "we know");
    EXPECT_TRUE(found("allow-unused").empty());
  }
  void expect_off(const std::string& rule) const {
    project_.write("steward.toml", "[rules]\n" + rule + " = \"off\"\n");
    EXPECT_TRUE(found(rule).empty());
  }

  const std::string url_ = Server::shared().new_database();
  Project project_;
};

TEST_F(Bookkeeping, revision_edited_after_apply) {
  const std::string rule = "revision-edited-after-apply";
  apply();
  // Comments and white space are no edit.
  write("s2", "s1", "-- where items lie\nCREATE TABLE box (id bigint\n  PRIMARY KEY);",
        "DROP TABLE box;");
  EXPECT_TRUE(found(rule).empty());
  write("s2", "s1", "CREATE TABLE box (id int PRIMARY KEY);", "DROP TABLE box;");
  expect_one(rule, "s2");
  write("s2", "s1", "CREATE TABLE box (id int PRIMARY KEY);", "DROP TABLE box;",
        "-- allow: revision-edited-after-apply we know\n");
  expect_allowed(rule);
  expect_off(rule);
}

TEST_F(Bookkeeping, revision_missing) {
  const std::string rule = "revision-missing";
  apply();
  // One that is not applied yet is missed by nobody.
  write("s3", "s2", "CREATE TABLE bag (id bigint PRIMARY KEY);", "DROP TABLE bag;");
  std::filesystem::remove(project_.root() / "migrations/s3_s3.sql");
  EXPECT_TRUE(found(rule).empty());
  std::filesystem::remove(project_.root() / "migrations/s2_s2.sql");
  expect_one(rule, "s2");
  expect_off(rule);  // there is no file whose header could allow it
}

TEST_F(Bookkeeping, revision_non_linear) {
  const std::string rule = "revision-non-linear";
  EXPECT_TRUE(found(rule).empty());
  write("s3", "s1", "CREATE TABLE bag (id bigint PRIMARY KEY);", "DROP TABLE bag;");
  expect_one(rule, "s3");
  write("s3", "s1", "CREATE TABLE bag (id bigint PRIMARY KEY);", "DROP TABLE bag;",
        "-- allow: revision-non-linear we know\n");
  expect_allowed(rule);
  // Branches that were merged are one head again.
  write("s3", "s1", "CREATE TABLE bag (id bigint PRIMARY KEY);", "DROP TABLE bag;");
  write("s4", "s2, s3", "", "");
  EXPECT_TRUE(found(rule).empty());
  std::filesystem::remove(project_.root() / "migrations/s4_s4.sql");
  expect_off(rule);
}

}  // namespace
}  // namespace steward::test
