// Which database is taken, what is said when it cannot be reached or cannot serve, and that no
// password is ever shown.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "test/cluster/support/impostor.h"
#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

using nlohmann::json;

class Connection : public testing::Test {
 protected:
  json object(std::vector<std::string> words,
              const std::map<std::string, std::string>& environment = {}) const {
    words.push_back("--json");
    RunOptions options;
    options.environment = environment;
    const auto run = project_.steward(words, options);
    EXPECT_FALSE(run.out.empty()) << run.err;
    return run.out.empty() ? json() : json::parse(last_line(run.out));
  }
  // exit:code of `steward status` against this URL.
  std::string refusal(const std::string& url, const std::string& verb = "status") const {
    const json error = object({verb, "-u", url})["error"];
    EXPECT_FALSE(error.is_null()) << "accepted";
    if (error.is_null()) return "accepted";
    EXPECT_TRUE(error.contains("hint")) << error;
    return std::to_string(error["exit"].get<int>()) + ":" + error["code"].get<std::string>();
  }
  std::string database_of(const std::map<std::string, std::string>& environment,
                          const std::vector<std::string>& flags = {}) const {
    std::vector<std::string> words = {"status"};
    words.insert(words.end(), flags.begin(), flags.end());
    const json status = object(words, environment);
    const std::string url = status.value("database", status.dump());
    return url.substr(url.rfind('/', url.find('?')) + 1,
                      url.find('?') - url.rfind('/', url.find('?')) - 1);
  }

  Project project_;
};

TEST_F(Connection, is_the_first_that_is_set) {
  Server& server = Server::shared();
  std::vector<std::string> urls;
  std::vector<std::string> names;
  for (int i = 0; i < 6; ++i) {
    urls.push_back(server.new_database());
    names.push_back(urls.back().substr(urls.back().rfind('/') + 1));
  }
  std::map<std::string, std::string> environment = {{"STEWARD_DATABASE_URL", urls[1]},
                                                    {"DIRECT_URL", urls[2]},
                                                    {"DATABASE_URL_UNPOOLED", urls[3]},
                                                    {"DATABASE_URL", urls[4]}};
  project_.write("steward.toml", "[database]\nurl = \"${FROM_FILE}\"\n");
  project_.write(".env", "FROM_FILE=" + urls[5] + "\nSTEWARD_DATABASE_URL=wrong\n");
  EXPECT_EQ(database_of(environment, {"--url", urls[0]}), names[0]);
  EXPECT_EQ(database_of(environment), names[1]);
  environment["STEWARD_DATABASE_URL"] = "";
  EXPECT_EQ(database_of(environment), names[2]);
  environment.erase("DIRECT_URL");
  EXPECT_EQ(database_of(environment), names[3]);
  environment.erase("DATABASE_URL_UNPOOLED");
  EXPECT_EQ(database_of(environment), names[4]);
  environment.erase("DATABASE_URL");
  EXPECT_EQ(database_of(environment), names[5]);
}

TEST_F(Connection, falls_back_on_libpqs_variables) {
  const std::string url = Server::shared().new_database();
  const std::string name = url.substr(url.rfind('/') + 1);
  const json doctor = object({"doctor"}, {{"PGHOST", Server::shared().socket_directory()},
                                          {"PGUSER", "postgres"},
                                          {"PGDATABASE", name}});
  EXPECT_NE(doctor.dump().find("database " + name), std::string::npos) << doctor;
  EXPECT_NE(doctor.dump().find("PGHOST in environment"), std::string::npos) << doctor;
}

TEST_F(Connection, says_so_when_no_database_was_given) {
  const json error = object({"status"})["error"];
  EXPECT_EQ(error["code"], "no_database_given");
  EXPECT_EQ(error["exit"], 2);
}

TEST_F(Connection, understands_the_urls_of_drivers_and_orms) {
  std::string url = Server::shared().new_database();
  url.replace(0, url.find(':'), "postgresql+asyncpg");
  EXPECT_EQ(
      object({"status", "-u", url + "?pgbouncer=true&connection_limit=1&schema=public"})["verb"],
      "status");
  EXPECT_EQ(refusal("mysql://root:s3cret@localhost/shop"), "2:unknown_scheme");
  EXPECT_EQ(refusal("shop"), "2:unknown_scheme");
}

TEST_F(Connection, takes_the_schema_of_the_url_for_the_search_path) {
  const std::string url = Server::shared().new_database();
  Server::shared().connect(url).run("CREATE SCHEMA app");
  project_.add_chain(1);
  EXPECT_EQ(object({"upgrade", "-u", url + "?schema=app"})["to"], json({"a1"}));
  EXPECT_EQ(Server::shared().value(url, "SELECT to_regclass('app.a1') IS NOT NULL"), "t");
}

TEST_F(Connection, exits_with_7_when_nobody_answers) {
  EXPECT_EQ(refusal("postgresql://ann:s3cret@127.0.0.1:1/shop"), "7:cannot_connect");
  EXPECT_EQ(refusal("host=/nowhere dbname=shop password=s3cret"), "7:cannot_connect");
  EXPECT_EQ(refusal(Server::shared().url("nosuch")), "7:no_database");
  EXPECT_EQ(refusal(Server::shared().url("postgres", "nosuch")), "7:authentication_failed");
}

