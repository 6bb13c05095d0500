#include "runner/import/markers.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "runner/import/files.h"
#include "runner/sql.h"
#include "runner/sql/lexer.h"
#include "runner/sql/window.h"
#include "runner/text.h"

namespace steward::importer {
namespace {

void find_comments(const sql::Statement& statement, std::uint64_t first_line,
                   std::vector<Comment>& comments) {
  sql::Lexer lexer;
  const char* at = statement.text.data();
  const char* const end = at + statement.text.size();
  std::uint64_t line = statement.line - first_line;
  for (const char* counted = at;;) {
    const sql::Token token = lexer.next(at, end, true);
    if (token.kind == sql::Kind::more) return;
    line += count_line_ends({counted, static_cast<std::size_t>(token.begin - counted)});
    counted = token.begin;
    if (token.kind == sql::Kind::comment && token.text().starts_with("--"))
      comments.push_back({line, false, std::string(trim(token.text().substr(2)))});
  }
}

// Where the line begins in the text.
std::size_t offset_of(std::string_view text, std::size_t line) {
  std::size_t at = 0;
  for (; line > 0 && at < text.size(); --line)
    at = std::min(text.find('\n', at), text.size() - 1) + 1;
  return at;
}

}  // namespace

std::vector<Comment> comments_of(const Script& script) {
  sql::Splitter splitter(sql::source_of(script.text), script.file.string(), script.line);
  std::vector<Comment> comments;
  sql::Statement statement;
  std::string rows;
  while (splitter.next(statement)) {
    find_comments(statement, script.line, comments);
    while (statement.copy_in && splitter.data(rows)) continue;
  }
  const std::vector<std::string_view> lines = lines_of(script.text);
  for (Comment& comment : comments) comment.alone = trim(lines[comment.line]).starts_with("--");
  return comments;
}

Script part_of(const Script& script, std::size_t first, std::size_t last) {
  const std::size_t begin = offset_of(script.text, first);
  const std::size_t end = offset_of(script.text, last);
  return {script.file, script.line + first, script.text.substr(begin, end - begin),
          script.transaction};
}

void blank_line(Script& script, std::size_t index) {
  const std::size_t begin = offset_of(script.text, index);
  const std::size_t end = std::min(script.text.find('\n', begin), script.text.size());
  script.text.erase(begin, end - begin);
}

}  // namespace steward::importer
