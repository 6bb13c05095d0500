#include "runner/referee.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "runner/dev/programs.h"
#include "runner/process.h"
#include "runner/text.h"

namespace steward::referee {
namespace {

namespace fs = std::filesystem;

// A file that nobody else can read, gone when it goes.
class Scratch {
 public:
  Scratch() : path_((fs::temp_directory_path() / "steward-dump-XXXXXX").string()) {
    const int file = mkstemp(path_.data());
    if (file < 0)
      throw Error(Exit::unexpected, "no_scratch_file",
                  "no file can be made in " + fs::temp_directory_path().string());
    close(file);
  }
  ~Scratch() { unlink(path_.c_str()); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

int major_of(const fs::path& pg_dump) {
  const process::Outcome said = process::run({.argv = {pg_dump.string(), "--version"}});
  const std::size_t at = said.output.find_first_of("0123456789");
  return said.code != 0 || at == said.output.npos ? 0 : std::atoi(said.output.c_str() + at);
}

// "host='...' port='...'", but for the password: others can read the words of a command.
std::string words_for(const url::Target& target) {
  std::string words;
  for (const url::Setting& setting : target.settings) {
    if (setting.key == "password" || setting.key == "sslpassword") continue;
    words += (words.empty() ? "" : " ") + setting.key + "='";
    for (const char c : setting.value)
      words += c == '\'' || c == '\\' ? std::string{'\\', c} : std::string{c};
    words += "'";
  }
  return words;
}

std::string dump(const fs::path& pg_dump, const url::Target& target) {
  const Scratch file;
  process::Command command{.argv = {pg_dump.string(), "--schema-only", "--exclude-schema=steward",
                                    "--no-password", "--file=" + file.path(),
                                    "--dbname=" + words_for(target)}};
  if (const std::string* password = target.find("password"))
    command.variables.emplace_back("PGPASSWORD", *password);
  const process::Outcome outcome = process::run(command);
  if (outcome.code != 0)
    throw Error(Exit::unexpected, "pg_dump_failed", "pg_dump could not describe the shadow",
                url::masked(outcome.output, url::secrets(target)));
  std::ifstream stream(file.path());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

// What the server keeps and pg_dump does not say.
constexpr const char* unsaid =
    "SELECT 'extension ' || extname || ' ' || extversion FROM pg_catalog.pg_extension "
    "UNION ALL SELECT 'invalid index ' || i.indexrelid::pg_catalog.regclass FROM "
    "pg_catalog.pg_index AS i "
    "WHERE NOT i.indisvalid";

struct Tracked {
  std::string_view set;  // "SET default_tablespace = "
  std::string value;
};

// Turns a dump into entries, line by line.
class Reader {
 public:
  Description read(std::string_view dump);

 private:
  void line(std::string text);
  void begin(std::string_view header);
  void end();
  bool track(std::string_view line);

  Description entries_;
  std::string name_, type_;
  std::vector<std::string> lines_;
  Tracked tablespace_{"SET default_tablespace = ", ""};
  Tracked access_method_{"SET default_table_access_method = ", ""};
};

// "-- Name: a; Type: TABLE; Schema: public; Owner: x" -> without the owner, whom a line of its own
// names.
void Reader::begin(std::string_view header) {
  end();
  name_ = std::string(header.substr(0, header.rfind("; Owner:")));
  const std::size_t at = name_.rfind("; Type: ");
  type_ = name_.substr(at + 8, name_.rfind(';') - at - 8);
}

// What stands for the entries that follow.
bool Reader::track(std::string_view line) {
  for (Tracked* one : {&tablespace_, &access_method_})
    if (line.starts_with(one->set)) {
      one->value = std::string(line);
      return true;
    }
  return false;
}

// "b IN ('x')" over varchar is kept in two ways that mean the same, one after the other.
std::string without_casts(std::string line) {
  if (line.find("::character varying") == line.npos) return line;
  for (const std::string_view cast : {"::character varying", "::text[]", "::text", "(", ")"})
    for (std::size_t at; (at = line.find(cast)) != line.npos;) line.erase(at, cast.size());
  return line;
}

// "CREATE STATISTICS x ON b, a FROM t": the columns stand in the order of the table.
std::string with_columns_sorted(const std::string& line) {
  static constexpr std::string_view on = " ON ";
  const std::size_t begin = line.find(on), end = line.rfind(" FROM ");
  if (!line.starts_with("CREATE STATISTICS ") || begin == line.npos || end == line.npos)
    return line;
  const std::size_t first = begin + on.size();
  std::vector<std::string> columns;
  for (const std::string_view column :
       split(std::string_view(line).substr(first, end - first), ','))
    columns.emplace_back(column);
  std::sort(columns.begin(), columns.end());
  return line.substr(0, first) + joined(columns) + line.substr(end);
}

bool says_nothing(std::string_view line) {
  return line.empty() || line.starts_with("--") || line.starts_with("SET ") ||
         line.starts_with("SELECT pg_catalog.set_config(") || line.starts_with("\\restrict") ||
         line.starts_with("\\unrestrict");
}

void Reader::line(std::string text) {
  if (text.starts_with("-- Name: ")) return begin(text);
  const bool sets_user = text.starts_with("SET SESSION AUTHORIZATION");
  if (track(text) || (says_nothing(text) && !sets_user)) return;
  if (text.ends_with(',')) text.pop_back();
  if (type_ == "STATISTICS") text = with_columns_sorted(text);
  lines_.push_back(without_casts(std::move(text)));
}

// Columns, attributes and grants stand in the order in which they were made.
bool is_list(std::string_view type) {
  return type == "TABLE" || type == "FOREIGN TABLE" || type == "TYPE" || type == "ACL" ||
         type == "DEFAULT ACL";
}

void Reader::end() {
  if (lines_.empty()) return;
  if (is_list(type_)) std::sort(lines_.begin(), lines_.end());
  std::string entry = name_;
  for (const std::string& text : lines_) entry += "\n" + text;
  const bool is_table = type_ == "TABLE" || type_ == "MATERIALIZED VIEW";
  if (is_table || type_ == "INDEX" || type_ == "CONSTRAINT") entry += "\n" + tablespace_.value;
  if (is_table) entry += "\n" + access_method_.value;
  entries_.insert(std::move(entry));
  lines_.clear();
}

Description Reader::read(std::string_view dump) {
  std::istringstream stream{std::string(dump)};
  for (std::string text; std::getline(stream, text);) line(std::move(text));
  end();
  return std::move(entries_);
}

}  // namespace

fs::path find_pg_dump(int server_version) {
  const int wanted = server_version / 10000;
  try {
    const fs::path beside = dev::find_programs(wanted).program("pg_dump");
    if (fs::exists(beside)) return beside;
  } catch (const Error&) {
    // No server of that version is installed here; pg_dump alone may be.
  }
  const fs::path found = process::find_program("pg_dump");
  return !found.empty() && major_of(found) >= wanted ? found : fs::path();
}

Description describe(const fs::path& pg_dump, const url::Target& target,
                     pg::Connection& connection) {
  Description description = entries_of(dump(pg_dump, target));
  const pg::Rows rows = connection.query(unsaid);
  for (std::size_t row = 0; row < rows.size(); ++row)
    description.insert(std::string(rows.text(row, 0)));
  return description;
}

std::vector<std::string> differences(const Description& expected, const Description& found) {
  std::vector<std::string> lines;
  const auto collect = [&](const Description& one, const Description& other, const char* mark) {
    std::vector<std::string> only;
    std::set_difference(one.begin(), one.end(), other.begin(), other.end(),
                        std::back_inserter(only));
    for (const std::string& entry : only) lines.push_back(mark + entry);
  };
  collect(expected, found, "- ");
  collect(found, expected, "+ ");
  return lines;
}

Description entries_of(std::string_view dump) {
  return Reader().read(dump);
}

}  // namespace steward::referee