TEST_F(Connection, tells_servers_that_cannot_serve_apart) {
  EXPECT_EQ(
      refusal(Impostor(Impostor::refusal("57P03", "the database system is starting up")).url()),
      "7:server_not_ready");
  EXPECT_EQ(refusal(Impostor(Impostor::refusal("53300", "sorry, too many clients already")).url()),
            "7:too_many_connections");
  EXPECT_EQ(refusal(Impostor(Impostor::refusal("28P01", "password authentication failed")).url()),
            "7:authentication_failed");
}

TEST_F(Connection, knows_what_is_not_postgresql) {
  EXPECT_EQ(refusal(Impostor("HTTP/1.1 400 Bad Request\r\n\r\n").url()), "7:not_postgresql");
  EXPECT_EQ(
      refusal(Impostor(Impostor::welcome({"server_version", "18.0.0", "crdb_version",
                                          "CockroachDB CCL v26.1", "client_encoding", "UTF8"}))
                  .url()),
      "7:not_postgresql");
}

TEST_F(Connection, refuses_to_write_where_nothing_can_be_written) {
  Server& server = Server::shared();
  project_.add_chain(1);
  const std::string url = server.new_database();
  const std::string name = url.substr(url.rfind('/') + 1);
  server.connect(url).run("ALTER DATABASE " + name + " SET default_transaction_read_only = on");
  EXPECT_EQ(refusal(url, "upgrade"), "7:read_only");
  EXPECT_EQ(object({"status", "-u", url})["verb"], "status");
}

TEST_F(Connection, refuses_to_upgrade_a_standby) {
  Server standby;
  standby.become_standby();
  project_.add_chain(1);
  EXPECT_EQ(refusal(standby.url("postgres"), "upgrade"), "7:in_recovery");
  EXPECT_EQ(object({"status", "-u", standby.url("postgres")})["in_recovery"], true);
}

TEST_F(Connection, refuses_an_extension_of_another_version) {
  Server& server = Server::shared();
  project_.add_chain(1);
  const std::string url = server.new_database();
  ASSERT_EQ(object({"upgrade", "-u", url})["verb"], "upgrade");
  for (const auto& [version, code] :
       {std::pair{"0.0.1", "12:extension_older"}, std::pair{"99.1.0", "12:extension_newer"}}) {
    server.connect(url).run("UPDATE pg_extension SET extversion = '" + std::string(version) +
                            "' WHERE extname = 'pg_steward'");
    for (const char* verb : {"upgrade", "status", "current"}) EXPECT_EQ(refusal(url, verb), code);
  }
}

TEST_F(Connection, says_who_may_create_the_extension) {
  Server& server = Server::shared();
  project_.add_chain(1);
  const std::string url = server.new_database();
  server.connect(url).run(
      "DO $$ BEGIN CREATE ROLE plain LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  const std::string plain = server.url(url.substr(url.rfind('/') + 1), "plain");
  EXPECT_EQ(refusal(plain, "upgrade"), "12:extension_forbidden");
  ASSERT_EQ(object({"upgrade", "-u", url})["verb"], "upgrade");
  EXPECT_EQ(refusal(plain, "status"), "12:no_privilege");
}

// Wherever it is given, and whatever goes wrong.
TEST_F(Connection, never_shows_a_password) {
  const std::string database = Server::shared().new_database();
  const std::string host = Server::shared().socket_directory();
  const std::string name = database.substr(database.rfind('/') + 1);
  std::string with_password = database;
  with_password.replace(with_password.find('@'), 1, ":hunter2@");
  project_.add_chain(2);
  project_.add("bad", "a2", "SELECT 1/0;");
  const std::vector<std::string> urls = {
      with_password,
      database + "?password=hunter2",
      "host=" + host + " user=postgres dbname=" + name + " password=hunter2",
      "postgresql://ann:hunter2@127.0.0.1:1/shop",
      "postgresql://ann:hunter2/x@127.0.0.1/shop",
      "postgresql://ann:hunter2@127.0.0.1:port/shop",
      "postgresql://ann:hunter2@h/shop?colour=blue",
      "mysql://ann:hunter2@h/shop"};
  std::string all;
  for (const std::string& url : urls)
    for (const std::vector<std::string>& verb :
         std::vector<std::vector<std::string>>{{"status"},
                                               {"doctor"},
                                               {"upgrade", "-v"},
                                               {"upgrade", "--json"},
                                               {"current", "-v"},
                                               {"doctor", "--json"}}) {
      RunOptions options;
      options.environment = {{"DATABASE_URL", url}};
      all += project_.steward(verb, options).all();
    }
  EXPECT_EQ(all.find("hunter2"), std::string::npos) << all.substr(all.find("hunter2") - 300, 400);
  EXPECT_EQ(Server::shared().value(
                database, "SELECT count(*) FROM steward.ledger l WHERE l::text LIKE '%hunter2%'"),
            "0");
}

TEST_F(Connection, names_itself_to_the_server) {
  const std::string url = Server::shared().new_database();
  project_.add("a", "",
               "CREATE TABLE who AS SELECT application_name, query FROM pg_stat_activity "
               "WHERE pid = pg_backend_pid();");
  std::string with_password = url;
  with_password.replace(with_password.find('@'), 1, ":hunter2@");
  ASSERT_EQ(object({"upgrade", "-u", with_password})["verb"], "upgrade");
  EXPECT_EQ(Server::shared().value(url, "SELECT application_name FROM who"), "steward upgrade");
  EXPECT_EQ(Server::shared().value(url, "SELECT count(*) FROM who WHERE query LIKE '%hunter2%'"),
            "0");
}

}  // namespace
}  // namespace steward::test
