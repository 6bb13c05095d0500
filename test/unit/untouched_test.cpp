#include "runner/untouched.h"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

namespace steward {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t minute = 60000;

class Untouched : public testing::Test {
 protected:
  Untouched()
      : root_(fs::path(testing::TempDir()) / ("steward_untouched_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
    for (const char* name : {"a_first.sql", "b.sql", ".hidden.sql", "notes.md"})
      std::ofstream(root_ / name) << "x";
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    state_.clock = state_.local_clock =
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    for (const char* id : {"a", "b"}) add(id, state_.clock + minute);
  }
  ~Untouched() override { fs::remove_all(root_); }

  void add(const std::string& id, std::int64_t applied_at) {
    ledger::Revision revision;
    revision.id = id;
    revision.applied_at = applied_at;
    state_.revisions.push_back(revision);
  }

  fs::path root_;
  ledger::State state_;
};

TEST_F(Untouched, holds_when_every_file_is_older_than_its_revision) {
  EXPECT_TRUE(untouched(root_, state_));
}

TEST_F(Untouched, fails_for_a_file_changed_afterwards) {
  state_.revisions[1].applied_at -= 2 * minute;
  EXPECT_FALSE(untouched(root_, state_));
}

TEST_F(Untouched, compares_by_one_clock) {
  state_.clock +=
      2 * minute;  // the server is ahead: it applied a minute before the files were written
  EXPECT_FALSE(untouched(root_, state_));
  for (ledger::Revision& revision : state_.revisions) revision.applied_at += 2 * minute;
  EXPECT_TRUE(untouched(root_, state_));
}

TEST_F(Untouched, fails_for_files_and_revisions_that_do_not_match) {
  std::ofstream(root_ / "c_new.sql") << "x";
  EXPECT_FALSE(untouched(root_, state_));
  fs::remove(root_ / "c_new.sql");
  std::ofstream(root_ / "a_again.sql") << "x";
  EXPECT_FALSE(untouched(root_, state_));
  fs::remove(root_ / "a_again.sql");
  add("gone", state_.clock + minute);
  EXPECT_FALSE(untouched(root_, state_));
  EXPECT_FALSE(untouched(root_ / "nowhere", state_));
}

}  // namespace
}  // namespace steward
