// A verb of the command line: its words for help, and what adds its flags and says how to call it.
// Part of the one door to the argument parser, see runner/cli.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "runner/command/session.h"

namespace steward::cli {

using command::Session;
using Words = std::vector<std::string>;

// What parsing leaves behind: the verb and how to call it.
struct Call {
  command::Globals globals;
  std::string verb;
  std::function<Exit(Session&)> run;
};

struct Verb {
  const char* name;
  const char* alias;  // nullptr: none
  const char* help;
  void (*add)(CLI::App&, Call&);
};

// The parser takes -1 for a flag. Relative targets pass it behind this mark, which no argument
// holds.
inline constexpr char mark = '\x01';

// An argument as it was typed.
std::string unmarked(std::string text);
Words unmarked(Words words);

// A flag that may be repeated and takes one value each time, not all the words that follow.
void one_each(CLI::Option* option);

}  // namespace steward::cli
