// A project of every kind of step, and what must be true after somebody disturbed its run: status
// answers, the same command converges, and schema, data and ledger are those of an undisturbed run.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {

class Disturbed : public testing::Test {
 protected:
  explicit Disturbed(Server& server);

  Outcome steward(const std::string& url, std::vector<std::string> words,
                  RunOptions options = {}) const;
  // A new database like that one.
  std::string copy_of(const std::string& url);
  // All that is to be the same as if nothing had happened.
  std::string state(const std::string& url) const;
  // What a person sees and does after the run ended early.
  void expect_convergence(const std::string& url, const std::vector<std::string>& verb,
                          const std::string& expected, const std::string& what) const;

  Server& disturbed_;
  Project project_;

 private:
  int copies_ = 0;
};

}  // namespace steward::test
