// A database with two revisions applied, and what a refusal must leave as it was.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {

class Untroubled : public testing::Test {
 protected:
  Untroubled();

  // Runs steward and expects this exit code, these words on stderr, nothing on stdout; and that
  // ledger (but for the record of the failure), heads, tables and files are what they were.
  void expect_refused(int exit, const std::vector<std::string>& words,
                      const std::vector<std::string>& verb = {"upgrade"});
  // As above, of a third revision of this text.
  void expect_file_refused(const std::string& text, int exit,
                           const std::vector<std::string>& words);

  std::string value(const std::string& query) const { return Server::shared().value(url_, query); }
  std::string applied() const;  // the applied revisions, in order, with commas
  bool has_table(const std::string& name) const;
  void expect_sound_ledger() const;

  // All of the above in one text.
  std::string state() const;

  Project project_;
  std::string url_;
};

// What every file begins with.
std::string header(const std::string& id, const std::string& parents);

}  // namespace steward::test
