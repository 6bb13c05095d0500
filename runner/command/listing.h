// Listings: one way to show a revision, for every verb that shows some, in Alembic's words: a line,
// a paragraph, or an object.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "runner/json.h"
#include "runner/plan.h"
#include "runner/report/output.h"
#include "runner/text.h"

namespace steward::command {

class Listing {
 public:
  // current: ids to be marked so.
  Listing(const plan::Project& project, const report::Output& output,
          std::unordered_set<std::string> current = {});

  // "8f3a2c1d9e07 (billing) (head)"
  std::string name(const std::string& id) const;
  // "1b2c3d4e5f60 -> 8f3a2c1d9e07 (head), Create todo_item"
  std::string line(const std::string& id) const;
  // Rev, Parent or Merges, Branches into, Labels, Depends on, Path and the message; ends in a blank
  // line.
  std::string paragraph(const std::string& id) const;
  Json object(const std::string& id) const;
  Json objects(const revision::Ids& ids) const;

 private:
  std::string marks(const std::string& id) const;
  bool is_head(const std::string& id) const { return heads_.contains(id); }
  bool is_branch_point(const std::string& id) const;

  const plan::Project& project_;
  const report::Output& output_;
  std::unordered_set<std::string> current_;
  std::unordered_set<std::string> heads_;
};

}  // namespace steward::command
