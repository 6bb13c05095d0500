#include "runner/spec/cell.h"

#include <algorithm>

#include "runner/text.h"

namespace steward::spec {
namespace {

std::size_t backticks_at(std::string_view text, std::size_t at) {
  const std::size_t end = std::min(text.find_first_not_of('`', at), text.size());
  return end - at;
}

std::size_t longest_run_of_backticks(std::string_view text) {
  std::size_t longest = 0;
  for (std::size_t at = text.find('`'); at != text.npos; at = text.find('`', at)) {
    const std::size_t run = backticks_at(text, at);
    longest = std::max(longest, run);
    at += run;
  }
  return longest;
}

bool holds_run_of(std::string_view text, std::size_t length) {
  for (std::size_t at = text.find('`'); at != text.npos; at = text.find('`', at)) {
    const std::size_t run = backticks_at(text, at);
    if (run == length) return true;
    at += run;
  }
  return false;
}

}  // namespace

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote != '\'' && quote != '"') return at;
  const bool escapes = quote == '\'' && at > 0 && (text[at - 1] == 'E' || text[at - 1] == 'e');
  for (std::size_t next = at + 1; next < text.size(); ++next) {
    if (escapes && text[next] == '\\')
      ++next;
    else if (text[next] == quote)
      return next + 1;
  }
  return text.size();
}

std::vector<std::string> cells_of(std::string_view line) {
  line = trim(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] != '|') {
      cell += line[at];
    } else if (at > 0 && line[at - 1] == '\\') {
      cell.back() = '|';
    } else {
      cells.emplace_back(trim(cell));
      cell.clear();
    }
  }
  if (!trim(cell).empty() || !line.ends_with('|')) cells.emplace_back(trim(cell));
  return cells;
}

std::optional<std::string> sql_in(std::string_view cell) {
  const std::size_t fence = backticks_at(cell, 0);
  if (fence == 0) {
    if (cell.find_first_of("`\\") != cell.npos) return std::nullopt;
    return std::string(cell);
  }
  if (cell.size() <= 2 * fence) return std::nullopt;
  std::string_view inside = cell.substr(fence, cell.size() - 2 * fence);
  if (cell.substr(cell.size() - fence).find_first_not_of('`') != cell.npos ||
      inside.ends_with('`') || holds_run_of(inside, fence))
    return std::nullopt;
  if (inside.size() > 2 && inside.starts_with(' ') && inside.ends_with(' '))
    inside = inside.substr(1, inside.size() - 2);
  return std::string(trim(inside));
}

std::string prose_in(std::string_view cell) {
  return replaced(cell, "<br>", "\n");
}

namespace {

// Where the code span that begins at `at` ends; `at` itself when none begins there.
std::size_t end_of_code(std::string_view text, std::size_t at) {
  const std::size_t fence = backticks_at(text, at);
  for (std::size_t next = text.find('`', at + fence); fence > 0 && next != text.npos;) {
    const std::size_t run = backticks_at(text, next);
    if (run == fence) return next + run;
    next = text.find('`', next + run);
  }
  return at + fence;
}

// What the comment that begins the text says was; nullopt: it is another one, or none. size: of it.
std::optional<std::string> was_at(std::string_view text, std::size_t& size) {
  static constexpr std::string_view begin = "<!--", end = "-->", word = "was:";
  if (!text.starts_with(begin)) return std::nullopt;
  const std::size_t close = text.find(end);
  if (close == text.npos) return std::nullopt;
  const std::string_view inside = trim(text.substr(begin.size(), close - begin.size()));
  if (!inside.starts_with(word)) return std::nullopt;
  size = close + end.size();
  return std::string(trim(inside.substr(word.size())));
}

}  // namespace

std::string without_was(std::string_view text, std::vector<WasComment>& found) {
  std::string rest;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t size = 0;
    if (const std::size_t end = end_of_code(text, at); end > at) {
      rest += text.substr(at, end - at);
      at = end;
    } else if (const std::optional<std::string> was = was_at(text.substr(at), size)) {
      found.push_back({rest, *was});
      at += size;
    } else {
      rest += text[at++];
    }
  }
  return found.empty() ? rest : std::string(trim(rest));
}

std::optional<std::string> cell_of_sql(std::string_view sql) {
  if (sql.empty()) return std::string();
  const std::size_t run = longest_run_of_backticks(sql);
  const std::string fence(run + 1, '`');
  const std::string space(run == 0 ? 0 : 1, ' ');
  const std::string code = fence + space + std::string(sql) + space + fence;
  if (sql.find_first_of("\r\n") != sql.npos || sql_in(code) != sql) return std::nullopt;
  return replaced(code, "|", "\\|");
}

std::optional<std::string> cell_of_prose(std::string_view prose) {
  const std::string cell = replaced(prose, "\n", "<br>");
  std::vector<WasComment> taken_for_marks;
  without_was(cell, taken_for_marks);
  if (prose.find('\r') != prose.npos || trim(cell) != cell || prose_in(cell) != prose ||
      !taken_for_marks.empty())
    return std::nullopt;
  return replaced(cell, "|", "\\|");
}

std::optional<std::string> on_one_line(std::string_view sql) {
  std::string line;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = end_of_quoted(sql, at);
    if (end > at) {
      line += sql.substr(at, end - at);
      at = end;
    } else if (sql[at] == '\n') {
      while (line.ends_with(' ')) line.pop_back();
      at = std::min(sql.find_first_not_of(" \n", at), sql.size());
      line += ' ';
    } else {
      line += sql[at++];
    }
  }
  if (line.find_first_of("\r\n") != line.npos || line.find("--") != line.npos ||
      line.find("$$") != line.npos)
    return std::nullopt;
  return std::string(trim(line));
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string result;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t next = std::min(text.find(what, at), text.size());
    result += text.substr(at, next - at);
    if (next < text.size()) result += with;
    at = next == text.size() ? text.size() + 1 : next + what.size();
  }
  return result;
}

std::vector<std::string_view> split_outside_quotes(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_quoted(text, at);
    if (end > at) {
      at = end;
      continue;
    }
    if (text[at] == '(' || text[at] == '[') ++depth;
    if (text[at] == ')' || text[at] == ']') --depth;
    if (text[at] == separator && depth == 0) {
      parts.push_back(trim(text.substr(begin, at - begin)));
      begin = at + 1;
    }
    ++at;
  }
  if (!parts.empty() || !trim(text).empty()) parts.push_back(trim(text.substr(begin)));
  return parts;
}

std::size_t length_of_parenthesis(std::string_view text) {
  if (!text.starts_with('(')) return 0;
  int depth = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = end_of_quoted(text, at);
    if (end > at) {
      at = end;
      continue;
    }
    if (text[at] == '(') ++depth;
    if (text[at] == ')' && --depth == 0) return at + 1;
    ++at;
  }
  return 0;
}

}  // namespace steward::spec
