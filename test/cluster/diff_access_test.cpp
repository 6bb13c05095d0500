// Privileges that others than the owner gave, and those that a database is made with.
#include <gtest/gtest.h>

#include "test/cluster/support/pairs.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

class DiffAccess : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    run_sql(Server::shared().url("postgres"),
            "CREATE ROLE diff_one; CREATE ROLE diff_two; CREATE ROLE diff_three");
  }
  static void TearDownTestSuite() {
    run_sql(Server::shared().url("postgres"), "DROP ROLE diff_one, diff_two, diff_three");
  }
  // The databases must go before the roles can.
  static void tried(const std::string& from, const std::string& to) {
    arrives_and_comes_back(from, to);
    const std::string names = Server::shared().value(
        Server::shared().url("postgres"),
        "SELECT string_agg(DISTINCT format('DROP DATABASE %I WITH (FORCE)', d.datname), ';') FROM "
        "pg_database AS d JOIN pg_shdepend AS s ON s.dbid = d.oid JOIN pg_roles AS r ON r.oid = "
        "s.refobjid WHERE r.rolname LIKE 'diff\\_%'");
    for (std::size_t at = 0; at < names.size();) {
      const std::size_t end = std::min(names.find(';', at), names.size());
      run_sql(Server::shared().url("postgres"), names.substr(at, end - at));
      at = end + 1;
    }
  }
};

TEST_F(DiffAccess, the_sequences_of_identities_are_granted_as_wanted) {
  const std::string given = "ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO diff_one;";
  tried("", given + "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)");
  tried(
      given + "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY)",
      given +
          "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY); CREATE TABLE u (id int GENERATED "
          "ALWAYS AS IDENTITY); REVOKE SELECT ON SEQUENCE u_id_seq FROM diff_one; GRANT SELECT ON "
          "SEQUENCE t_id_seq TO diff_one WITH GRANT OPTION; SET ROLE diff_one; GRANT SELECT ON "
          "SEQUENCE t_id_seq TO PUBLIC");
  tried(
      "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY); ALTER TABLE t OWNER TO diff_two",
      "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY); REVOKE ALL ON SEQUENCE t_id_seq FROM "
      "postgres");
}

TEST_F(DiffAccess, an_aggregate_is_granted_as_a_function) {
  const std::string made =
      "CREATE AGGREGATE n(*) (SFUNC = int8inc, STYPE = int8, INITCOND = '0'); CREATE AGGREGATE "
      "o(float8 ORDER BY anyelement) (SFUNC = ordered_set_transition, STYPE = internal, FINALFUNC "
      "= "
      "percentile_disc_final, FINALFUNC_EXTRA); CREATE AGGREGATE h(VARIADIC \"any\" ORDER BY "
      "VARIADIC \"any\") (SFUNC = ordered_set_transition_multi, STYPE = internal, FINALFUNC = "
      "rank_final, FINALFUNC_EXTRA, HYPOTHETICAL); CREATE AGGREGATE m(ORDER BY anyelement) (SFUNC "
      "= "
      "ordered_set_transition, STYPE = internal, FINALFUNC = mode_final, FINALFUNC_EXTRA);";
  tried(made, made +
                  "REVOKE ALL ON FUNCTION n(), o(float8, anyelement), h(VARIADIC \"any\"), "
                  "m(anyelement) FROM PUBLIC");
}

TEST_F(DiffAccess, what_was_passed_on_goes_with_whose_it_was) {
  tried(
      "CREATE TABLE t (a int, b int); GRANT SELECT, INSERT ON t TO diff_one WITH GRANT OPTION; SET "
      "ROLE diff_one; GRANT SELECT ON t TO diff_two WITH GRANT OPTION; SET ROLE diff_two; GRANT "
      "SELECT ON t TO diff_three; RESET ROLE; GRANT SELECT (a) ON t TO diff_two WITH GRANT OPTION",
      "CREATE TABLE t (a int, b int); GRANT SELECT ON t TO diff_two WITH GRANT OPTION; SET ROLE "
      "diff_two; GRANT SELECT ON t TO diff_one; RESET ROLE; GRANT UPDATE (b) ON t TO diff_one WITH "
      "GRANT OPTION; SET ROLE diff_one; GRANT UPDATE (b) ON t TO diff_three; RESET ROLE");
}

TEST_F(DiffAccess, what_is_passed_on_of_a_new_table) {
  tried(
      "CREATE SCHEMA s",
      "CREATE SCHEMA s; CREATE TABLE s.t (a int); ALTER TABLE s.t OWNER TO diff_three; GRANT "
      "USAGE ON SCHEMA s TO diff_three, diff_one; SET ROLE diff_three; GRANT SELECT ON s.t TO "
      "diff_one WITH GRANT OPTION; SET ROLE diff_one; GRANT SELECT ON s.t TO diff_two; RESET ROLE");
}

TEST_F(DiffAccess, what_public_is_given_of_its_schema) {
  tried("REVOKE ALL ON SCHEMA public FROM PUBLIC; GRANT USAGE ON SCHEMA public TO diff_one",
        "GRANT CREATE ON SCHEMA public TO PUBLIC");
}

TEST_F(DiffAccess, an_extension_without_its_comment) {
  tried("CREATE EXTENSION hstore", "CREATE EXTENSION hstore; COMMENT ON EXTENSION hstore IS NULL");
}

}  // namespace
}  // namespace steward::test
