// What is exported: the revisions in the order in which they are applied, each with a version of
// the other tool and its scripts as that tool can run them. Knows no format.
//
// The namespace is not called as the folder is: `export` is a word of the language.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "runner/import/history.h"
#include "runner/plan.h"
#include "runner/variables.h"

namespace steward::exporter {

using importer::Notice;
using importer::Tool;

struct Script {
  std::string text;  // ends in a line end, unless it is empty
  bool transaction = true;
  std::vector<std::string> statements;  // each closed with `;`; none of COPY with data
  bool copies = false;                  // COPY ... FROM stdin with its data
  bool outside = false;                 // a statement in it cannot run in a transaction
};

struct Migration {
  const revision::File* file = nullptr;
  std::string version;
  std::string name;  // of letters, digits and _
  Script upgrade;
  std::optional<Script> downgrade;
};

struct OutFile {
  std::filesystem::path path;  // below the directory that is exported to
  std::string text;
};

struct Exported {
  std::vector<OutFile> files;
  std::vector<Notice> notices;  // what the tool cannot hold
};

// How a tool names versions and what it can run.
struct Abilities {
  bool graph = false;        // parents and labels of its own, ids as they are
  bool numbers = true;       // versions are whole numbers, compared as such
  bool dotted = false;       // or numbers with dots
  bool copy = false;         // COPY with its data
  bool one_message = false;  // a script goes to the server as one message: several statements are
                             // in one transaction, whatever is said of it
  bool fills_names = false;  // replaces ${name} itself
};

// Throws Error(Exit::refused, "cannot_export") that names the revision for what the tool cannot
// run, Error(Exit::usage, "no_value") for a variable without a value, and what the splitter throws.
std::vector<Migration> migrations_of(const plan::Project& project, Tool tool,
                                     const Abilities& abilities, const variables::Values& values,
                                     std::vector<Notice>& notices);

// What a revision says that the tool has no words for.
Error cannot_export(Tool tool, const revision::File& file, const std::string& why,
                    const std::string& hint);

// "-- nothing to do" where there is no statement: some tools refuse an empty file.
std::string never_empty(const Script& script);

// Whether a line of the text, trimmed, begins with `--` and then with one of these words.
bool has_marker(const std::string& text, const std::vector<std::string>& words);

}  // namespace steward::exporter
