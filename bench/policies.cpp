// Runs one query as one user again and again in one transaction, and prints what it cost.
//
//   policies SHAPE QUERY [ITERATIONS]      connects by the PG* variables, as the role bench_SHAPE
//     cpu=MICROSECONDS wall=MICROSECONDS   of one execution; cpu: the server process's, read from
//                                          /proc, so the server runs on this machine
//
// SHAPE: by_hand (WHERE user_id = $1 and no policies), steward, setting, wrapped, claims: the
// tables of bench/policies.sql. Each query is prepared, and run until its plan has settled before
// it counts.
#include <libpq-fe.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <random>
#include <stdexcept>
#include <string>

namespace {

using Clock = std::chrono::steady_clock;

constexpr int users = 10000;
constexpr int tasks_of_a_user = 100;
constexpr int user = 4711;
constexpr int until_settled = 8;  // a generic plan is chosen from the sixth execution on

struct Query {
  const char* with_policies;
  const char* by_hand;
  int iterations;
  bool takes_id;
  const char* setting;  // what keeps the plan the same in every shape
};

// In the texts of by_hand $1 is the user; $1 of the others, and $2 of by_hand, the id looked for.
const std::map<std::string, Query> queries = {
    {"point",
     {"SELECT title FROM task WHERE id = $1",
      "SELECT title FROM task WHERE id = $2 AND user_id = $1", 5000, true, ""}},
    {"count",
     {"SELECT count(*) FROM task", "SELECT count(*) FROM task WHERE user_id = $1", 1000, false,
      ""}},
    {"aggregate",
     {"SELECT sum(points) FROM task", "SELECT sum(points) FROM task WHERE user_id = $1", 3, false,
      "SET LOCAL enable_indexscan = off; SET LOCAL enable_bitmapscan = off; "
      "SET LOCAL enable_indexonlyscan = off"}},
    {"join",
     {"SELECT count(*) FROM task JOIN note ON note.task_id = task.id",
      "SELECT count(*) FROM task JOIN note ON note.task_id = task.id "
      "WHERE task.user_id = $1 AND note.user_id = $1",
      500, false, ""}},
    {"insert",
     {"INSERT INTO draft (user_id, title) SELECT $1, 'a title of some forty characters, no. ' || n "
      "FROM generate_series(1, 100000) AS n",
      "INSERT INTO draft (user_id, title) SELECT $1, 'a title of some forty characters, no. ' || n "
      "FROM generate_series(1, 100000) AS n",
      1, false, ""}},
};

struct Cost {
  double cpu;  // microseconds
  double wall;
};

std::string uuid_of(int n) {
  char text[37];
  std::snprintf(text, sizeof text, "00000000-0000-0000-0000-%012x", static_cast<unsigned>(n));
  return text;
}

class Session {
 public:
  explicit Session(const std::string& role) : connection_(PQconnectdb(("user=" + role).c_str())) {
    if (PQstatus(connection_) != CONNECTION_OK) fail();
  }
  ~Session() { PQfinish(connection_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void run(const std::string& sql) { take(PQexec(connection_, sql.c_str())); }
  void prepare(const std::string& sql) {
    take(PQprepare(connection_, "q", sql.c_str(), 0, nullptr));
  }
  void execute(int count, const char* const* values) {
    take(PQexecPrepared(connection_, "q", count, values, nullptr, nullptr, 0));
  }
  // The time the server process has been on a processor, in nanoseconds.
  double cpu() const {
    std::ifstream in("/proc/" + std::to_string(PQbackendPID(connection_)) + "/schedstat");
    double nanoseconds = 0;
    if (!(in >> nanoseconds))
      throw std::runtime_error("cannot read the server process's schedstat");
    return nanoseconds;
  }

 private:
  void take(PGresult* result) {
    ExecStatusType status = PQresultStatus(result);
    PQclear(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) fail();
  }
  [[noreturn]] void fail() const { throw std::runtime_error(PQerrorMessage(connection_)); }

  PGconn* connection_;
};

void set_identity(Session& session, const std::string& shape) {
  const std::string id = uuid_of(user);
  if (shape == "steward") session.run("SELECT steward.act_as('" + id + "')");
  if (shape == "setting" || shape == "wrapped")
    session.run("SELECT set_config('app.user_id', '" + id + "', true)");
  if (shape == "claims")
    session.run("SELECT set_config('request.jwt.claims', '{\"sub\": \"" + id +
                "\", \"role\": \"authenticated\", \"aud\": \"todo\", \"exp\": 1999999999}', true)");
}

class Run {
 public:
  Run(Session& session, const std::string& shape, const Query& query)
      : session_(session), by_hand_(shape == "by_hand"), query_(query) {}

  Cost measure(int iterations) {
    for (int i = 0; i < until_settled && query_.iterations > 1; ++i) once();
    const double cpu = session_.cpu();
    const auto begun = Clock::now();
    for (int i = 0; i < iterations; ++i) once();
    const std::chrono::duration<double, std::micro> wall = Clock::now() - begun;
    return {(session_.cpu() - cpu) / 1000 / iterations, wall.count() / iterations};
  }

 private:
  void once() {
    const std::string id = std::to_string(
        user + users * std::uniform_int_distribution<int>(0, tasks_of_a_user - 1)(random_));
    const std::string owner = uuid_of(user);
    const bool inserts = query_.iterations == 1;
    if (by_hand_) {
      const char* values[] = {owner.c_str(), id.c_str()};
      session_.execute(query_.takes_id ? 2 : 1, values);
    } else {
      const char* values[] = {inserts ? owner.c_str() : id.c_str()};
      session_.execute(query_.takes_id || inserts ? 1 : 0, values);
    }
  }

  Session& session_;
  bool by_hand_;
  const Query& query_;
  std::mt19937 random_{1};
};

Cost measure(const std::string& shape, const Query& query, int iterations) {
  Session session("bench_" + shape);
  session.run(shape == "steward" ? "SET search_path = isolated, public"
                                 : "SET search_path = plain, public");
  session.run("SET max_parallel_workers_per_gather = 0; SET jit = off");
  session.run("BEGIN");
  set_identity(session, shape);
  if (*query.setting) session.run(query.setting);
  session.prepare(shape == "by_hand" ? query.by_hand : query.with_policies);
  Cost cost = Run(session, shape, query).measure(iterations);
  session.run("ROLLBACK");
  return cost;
}

}  // namespace

int main(int argc, char** argv) {
  const auto found = argc > 2 ? queries.find(argv[2]) : queries.end();
  if (found == queries.end()) {
    std::fprintf(stderr, "usage: policies SHAPE QUERY [ITERATIONS]\n");
    return 2;
  }
  try {
    const Query& query = found->second;
    const int iterations = argc > 3 ? std::atoi(argv[3]) : query.iterations;
    const Cost cost = measure(argv[1], query, iterations);
    std::printf("cpu=%.3f wall=%.3f\n", cost.cpu, cost.wall);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "policies: %s\n", error.what());
    return 1;
  }
}
