// A revision as it stands on disk: what its header says, where its sections are, and their
// checksums. The scripts themselves stay in the file and are read when they are shipped, so that
// ten thousand revisions, or one of 200 MB, load in bounded memory. The format is
// docs/revisions.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runner/revision/canonical.h"
#include "runner/sql/window.h"

namespace steward::revision {

// What may follow a section's marker. Empty text: not given.
struct Options {
  bool transaction = true;   // transaction=off: statement by statement, outside a transaction
  std::string lock_timeout;  // as PostgreSQL writes it: 2s, 500ms, 0
  std::string statement_timeout;
  std::string role;
};

// One section's place in its file. offset and length are bytes of the file as it is; the section's
// text is the canonical form of them (revision/canonical.h), in all that is done with it.
struct Section {
  Options options;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  std::uint64_t line = 1;  // line of the file on which the text begins
  bool empty = true;       // no statement in it, only space and comments
  bool plain = true;     // no COPY data and no psql line: the text is SQL and can be sent as it is
  std::string checksum;  // SHA-256, lower case hex, of the text
};

// A safety rule that the revision may break. Without a reason it allows nothing, which lint says.
struct Allowance {
  std::string rule;
  std::string reason;
  std::uint64_t line = 0;
};

// A name in its scripts that is replaced before they are sent, and what it stands for unless told
// otherwise.
struct Variable {
  std::string name;
  std::optional<std::string> value;
};

struct File {
  std::filesystem::path path;
  std::string id;
  std::vector<std::string> parents;  // `revises`, in the order written; empty: a base
  std::vector<std::string> depends_on;
  std::vector<std::string> replaces;  // squashed into it, oldest first (docs/verbs/squash.md)
  std::vector<std::string> labels;
  std::vector<Allowance> allow;
  std::vector<Variable> variables;
  std::string message;
  std::string created;  // as written
  Section upgrade;
  std::optional<Section> downgrade;  // absent: none was written
  std::optional<Section> verify;
  std::optional<std::string> irreversible;  // the reason, when the file says so
  // Not a file: the ledger's copy of a revision (runner/recall.h), which its sections are read
  // from. path then says so, for messages. nullptr: the file at path.
  std::shared_ptr<const std::string> copy{};
};

// Reads header, markers and checksums. Throws Error(Exit::usage) with file and line for: an unknown
// or repeated header or marker, a missing upgrade section, a missing or bad id, an id that differs
// from the one in the file's name, statements before the first marker, an unknown option, NUL,
// invalid UTF-8, and all that the splitter refuses.
File read(const std::filesystem::path& path);

// The same over a source, which is read once. For messages, `again` is asked for a second one.
using SourceMaker = std::function<sql::Source()>;
File read(const sql::Source& source, const std::filesystem::path& path, const SourceMaker& again);

// The same over text already in memory (for tests, and for what is about to be written).
File parse(std::string_view text, const std::filesystem::path& path);

// Whether text can be a revision id: 1 to 128 characters, none of `: @ + - ,` space, quote, slash,
// backslash, bracket or control character, and not one of the words head, heads, base, current.
bool valid_id(std::string_view text);

// A source over the section's text, reading the file again piece by piece. checksum(), once the end
// was reached, is that of what was read; it differs from section.checksum when the file changed.
// Throws Error(Exit::usage, "cannot_read_file").
class Reader {
 public:
  Reader(const File& file, const Section& section);
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  std::size_t read(char* buffer, std::size_t size);  // as sql::Source
  std::string checksum() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// The whole section as text: for sections of ordinary size.
std::string text(const File& file, const Section& section);

// The file's text for a new revision: header and empty sections, ready to be edited. `created` is
// UTC, ISO 8601.
std::string compose(const File& file, std::string_view upgrade, std::string_view downgrade);

// "Create todo_item and its owner index" -> "create_todo_item_and_its_owner_index"; at most 40
// bytes of lower-case ASCII letters, digits and '_', cut at a word; "revision" when nothing is
// left.
std::string slug(std::string_view message);

// A new id: 12 lower-case hex characters, from the system's random source.
std::string new_id();

}  // namespace steward::revision
