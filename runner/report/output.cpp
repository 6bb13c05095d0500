#include "runner/report/output.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace steward::report {
namespace {

using terminal::Tone;

void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string indented(std::string_view text, std::string_view indent) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    result += indent;
    result += text.substr(0, end);
    result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

std::string position_of(const Place& place) {
  std::string text = place.file;
  if (place.line > 0) text += ":" + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) text += ":" + std::to_string(place.column);
  if (place.statement > 0) text += " (statement " + std::to_string(place.statement) + ")";
  return text;
}

// Spaces as wide as the first characters of a line, tabs kept so that the caret stands right.
std::string space_under(std::string_view line, std::uint64_t characters) {
  std::string space;
  std::size_t at = 0;
  for (; characters > 0 && at < line.size(); --characters) {
    std::size_t bytes = 1;
    while (at + bytes < line.size() &&
           (static_cast<unsigned char>(line[at + bytes]) & 0xC0u) == 0x80u)
      ++bytes;
    const std::string_view character = line.substr(at, bytes);
    space += character == "\t" ? "\t" : std::string(terminal::columns_of(character), ' ');
    at += bytes;
  }
  return space;
}

std::string format_excerpt(const Place& place, const terminal::Style& style) {
  const std::string number = place.line > 0 ? std::to_string(place.line) : "";
  const std::string gutter(number.size(), ' ');
  std::string line = place.excerpt;
  for (char& c : line)
    if (static_cast<unsigned char>(c) < 0x20 && c != '\t') c = ' ';
  std::string text = terminal::paint(style, Tone::dim, number + " | ") + line + "\n";
  if (place.column > 0)
    text += terminal::paint(style, Tone::dim, gutter + " | ") +
            space_under(line, place.column - 1) + terminal::paint(style, Tone::bad, "^") + "\n";
  return text;
}

std::string format_place(const Place& place, const terminal::Style& style) {
  std::string text = terminal::paint(style, Tone::dim, " --> ") + position_of(place) + "\n";
  if (!place.excerpt.empty()) text += format_excerpt(place, style);
  return text;
}

// One line of NDJSON, its event first.
std::string line_of(std::string_view event, const Json& json) {
  Json line = {{"event", event}};
  line.update(json);
  return to_text(line) + '\n';
}

// "hint: ..." with its further lines under the first.
std::string labelled(std::string_view label, Tone tone, const std::string& text,
                     const terminal::Style& style) {
  const std::string body =
      indented(terminal::harmless(text, true), std::string(label.size() + 2, ' '));
  return terminal::paint(style, tone, std::string(label) + ":") + body.substr(label.size() + 1);
}

}  // namespace

Output::Output(const OutputOptions& options)
    : options_(options),
      out_(terminal::of_stdout(options.no_color)),
      err_(terminal::of_stderr(options.no_color)) {}

Output::~Output() {
  flush();
}

std::string Output::paint(Tone tone, std::string_view text) const {
  return terminal::paint(out_, tone, text);
}

void Output::line(const std::string& text) {
  if (!options_.json) held_ += text + '\n';
}

void Output::field(const Field& field) {
  if (!options_.json) held_ += format_field(field, out_);
}

void Output::text(std::string_view text) {
  if (!options_.json) held_ += text;
}

void Output::object(const Json& json) {
  if (options_.json) held_ += line_of("result", json);
}

void Output::event(std::string_view name, const Json& json) {
  if (!options_.json) return;
  held_ += line_of(name, json);
  flush();
}

void Output::say(const std::string& text) {
  if (!options_.quiet) line(text);
}

void Output::note(const std::string& text) {
  if (options_.quiet) return;
  flush();
  write_all(STDERR_FILENO, terminal::harmless(text, true) + "\n");
}

void Output::warning(const std::string& text, const std::string& hint) {
  flush();
  std::string message = labelled("warning", Tone::warning, text, err_);
  if (!hint.empty()) message += labelled("hint", Tone::good, hint, err_);
  write_all(STDERR_FILENO, message);
}

void Output::error(const Error& error) {
  if (options_.json) return event("error", {{"error", error_object(error)}});
  flush();
  write_all(STDERR_FILENO, format_error(error, err_));
}

void Output::flush() {
  write_all(STDOUT_FILENO, held_);
  held_.clear();
}

std::string format_error(const Error& error, const terminal::Style& style) {
  std::string text = labelled("error", Tone::bad, error.what(), style);
  if (error.place()) text += format_place(*error.place(), style);
  if (!error.detail().empty()) text += labelled("detail", Tone::strong, error.detail(), style);
  if (!error.context.empty()) text += labelled("context", Tone::dim, error.context, style);
  if (!error.hint().empty()) text += labelled("hint", Tone::good, error.hint(), style);
  return text;
}

Json error_object(const Error& error) {
  Json json = {{"code", error.code()}, {"message", error.what()}};
  const auto add = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("detail", error.detail());
  add("hint", error.hint());
  if (error.place()) {
    add("file", error.place()->file);
    if (error.place()->line > 0) json["line"] = error.place()->line;
    if (error.place()->column > 0) json["column"] = error.place()->column;
    if (error.place()->statement > 0) json["statement"] = error.place()->statement;
  }
  add("sqlstate", error.sqlstate);
  add("context", error.context);
  json["exit"] = static_cast<int>(error.exit());
  return json;
}

std::string format_field(const Field& field, const terminal::Style& style) {
  constexpr std::size_t column = 10;
  const std::size_t room =
      style.moving ? std::max(style.width, 2 * column) - column : std::string::npos;
  const std::size_t taken = std::min(terminal::columns_of(field.label), column - 1);
  std::string text = terminal::paint(style, field.label_tone, field.label);
  std::size_t indent = column - taken;
  for (const std::string& line : terminal::wrapped(field.text, room)) {
    text += std::string(indent, ' ') + terminal::paint(style, field.tone, line) + '\n';
    indent = column;
  }
  return text;
}

std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (widths.size() <= i) widths.push_back(0);
      widths[i] = std::max(widths[i], terminal::columns_of(row[i]));
    }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    std::size_t used = 0;
    for (std::size_t i = 0; i + 1 < row.size(); ++i) {
      line += row[i] + std::string(widths[i] - terminal::columns_of(row[i]) + 2, ' ');
      used += widths[i] + 2;
    }
    if (!row.empty())
      line += width > used + 8 ? terminal::cut(row.back(), width - used) : row.back();
    while (!line.empty() && line.back() == ' ') line.pop_back();
    text += line + '\n';
  }
  return text;
}

}  // namespace steward::report
