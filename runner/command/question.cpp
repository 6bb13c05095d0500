#include "runner/command/question.h"

#include <iostream>

#include "runner/text.h"

namespace steward::command {

bool can_ask(Session& session) {
  return !session.output().json() && !session.globals().yes && terminal::interactive();
}

bool ask(Session& session, const std::string& question) {
  session.output().flush();
  std::cerr << terminal::harmless(question) << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  const std::string word = lower(trim(answer));
  return word == "y" || word == "yes";
}

}  // namespace steward::command
