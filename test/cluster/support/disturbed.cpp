#include "test/cluster/support/disturbed.h"

#include <unistd.h>

namespace steward::test {

Disturbed::Disturbed(Server& server) : disturbed_(server) {
  project_.add("k1", "",
               "CREATE TABLE item (id integer PRIMARY KEY, name text);\n"
               "INSERT INTO item VALUES (1, 'one');",
               "DROP TABLE item;");
  project_.add("k2", "k1",
               "COPY item (id, name) FROM stdin;\n2\ttwo\n3\tthree\n\\.\n"
               "UPDATE item SET name = upper(name);",
               "DELETE FROM item WHERE id > 1;");
  project_.write("migrations/k3_k3.sql",
                 "-- revision: k3\n-- revises: k2\n-- steward:upgrade transaction=off\n"
                 "CREATE SCHEMA shop;\nSET search_path = shop, public;\n"
                 "CREATE INDEX CONCURRENTLY item_name ON item (name);\n"
                 "CREATE TABLE seen (n integer);\nINSERT INTO seen VALUES (1);\n"
                 "COPY seen FROM stdin;\n7\n\\.\nVACUUM item;\n"
                 "-- steward:downgrade transaction=off\n"
                 "SET search_path = shop, public;\nDROP TABLE seen;\n"
                 "DROP INDEX CONCURRENTLY item_name;\nDROP SCHEMA shop;\n");
  project_.add("k4", "k3",
               "ALTER TABLE item ADD COLUMN note text;\nINSERT INTO shop.seen VALUES (2);",
               "ALTER TABLE item DROP COLUMN note;\nDELETE FROM shop.seen WHERE n = 2;");
  project_.add("k5", "k4", "CREATE VIEW items AS SELECT * FROM item;", "DROP VIEW items;");
}

Outcome Disturbed::steward(const std::string& url, std::vector<std::string> words,
                           RunOptions options) const {
  options.environment["DATABASE_URL"] = url;
  return project_.steward(words, std::move(options));
}

std::string Disturbed::copy_of(const std::string& url) {
  const std::string name = url.substr(url.rfind('/') + 1);
  const std::string copy =
      "copy_" + std::to_string(getpid()) + "_" + std::to_string(++copies_) + name;
  disturbed_.connect(disturbed_.url("postgres"))
      .run("CREATE DATABASE " + copy + " TEMPLATE " + name);
  return disturbed_.url(copy);
}

std::string Disturbed::state(const std::string& url) const {
  return dump(url) +
         disturbed_.value(
             url,
             "SELECT concat_ws(' ',"
             " (SELECT string_agg(revision, ',' ORDER BY seq) FROM steward.revision),"
             " (SELECT string_agg(revision, ',') FROM steward.head), 'open:',"
             " (SELECT string_agg(revision, ',') FROM steward.open_step), 'wrong:',"
             " (SELECT string_agg(seq || ' ' || problem, ',') FROM steward.verify_ledger()))");
}

void Disturbed::expect_convergence(const std::string& url, const std::vector<std::string>& verb,
                                   const std::string& expected, const std::string& what) const {
  const auto status = steward(url, {"status"});
  EXPECT_EQ(status.exit, 0) << what << "\n" << status.all();
  const auto again = steward(url, verb);
  EXPECT_EQ(again.exit, 0) << what << "\n" << again.all();
  EXPECT_EQ(difference(expected, state(url)), "") << what;
}

}  // namespace steward::test
