// The pairs of families.sql: the diff arrives and comes back, as pg_dump sees it.
//   STEWARD_FAMILIES=file   those of another file
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <ostream>

#include "test/cluster/support/server.h"
#include "test/cluster/support/trial.h"

namespace steward::test {
namespace {

struct Case {
  std::string name;
  Verdict::Kind worst = Verdict::Kind::good;  // what the diff may say of it
  std::string before;
  std::string after;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

// "name", "name (may warn)" or "name (may refuse)"
Case named(const std::string& title) {
  Case one;
  one.name = title.substr(0, title.find(' '));
  if (title.ends_with("(may warn)")) one.worst = Verdict::Kind::warned;
  if (title.ends_with("(may refuse)")) one.worst = Verdict::Kind::refused;
  return one;
}

std::vector<Case> read_cases() {
  const char* given = std::getenv("STEWARD_FAMILIES");
  std::ifstream file(given != nullptr ? given : STEWARD_SOURCE_DIR "/test/cluster/families.sql");
  static const std::string pair = "-- pair: ";
  std::vector<Case> cases;
  bool after = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(pair)) {
      cases.push_back(named(line.substr(pair.size())));
      after = false;
    } else if (line == "-- to:") {
      after = true;
    } else if (!cases.empty()) {
      (after ? cases.back().after : cases.back().before) += line + "\n";
    }
  }
  return cases;
}

class Families : public testing::TestWithParam<Case> {};

TEST_P(Families, arrive_and_come_back) {
  pg::Connection connection(url::parse(Server::shared().url("postgres")), "steward test");
  prepare_server(connection);
  const Case& one = GetParam();
  const Pair pair{{{"before", one.before}}, {{"after", one.after}}};
  Pair built;
  const Verdict verdict = try_pair(pair, &built);
  ASSERT_TRUE(built.before == pair.before && built.after == pair.after) << "no such schema";
  EXPECT_TRUE(verdict.kind == Verdict::Kind::good || verdict.kind == one.worst)
      << verdict.said() << "\n"
      << verdict.where;
}

INSTANTIATE_TEST_SUITE_P(, Families, testing::ValuesIn(read_cases()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace steward::test
