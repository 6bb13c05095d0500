// A program whose output is data: run without a shell, its stdout taken as text, its stderr kept
// for when it fails. It has a time limit and a size limit, and whatever it started ends with it.
#pragma once

#include <chrono>
#include <string>

#include "runner/process.h"

namespace steward::program {

struct Limits {
  std::chrono::milliseconds time{60000};
  std::size_t size = std::size_t{64} * 1024 * 1024;  // bytes of stdout
};

// What it printed on stdout, which is UTF-8 and holds more than space, and on stderr: the last 8
// kB.
struct Answer {
  std::string out;
  std::string err;
};

// Runs the program to its end. what names it in messages: "the program of [desired]". Throws:
//   Error(Exit::usage, "program_not_found")   there is none of that name
//   Error(Exit::failed, "program_failed")     its exit code is not 0; the detail is its stderr
//   Error(Exit::failed, "program_too_slow"), "program_too_long"   it went beyond a limit
//   Error(Exit::failed, "program_output")     it printed nothing, or what is no text
//   Error(Exit::interrupted or Exit::terminated) when we are told to stop
Answer ask(const process::Command& command, const std::string& what, const Limits& limits);

}  // namespace steward::program
