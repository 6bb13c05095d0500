#include "runner/report/findings.h"
#include "runner/text.h"

#include <algorithm>
#include <array>

namespace steward::report {
namespace {

using terminal::Tone;

constexpr std::array<const char*, 3> words = {"error", "warning", "note"};

Tone tone_of(Severity severity) {
  constexpr std::array<Tone, 3> tones = {Tone::bad, Tone::warning, Tone::dim};
  return tones[static_cast<std::size_t>(severity)];
}

const std::string& summary_of(const Findings& findings, const std::string& rule) {
  static const std::string none;
  const auto at = std::find_if(findings.rules.begin(), findings.rules.end(),
                               [&rule](const Rule& one) { return one.id == rule; });
  return at == findings.rules.end() ? none : at->summary;
}

// "    fix: ..." with its further lines under the first.
std::string indented(const std::string& label, const std::string& text) {
  std::string body = "    " + label + terminal::harmless(text, true);
  for (std::size_t at = body.find('\n'); at != std::string::npos; at = body.find('\n', at + 1))
    body.insert(at + 1, 4 + label.size(), ' ');
  return body + "\n";
}

std::string heading(const Findings& findings, const Finding& first, const terminal::Style& style) {
  return terminal::paint(style, tone_of(first.severity), word_of(first.severity)) + " " +
         terminal::paint(style, Tone::strong, first.rule) + "  " +
         summary_of(findings, first.rule) + "\n";
}

// In lines of at most `width` columns, broken at blanks; a longer word stands on a line of its own,
// whole.
std::string wrapped(std::string_view text, std::size_t width) {
  std::string lines;
  std::size_t used = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    const std::size_t columns = terminal::columns_of(word);
    if (used > 0) {
      const bool fits = used + 1 + columns <= width;
      lines += fits ? ' ' : '\n';
      used = fits ? used + 1 : 0;
    }
    lines += word;
    used += columns;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// On a terminal in lines that fit; a file keeps them whole, so that they can be searched. SQL is
// never broken.
std::string prose(const terminal::Style& style, const std::string& label, const std::string& text) {
  const std::size_t margin = 4 + label.size();
  if (!style.moving || style.width < margin + 20) return indented(label, text);
  return indented(label, wrapped(terminal::harmless(text), style.width - margin));
}

std::string paragraph(const Finding& finding, const terminal::Style& style, bool same_hint) {
  std::string text = "  " + terminal::paint(style, Tone::name, terminal::harmless(finding.object)) +
                     "\n" + prose(style, "", finding.message);
  if (!finding.fix.empty()) return text + indented("fix: ", finding.fix);
  return finding.hint.empty() || same_hint ? text : text + prose(style, "hint: ", finding.hint);
}

// GitHub reads % codes; in a property's value, the separators too.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
    if (!special) {
      result += c;
      continue;
    }
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    result += {'%', digits[byte >> 4], digits[byte & 15u]};
  }
  return result;
}

std::string annotation(const Findings& findings, const Finding& finding) {
  std::string properties = "title=" + escaped(finding.rule + " " + finding.object, true);
  const std::string& file = finding.file.empty() ? findings.file : finding.file;
  if (!file.empty()) properties += ",file=" + escaped(file, true);
  if (finding.line > 0) properties += ",line=" + std::to_string(finding.line);
  std::string message = finding.message;
  if (!finding.fix.empty())
    message += "\nfix: " + finding.fix;
  else if (!finding.hint.empty())
    message += "\nhint: " + finding.hint;
  const char* command = finding.severity == Severity::note ? "notice" : word_of(finding.severity);
  return std::string("::") + command + " " + properties + "::" + escaped(message, false) + "\n";
}

}  // namespace

std::optional<Severity> parse_severity(std::string_view word) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (word == words[i]) return static_cast<Severity>(i);
  return std::nullopt;
}

const char* word_of(Severity severity) {
  return words[static_cast<std::size_t>(severity)];
}

Tally tally(const Findings& findings) {
  Tally count;
  for (const Finding& finding : findings.found) {
    if (finding.waiver)
      ++count.waived;
    else if (finding.known)
      ++count.known;
    else if (finding.severity == Severity::error)
      ++count.errors;
    else
      ++(finding.severity == Severity::warning ? count.warnings : count.notes);
  }
  return count;
}

std::string Tally::words() const {
  std::string text;
  const auto add = [&text](std::size_t number, const std::string& phrase, const char* separator) {
    if (number > 0) text += (text.empty() ? "" : separator) + phrase;
  };
  add(errors, counted(errors, "error"), ", ");
  add(warnings, counted(warnings, "warning"), ", ");
  add(notes, counted(notes, "note"), ", ");
  if (text.empty()) text = "nothing found";
  add(waived, std::to_string(waived) + " waived", "; ");
  add(known, std::to_string(known) + " in the baseline", "; ");
  return text;
}

bool reaches(const Findings& findings, Limit limit) {
  return limit &&
         std::any_of(findings.found.begin(), findings.found.end(),
                     [limit](const Finding& one) { return one.open() && one.severity <= *limit; });
}

std::string as_text(const Findings& findings, const terminal::Style& style) {
  std::string text;
  const Finding* last = nullptr;
  for (const Finding& finding : findings.found) {
    if (!finding.open()) continue;
    const bool begins =
        last == nullptr || last->rule != finding.rule || last->severity != finding.severity;
    if (begins) text += (last == nullptr ? "" : "\n") + heading(findings, finding, style);
    // What is to be done for a whole group alike is said once.
    text += paragraph(finding, style, !begins && last->hint == finding.hint);
    last = &finding;
  }
  return text + (text.empty() ? "" : "\n") + tally(findings).words() + "\n";
}

Json finding_object(const Finding& finding) {
  Json json = {{"rule", finding.rule},
               {"severity", word_of(finding.severity)},
               {"object", finding.object},
               {"object_type", finding.object_type},
               {"message", finding.message}};
  const auto add = [&json](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("hint", finding.hint);
  add("fix", finding.fix);
  add("undo", finding.undo);
  add("file", finding.file);
  if (finding.line > 0) json["line"] = finding.line;
  if (finding.waiver) json["waiver"] = *finding.waiver;
  if (finding.known) json["known"] = true;
  return json;
}

std::string as_json_lines(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings.found) text += to_text(finding_object(finding)) + "\n";
  return text;
}

std::string as_github(const Findings& findings) {
  std::string text;
  for (const Finding& finding : findings.found)
    if (finding.open()) text += annotation(findings, finding);
  return text;
}

}  // namespace steward::report
