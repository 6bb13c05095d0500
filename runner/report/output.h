// Output: results on stdout as text or, with --json, as lines of JSON (docs/json.md); notes,
// warnings and errors on stderr, for people. A reader who went away (EPIPE) is not an error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runner/error.h"
#include "runner/json.h"
#include "runner/terminal.h"

namespace steward::report {

struct Field;

struct OutputOptions {
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  bool no_color = false;
};

class Output {
 public:
  explicit Output(const OutputOptions& options);
  ~Output();  // prints what is still held back
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  bool json() const { return options_.json; }
  bool quiet() const { return options_.quiet; }
  bool verbose() const { return options_.verbose; }
  const terminal::Style& style() const { return out_; }        // of stdout
  const terminal::Style& error_style() const { return err_; }  // of stderr

  // text in that tone, coloured when stdout may be.
  std::string paint(terminal::Tone tone, std::string_view text) const;

  // One line of the result; nothing with --json, where the object says it.
  void line(const std::string& text);
  // format_field() for stdout; nothing with --json.
  void field(const Field& field);
  // Text as it stands, without a line end added; nothing with --json.
  void text(std::string_view text);
  // The verb's object, the last line: the event `result`; nothing without --json.
  void object(const Json& json);
  // A line of its own, at once, before that; nothing without --json.
  void event(std::string_view name, const Json& json);

  // What was done, in words: to stdout, but not with -q or --json.
  void say(const std::string& text);
  // To stderr; a note not with -q.
  void note(const std::string& text);
  void warning(const std::string& text, const std::string& hint = {});

  // To stderr for people; with --json the event `error`, {"error": {...}}, on stdout.
  void error(const Error& error);

  void flush();

 private:
  OutputOptions options_;
  terminal::Style out_;
  terminal::Style err_;
  std::string held_;  // for stdout
};

// The error as people read it: message, place, the line with a caret, detail, context, hint. Ends
// in a line end.
std::string format_error(const Error& error, const terminal::Style& style);

// {"code", "message", "detail", "hint", "file", "line", "column", "statement", "sqlstate",
// "context", "exit"}; what is not known is left out, but for code, message and exit.
Json error_object(const Error& error);

// "label     text": one thing that is told, its label in a column of ten. On a terminal the text is
// wrapped at its spaces, each further line under the first; elsewhere it is one line, for programs.
struct Field {
  std::string_view label;
  std::string_view text;
  terminal::Tone label_tone = terminal::Tone::plain;
  terminal::Tone tone = terminal::Tone::plain;
};
std::string format_field(const Field& field, const terminal::Style& style);

// Columns of text, each as wide as its widest cell, two spaces between; the last one is cut to the
// width. Every line without trailing spaces.
std::string format_table(const std::vector<std::vector<std::string>>& rows, std::size_t width);

}  // namespace steward::report
