// The canonical form of a script: the form its checksum is taken of, in which it is shipped and
// kept. CRLF is LF, however many carriage returns stand before the LF (a file that was converted
// twice has two); blank lines at the end, and the last line's own end, are dropped. A carriage
// return within a line is a character like any other. The canonical form is its own canonical form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "runner/text.h"

namespace steward::revision {

// Makes it of text that comes piece by piece. White space is held back until something follows it.
class Canonical {
 public:
  // The next piece; what is certain of the result is given to add(std::string_view).
  template <class Add>
  void feed(std::string_view piece, Add&& add) {
    std::string_view body = trim(piece);
    if (body.empty()) return hold(piece);
    hold(piece.substr(0, static_cast<std::size_t>(body.data() - piece.data())));
    if (!held_.empty()) add(std::string_view(held_));
    held_.clear();
    piece.remove_prefix(static_cast<std::size_t>(body.data() + body.size() - piece.data()));
    for (LineEnd end = line_end(body); end.begin != std::string_view::npos; end = line_end(body)) {
      add(body.substr(0, end.begin));
      body.remove_prefix(end.line_feed);
    }
    add(body);
    hold(piece);
    any_ = true;
  }
  // No more comes: what of the white space at the end belongs to the script.
  std::string_view finish() const;

 private:
  void hold(std::string_view space);
  // The next line end that is not a lone LF: its carriage returns and its LF. npos: none.
  struct LineEnd {
    std::size_t begin;
    std::size_t line_feed;
  };
  static LineEnd line_end(std::string_view text);

  std::string held_;
  bool any_ = false;  // something other than white space
};

// How much of a text with LF line ends is its canonical form.
std::size_t canonical_length(std::string_view text);

}  // namespace steward::revision
