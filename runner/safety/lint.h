// Lint: the safety rules run over revisions, one after the other, each seeing what those before it
// made. Knows no database: what is known of one is given (runner/safety/catalog.h). Allowed
// findings are kept, with their reason.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runner/revision/file.h"
#include "runner/safety/finding.h"
#include "runner/safety/rules.h"

namespace steward::safety {

struct Settings {
  Limits limits;
  Levels levels;
  std::string lock_timeout;  // what a section has that says nothing
  std::string statement_timeout;
  // Tables that an earlier one of the revisions made are new too: nobody uses them until all of
  // these revisions are applied.
  bool together = false;
};

// What is looked at: a revision's sections, read.
struct Subject {
  Script upgrade;
  std::optional<Script> downgrade;
  bool irreversible = false;
  bool has_file = true;
  bool too_long = false;  // the upgrade's statements were not read
};

// Reads the sections, unless they are longer than 4 MB: what is in those, a rule says to be
// unknown. Throws what the splitter throws.
Subject subject_of(const revision::File& file, const Settings& settings);
// A bare script, which is run in a transaction; file is for messages.
Subject subject_of_script(const std::string& text, const std::string& file,
                          const Settings& settings);

// What a revision was seen to do, for rules over several.
struct Seen {
  std::string revision;
  std::string file;
  std::vector<std::string> creates;
  struct Use {
    Touch touch;
    int statement;
    std::uint64_t line;
    double seconds;  // 0 where no size is known
    bool is_new;
  };
  std::vector<Use> uses;
  std::vector<std::string> drops;                            // relations, and relation.column
  std::vector<std::pair<std::string, std::uint64_t>> names;  // those its statements name, line
  std::vector<Allowed> allowed;
};

class Linter {
 public:
  Linter(Settings settings, Knowledge known);

  // The findings for one revision, in the order of its lines; it counts as applied from then on.
  std::vector<Finding> look(const Subject& subject);
  // It was applied before: only what it made is remembered.
  void pass(const Subject& subject);

  const std::vector<Seen>& seen() const { return seen_; }
  const Settings& settings() const { return settings_; }
  const Knowledge& known() const { return known_; }

 private:
  struct Run;
  void look_at(Run& run, const Statement& statement);
  void note_use(Run& run, const Statement& statement, const Effects& effects);
  void add(Run& run, const Rule& rule, const Found& found, const Statement* statement,
           const Effects* effects, const std::string& relation);
  bool concerns_large(const Effects* effects, const std::string& relation) const;
  void waive(Run& run);
  Severity softened(const Rule& rule, const Found& found, Severity level,
                    const Effects* effects) const;

  Settings settings_;
  Knowledge known_;
  std::vector<Seen> seen_;
};

}  // namespace steward::safety
