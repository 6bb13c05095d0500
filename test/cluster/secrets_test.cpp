// Tokens and keys stay where they belong: not in the server's log, its statistics or a dump, beyond
// what the client itself sent there.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class Secrets : public testing::Test {
 protected:
  Secrets()
      : server_({"shared_preload_libraries = 'pg_stat_statements'",
                 "pg_stat_statements.track = all", "log_parameter_max_length_on_error = -1",
                 "log_error_verbosity = verbose"}),
        url_(server_.new_database()) {
    server_.connect(url_).run(
        "CREATE EXTENSION pg_steward; CREATE EXTENSION pg_stat_statements;"
        "SELECT steward.add_token_key('k', 'v1'); CREATE ROLE app LOGIN;"
        "CREATE FUNCTION log_in(token text) RETURNS void LANGUAGE plpgsql AS "
        "'BEGIN EXECUTE format(''SELECT steward.act_as_token(%L)'', token); END'");
  }

  std::string minted(const std::string& identity) {
    return server_.value(url_, "SELECT steward.mint_token('" + identity + "')");
  }
  static std::string forged(std::string token) {
    token.back() = token.back() == 'A' ? 'E' : 'A';
    return token;
  }
  std::string log() const {
    std::ifstream file(server_.socket_directory() + "/log");
    return (std::ostringstream() << file.rdbuf()).str();
  }
  bool logged(const std::string& text) const { return log().find(text) != std::string::npos; }

  // As the application, which must fail with this SQLSTATE.
  void expect_failure(const std::string& sqlstate, const std::string& statement,
                      const pg::Parameters& parameters = {}) {
    auto connection = server_.connect(url_for_app());
    try {
      connection.query(statement, parameters);
      ADD_FAILURE() << "accepted: " << statement;
    } catch (const pg::QueryFailed& error) {
      EXPECT_EQ(error.failure.sqlstate, sqlstate);
    }
  }
  std::string url_for_app() const { return server_.url(url_.substr(url_.rfind('/') + 1), "app"); }

  Server server_;
  std::string url_;
};

TEST_F(Secrets, log_says_why_a_token_was_refused_and_not_which) {
  const std::string token = forged(minted("alice"));
  expect_failure("28000", "SELECT steward.act_as_token('" + token + "')");
  expect_failure("28000", "SELECT steward.act_as_token($1)", {token});
  expect_failure("28000", "SELECT log_in('" + token + "')");
  EXPECT_TRUE(logged("a token was refused: the signature is wrong"));
  expect_failure("42501", "SELECT steward.act_as('any other statement')");
  EXPECT_TRUE(logged("any other statement"));
  EXPECT_FALSE(logged(token)) << log();
}

TEST_F(Secrets, log_keeps_a_good_token_out_when_the_transaction_is_anothers) {
  const std::string alice = minted("alice"), bob = minted("bob");
  expect_failure(
      "42501", "SELECT steward.act_as_token('" + alice + "'), steward.act_as_token('" + bob + "')");
  EXPECT_TRUE(logged("already acts for somebody else"));
  EXPECT_FALSE(logged(alice)) << log();
}

TEST_F(Secrets, statistics_keep_neither_tokens_nor_keys) {
  const std::string token = minted("alice"), secret(40, 'z');
  server_.connect(url_).run("SELECT steward.act_as_token('" + token + "')");
  server_.connect(url_).run("SELECT steward.add_token_key('given', 'HS256', '" + secret + "')");
  const std::string texts =
      server_.value(url_, "SELECT string_agg(query, E'\\n') FROM pg_stat_statements");
  EXPECT_NE(texts.find("add_token_key"), std::string::npos);
  EXPECT_EQ(texts.find(token), std::string::npos);
  EXPECT_EQ(texts.find(secret), std::string::npos);
  EXPECT_FALSE(logged(secret));
}

TEST_F(Secrets, a_dump_carries_no_key) {
  const std::string secret(40, 'z');
  server_.connect(url_).run("SELECT steward.add_token_key('given', 'HS256', '" + secret + "')");
  const auto dumped = run({postgres_program("pg_dump"), url_});
  ASSERT_EQ(dumped.exit, 0) << dumped.err;
  EXPECT_NE(dumped.out.find("CREATE EXTENSION"), std::string::npos);
  EXPECT_EQ(dumped.out.find("COPY steward.token_key"), std::string::npos);
  EXPECT_EQ(dumped.out.find(secret), std::string::npos);
  EXPECT_EQ(dumped.out.find("7a7a7a7a7a7a7a7a"), std::string::npos);
}

TEST_F(Secrets, the_databases_owner_dumps_all_but_the_keys) {
  for (const char* statement : {"CREATE ROLE boss LOGIN", "CREATE DATABASE theirs OWNER boss",
                                "CREATE DATABASE copy OWNER boss"})
    server_.connect(url_).run(statement);
  const std::string theirs = server_.url("theirs", "boss"), copy = server_.url("copy");
  auto connection = server_.connect(theirs);
  connection.run("CREATE EXTENSION pg_steward; SELECT steward.grant_identity('app')");
  connection.run("SELECT steward.add_token_key('k', 'v1')");
  const std::string file = server_.socket_directory() + "/dump.sql";
  const auto dumped = run({postgres_program("pg_dump"), "-f", file, theirs});
  ASSERT_EQ(dumped.exit, 0) << dumped.err;
  const auto restored = psql_file(copy, file);
  EXPECT_EQ(restored.exit, 0) << restored.all();
  EXPECT_EQ(server_.value(server_.url("copy", "app"), "SELECT steward.act_as('x')::text"), "");
  EXPECT_EQ(server_.value(copy, "SELECT count(kid) FROM steward.token_key"), "0");
}

}  // namespace
}  // namespace steward::test
