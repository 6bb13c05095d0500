// The floor: what any client that commits each revision with its history row must send and wait
// for. One message holds, for each revision, BEGIN, the revision as written, one INSERT into a
// plain ledger table and COMMIT. No checks, no checksums, no locks, no progress.
//
//   wire CONNECTION FILE    FILE: revisions separated by a line holding only a form feed
#include <libpq-fe.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string message_of(const std::string& file) {
  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  std::string message =
      "CREATE TABLE plain_ledger (id text PRIMARY KEY, at timestamptz DEFAULT now());";
  std::size_t from = 0;
  for (int n = 0;; ++n) {
    std::size_t end = text.find("\f\n", from);
    if (end == std::string::npos) return message;
    message += "BEGIN;" + text.substr(from, end - from) +
               "INSERT INTO plain_ledger (id) VALUES ('" + std::to_string(n) + "');COMMIT;";
    from = end + 2;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: wire CONNECTION FILE\n");
    return 2;
  }
  PGconn* connection = PQconnectdb(argv[1]);
  bool ok =
      PQstatus(connection) == CONNECTION_OK && PQsendQuery(connection, message_of(argv[2]).c_str());
  while (PGresult* result = ok ? PQgetResult(connection) : nullptr) {
    if (PQresultStatus(result) == PGRES_FATAL_ERROR) ok = false;
    PQclear(result);
  }
  if (!ok) std::fprintf(stderr, "%s", PQerrorMessage(connection));
  PQfinish(connection);
  return ok ? 0 : 1;
}
