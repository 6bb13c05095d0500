#include "runner/cli/verb.h"

#include <algorithm>
#include <utility>

namespace steward::cli {

std::string unmarked(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), mark), text.end());
  return text;
}

Words unmarked(Words words) {
  for (std::string& word : words) word = unmarked(std::move(word));
  return words;
}

void one_each(CLI::Option* option) {
  option->allow_extra_args(false);
}

}  // namespace steward::cli
