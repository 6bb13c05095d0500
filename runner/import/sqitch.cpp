#include <algorithm>
#include <map>
#include <utility>

#include "runner/import/checksum.h"
#include "runner/import/files.h"
#include "runner/import/formats.h"
#include "runner/import/version.h"
#include "runner/revision/file.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

namespace fs = std::filesystem;

// Where the files are: sqitch.conf's [core], relative to it.
struct Layout {
  fs::path plan, deploy, revert, verify;
  std::string extension = "sql";
};

// key = value of the section [core]; git's format.
std::map<std::string, std::string> core_settings(const fs::path& file) {
  std::map<std::string, std::string> settings;
  if (!fs::exists(file)) return settings;
  const std::string bytes = read_bytes(file);
  bool core = false;
  for (const std::string_view line : lines_of(bytes)) {
    const std::string_view text = trim(line);
    if (text.starts_with('[')) core = text == "[core]";
    const std::size_t equals = text.find('=');
    if (core && equals != text.npos && !text.starts_with('#') && !text.starts_with(';'))
      settings[lower(trim(text.substr(0, equals)))] = trim(text.substr(equals + 1));
  }
  return settings;
}

Layout layout_of(const fs::path& directory) {
  const auto settings = core_settings(directory / "sqitch.conf");
  const auto get = [&settings](const char* name, const std::string& otherwise) {
    const auto found = settings.find(name);
    return found == settings.end() ? otherwise : found->second;
  };
  const std::string top = get("top_dir", ".");
  Layout layout;
  layout.plan = directory / get("plan_file", (fs::path(top) / "sqitch.plan").string());
  layout.deploy = directory / get("deploy_dir", (fs::path(top) / "deploy").string());
  layout.revert = directory / get("revert_dir", (fs::path(top) / "revert").string());
  layout.verify = directory / get("verify_dir", (fs::path(top) / "verify").string());
  layout.extension = get("extension", "sql");
  return layout;
}

// A line of the plan that says something.
struct Entry {
  char kind;                       // '+': a change, '@': a tag, '%': a pragma
  std::string name;                // without its sign; of a pragma all of it
  std::vector<std::string> needs;  // what stands in brackets
  std::string date;
  std::string note;
  std::uint64_t line;
};

Error bad(const fs::path& plan, std::uint64_t line, const std::string& message,
          std::string hint = {}) {
  return bad_line("bad_plan", plan, line, message, std::move(hint));
}

// `[a b]` off the text's beginning.
std::vector<std::string> take_needs(std::string_view& text) {
  std::vector<std::string> needs;
  if (!text.starts_with('[')) return needs;
  const std::size_t close = std::min(text.find(']'), text.size());
  std::string inside(text.substr(1, close - 1));
  std::replace(inside.begin(), inside.end(), '\t', ' ');
  for (const std::string_view need : split(inside, ' '))
    if (!need.empty()) needs.emplace_back(need);
  text = trim(text.substr(std::min(close + 1, text.size())));
  return needs;
}

std::string without_escapes(std::string_view note) {
  std::string text;
  for (std::size_t at = 0; at < note.size(); ++at) {
    const bool line = note.substr(at, 2) == "\\n" || note.substr(at, 2) == "\\r";
    text += line ? ' ' : note[at];
    if (line) ++at;
  }
  return text;
}

// name [needs] date planner <mail> # note
Entry parse_entry(const fs::path& plan, std::string_view text, std::uint64_t line) {
  Entry entry{'+', {}, {}, {}, {}, line};
  if (text.starts_with('%')) return {'%', std::string(trim(text.substr(1))), {}, {}, {}, line};
  if (const std::size_t note = text.find(" #"); note != text.npos) {
    entry.note = without_escapes(trim(text.substr(note + 2)));
    text = trim(text.substr(0, note));
  }
  if (text.starts_with('@') || text.starts_with('+') || text.starts_with('-')) {
    entry.kind = text.front();
    text = trim(text.substr(1));
  }
  if (entry.kind == '-')
    throw bad(plan, line, "a line that reverts, which sqitch itself no longer takes");
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  entry.name = text.substr(0, end);
  text = trim(text.substr(end));
  entry.needs = take_needs(text);
  entry.date = text.substr(0, text.find_first_of(" \t"));
  if (entry.name.empty()) throw bad(plan, line, "a line without a name");
  return entry;
}

std::vector<Entry> entries_of(const fs::path& plan) {
  if (!fs::exists(plan))
    throw Error(Exit::usage, "no_directory", "there is no plan " + plan.string(), "",
                "name the directory that holds sqitch.conf or sqitch.plan");
  const Script script = read_script(plan);
  std::vector<Entry> entries;
  std::uint64_t number = 0;
  for (const std::string_view line : lines_of(script.text)) {
    ++number;
    const std::string_view text = trim(line);
    if (!text.empty() && !text.starts_with('#')) entries.push_back(parse_entry(plan, text, number));
  }
  return entries;
}

