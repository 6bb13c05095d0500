// Random pairs of schemas over every kind of object: what the diff writes leads from the one to the
// other and back, as pg_dump sees it.
//   STEWARD_PAIRS=2000   how many (a few without it)
//   STEWARD_SEED=17      the first seed; each next pair takes the next
//   STEWARD_SHRINK=1     makes a pair that fails small before it is shown; 2 shows it as it is
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <set>

#include "test/cluster/support/server.h"
#include "test/cluster/support/trial.h"

namespace steward::test {
namespace {

constexpr std::uint64_t usual_pairs = 8;

std::uint64_t setting(const char* name, std::uint64_t usual) {
  const char* given = std::getenv(name);
  return given != nullptr && *given != '\0' ? std::strtoull(given, nullptr, 10) : usual;
}

// How often each kind was tried, and was there.
class Coverage {
 public:
  void count(const Pair& wanted, const Pair& built) {
    for (const Piece& piece : wanted.before) ++tried_[piece.kind];
    for (const Piece& piece : built.before) ++built_[piece.kind];
  }
  // Kinds that were tried often and never built: then the generator is at fault.
  std::string missing() const {
    std::string names;
    for (const auto& [kind, times] : tried_)
      if (times > 20 && !built_.contains(kind)) names += kind + ", ";
    return names;
  }
  void print() const {
    for (const auto& [kind, times] : tried_)
      std::cout << "  " << kind << " " << (built_.contains(kind) ? built_.at(kind) : 0) << "/"
                << times << "\n";
  }

 private:
  std::map<std::string, int> tried_, built_;
};

std::string shown(std::uint64_t seed, const Pair& pair, const Verdict& verdict) {
  const std::string first = "seed " + std::to_string(seed) + ": " + verdict.said() + "\n";
  if (setting("STEWARD_SHRINK", 0) == 0) return first + "STEWARD_SHRINK=1 shows a small pair";
  if (setting("STEWARD_SHRINK", 0) == 2)
    return first + "--- the pair (- before, + after)\n" + to_text(pair) + "--- the script\n" +
           verdict.where;
  const Pair small = shrink(pair);
  const Verdict again = try_pair(small);
  return first + "--- the pair (- before, + after)\n" + to_text(small) + "--- " + again.said() +
         "\n--- the script\n" + again.where;
}

TEST(Property, every_diff_arrives_and_comes_back) {
  pg::Connection connection(url::parse(Server::shared().url("postgres")), "steward test");
  prepare_server(connection);
  const std::uint64_t first = setting("STEWARD_SEED", 1);
  std::map<Verdict::Kind, int> verdicts;
  Coverage coverage;
  for (std::uint64_t seed = first; seed < first + setting("STEWARD_PAIRS", usual_pairs); ++seed) {
    const Pair pair = random_pair(seed);
    Pair built;
    const Verdict verdict = try_pair(pair, &built);
    coverage.count(pair, built);
    ++verdicts[verdict.kind];
    if (verdict.kind == Verdict::Kind::wrong) ADD_FAILURE() << shown(seed, built, verdict);
    if (verdict.kind == Verdict::Kind::refused || verdict.kind == Verdict::Kind::warned)
      std::cout << "seed " << seed << " said so: " << verdict.said() << "\n";
  }
  std::cout << verdicts[Verdict::Kind::good] << " arrived and came back, "
            << verdicts[Verdict::Kind::refused] + verdicts[Verdict::Kind::warned]
            << " refused or warned of, " << verdicts[Verdict::Kind::wrong] << " wrong\n";
  if (setting("STEWARD_PAIRS", usual_pairs) > usual_pairs) coverage.print();
  EXPECT_EQ(coverage.missing(), "");
}

}  // namespace
}  // namespace steward::test
