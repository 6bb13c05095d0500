#include "runner/failure.h"

#include <gtest/gtest.h>

namespace steward::pg {
namespace {

TEST(Failure, reads_what_libpq_writes) {
  const Failure failure = parse_message(
      "ERROR:  23505: duplicate key value\nsecond line\nDETAIL:  Key (a)=(1) exists.\nHINT:  Do "
      "not.\n"
      "CONTEXT:  one\ntwo\nSCHEMA NAME:  public\nTABLE NAME:  t\nCONSTRAINT NAME:  t_pkey\n"
      "LOCATION:  _bt_check_unique, nbtinsert.c:666\n");
  EXPECT_EQ(failure.sqlstate, "23505");
  EXPECT_EQ(failure.severity, "ERROR");
  EXPECT_EQ(failure.message, "duplicate key value\nsecond line");
  EXPECT_EQ(failure.detail, "Key (a)=(1) exists.");
  EXPECT_EQ(failure.hint, "Do not.");
  EXPECT_EQ(failure.context, "one\ntwo");
  EXPECT_EQ(failure.table, "t");
  EXPECT_EQ(failure.constraint, "t_pkey");
}

TEST(Failure, takes_libpqs_own_errors_as_they_are) {
  const Failure failure =
      parse_message("server closed the connection unexpectedly\n\tThis probably means\n");
  EXPECT_EQ(failure.sqlstate, "");
  EXPECT_EQ(failure.message, "server closed the connection unexpectedly\n\tThis probably means");
}

std::string code(const std::string& text) {
  const Error error = connection_error(text, "postgresql://h/d");
  EXPECT_EQ(error.exit(), Exit::unreachable);
  EXPECT_FALSE(error.hint().empty());
  return error.code();
}

TEST(Failure, tells_why_a_connection_was_refused) {
  const std::string at = "connection to server at \"h\" (::1), port 5432 failed: ";
  EXPECT_EQ(code(at + "FATAL:  57P03: the database system is starting up\n"), "server_not_ready");
  EXPECT_EQ(code(at + "FATAL:  53300: sorry, too many clients already\n"), "too_many_connections");
  EXPECT_EQ(code(at + "FATAL:  28P01: password authentication failed for user \"u\"\n"),
            "authentication_failed");
  EXPECT_EQ(code(at + "FATAL:  28000: no pg_hba.conf entry\n"), "authentication_failed");
  EXPECT_EQ(code(at + "FATAL:  3D000: database \"d\" does not exist\n"), "no_database");
  EXPECT_EQ(code(at + "Connection refused\n\tIs the server running?\n"), "cannot_connect");
  EXPECT_EQ(code(at + "received invalid response to SSL negotiation: H\n"), "not_postgresql");
  EXPECT_EQ(code("timeout expired"), "connect_timeout");
  EXPECT_EQ(code(at + "fe_sendauth: no password supplied\n"), "authentication_failed");
}

TEST(Failure, knows_the_severity_in_any_language) {
  EXPECT_EQ(parse_message("FEHLER:  42P01: Relation »x« existiert nicht\n").sqlstate, "42P01");
}

}  // namespace
}  // namespace steward::pg