bool is_query(const std::string& words) {
  return words.starts_with("SELECT") || words.starts_with("WITH") || words.starts_with("VALUES") ||
         words.starts_with("TABLE");
}

// A quote that no text closes.
std::string dollars(const std::string& text, std::string tag) {
  while (text.find("$" + tag + "$") != text.npos) tag += "_";
  return "$" + tag + "$";
}

// The tool is content with a query that does not fail; ours must be true. So it is run where its
// answer is nobody's.
std::string unanswered(const std::string& query) {
  const std::string inner = dollars(query, "query");
  const std::string block = "BEGIN EXECUTE " + inner + query + inner + "; END";
  const std::string outer = dollars(block, "verify");
  return "DO " + outer + block + outer + ";";
}

std::string without_end(std::string_view statement) {
  std::string text(trim(statement));
  while (text.ends_with(';')) text.pop_back();
  return text;
}

// The transaction around it, which is rolled back, is not ours to begin.
Script verify_of(const fs::path& file) {
  Script script = read_script(file);
  sql::Splitter splitter(sql::source_of(script.text), file.string());
  std::string text;
  for (sql::Statement statement; splitter.next(statement);) {
    if (statement.number == 0 || sql::controls_transaction(statement)) continue;
    const std::string_view bare = std::string_view(statement.text).substr(statement.first);
    text += (is_query(statement.words) ? unanswered(without_end(bare)) : without_end(bare) + ";") +
            "\n";
  }
  script.text = std::move(text);
  return script;
}

class Plan {
 public:
  Plan(const fs::path& directory, History& history)
      : layout_(layout_of(directory)), entries_(entries_of(layout_.plan)), history_(history) {}

  void read() {
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      const Entry& entry = entries_[at];
      if (entry.kind == '%')
        take_pragma(entry);
      else if (entry.kind == '@')
        take_tag(entry);
      else
        take_change(entry, at);
    }
  }

 private:
  void take_pragma(const Entry& entry) {
    if (entry.name.starts_with("project="))
      history_.project = trim(std::string_view(entry.name).substr(8));
  }

  void take_tag(const Entry& entry) {
    if (history_.revisions.empty())
      throw bad(layout_.plan, entry.line, "the tag @" + entry.name + " has no change before it");
    if (revision::valid_id(entry.name))
      history_.revisions.back().labels.push_back(entry.name);
    else
      note(entry, "the tag @" + entry.name + " is left out: it cannot be a label");
  }

  // A change whose name comes again later was reworked: its own scripts have the tag that lies in
  // between.
  std::string tag_behind(std::size_t at) const {
    std::string tag;
    for (std::size_t next = at + 1; next < entries_.size(); ++next) {
      if (entries_[next].kind == '@' && tag.empty()) tag = "@" + entries_[next].name;
      if (entries_[next].kind == '+' && entries_[next].name == entries_[at].name) return tag;
    }
    return {};
  }

  void take_change(const Entry& entry, std::size_t at) {
    const std::string version = entry.name + tag_behind(at);
    const std::string file = version + "." + layout_.extension;
    Revision revision;
    revision.version = revision.written = version;
    revision.name = entry.note.empty() ? words_of(entry.name) : entry.note;
    revision.created = entry.date;
    revision.upgrade = read_script(layout_.deploy / file);
    // psql says what it does statement by statement, and begins no transaction of its own.
    revision.checksum = sha1(read_bytes(layout_.deploy / file));
    if (fs::exists(layout_.revert / file)) revision.downgrade = read_script(layout_.revert / file);
    if (fs::exists(layout_.verify / file)) revision.verify = verify_of(layout_.verify / file);
    tell_needs(entry);
    history_.revisions.push_back(std::move(revision));
  }

  // What it needs of this project lies before it in the plan already.
  void tell_needs(const Entry& entry) {
    for (const std::string& need : entry.needs)
      if (need.starts_with('!'))
        note(entry, entry.name + " conflicts with " + need.substr(1) + ", which is not looked at");
      else if (const std::size_t colon = need.find(':');
               colon != need.npos && need.substr(0, colon) != history_.project)
        note(entry, entry.name + " needs " + need + " of another project, which is not looked at");
  }

  void note(const Entry& entry, const std::string& text) {
    history_.notices.push_back({Place{layout_.plan.string(), entry.line}, text});
  }

  Layout layout_;
  std::vector<Entry> entries_;
  History& history_;
};

}  // namespace

History read_sqitch(const fs::path& directory) {
  History history;
  history.tool = Tool::sqitch;
  Plan(directory, history).read();
  return history;
}

}  // namespace steward::importer
