// Completion: which words may stand where the cursor is, read off the tree of verbs and flags. What
// a value may be is known by the name of its flag or place; revisions come from the headers of the
// project's files, and nothing else is looked at. Part of the door to the argument parser.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "runner/cli/verb.h"

namespace steward::cli {

struct Candidate {
  std::string word;
  std::string about;  // a few words for those shells that show them
};

// typed: the words behind the program's name; the last is the one to be completed, and may be
// empty. The candidate `:files` stands for any path. Never throws an Error: a project that cannot
// be read has no revisions to offer.
std::vector<Candidate> candidates(const CLI::App& app, const Words& typed);

}  // namespace steward::cli
