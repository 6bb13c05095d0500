// The canonical form of a script: the form its checksum is taken of, in which it is shipped and
// kept. CRLF is LF; blank lines at the end, and the last line's own end, are dropped. A carriage
// return that stands alone is a character like any other.
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
    for (std::size_t cut = before_crlf(body); cut != std::string_view::npos;
         cut = before_crlf(body)) {
      add(body.substr(0, cut));
      body.remove_prefix(cut + 1);
    }
    add(body);
    hold(piece);
    any_ = true;
  }
  // No more comes: what of the white space at the end belongs to the script.
  std::string_view finish() const;

 private:
  void hold(std::string_view space);
  static std::size_t before_crlf(std::string_view text);

  std::string held_;
  bool any_ = false;  // something other than white space
};

// How much of a text with LF line ends is its canonical form.
std::size_t canonical_length(std::string_view text);

}  // namespace steward::revision
