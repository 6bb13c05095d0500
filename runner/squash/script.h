// The squashed revision: the scripts of a part in order, its ways back in reverse, as one file that
// keeps the last one's id. Reads the old files; writes nothing.
#pragma once

#include <string>
#include <vector>

#include "runner/squash/line.h"

namespace steward::squash {

struct Squashed {
  revision::File file;             // its header; the path is that of the last one, which it takes
  std::string text;                // of the whole file
  std::vector<std::string> notes;  // what the old ones said and it does not
};

// message: empty for one that names the ends. Throws what the splitter throws.
Squashed squashed(const Members& part, const std::string& message);

}  // namespace steward::squash
