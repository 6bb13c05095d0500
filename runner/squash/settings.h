// Settings: what a script says to the session with SET, RESET and set_config(). A revision's end
// takes it back; within a squashed one it has to be done between the scripts. Lexical and pure:
// what is hidden in a function or a DO block is not seen.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace steward::squash {

struct Settings {
  std::vector<std::string> names;  // lower case, each once
  std::string
      trouble;  // a statement whose effect cannot be taken back by name; empty: there is none
};

Settings settings_in(const std::string& script, const std::string& file);

// Statements that keep the values of those settings, and that give them back.
std::string keep(const std::vector<std::string>& names);
std::string give_back(const std::vector<std::string>& names);

}  // namespace steward::squash
