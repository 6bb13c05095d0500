#include "runner/command/question.h"

#include <iostream>

#include "runner/text.h"

namespace steward::command {

bool can_ask(Session& session) {
  return !session.output().json() && !session.globals().yes && terminal::interactive();
}

bool ask(Session& session, const std::string& question) {
  session.output().flush();
  if (std::cin.eof()) return false;  // whoever it was has gone
  std::cerr << terminal::harmless(question) << " [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  if (std::cin.eof()) std::cerr << std::endl;
  const std::string word = lower(trim(answer));
  return word == "y" || word == "yes";
}

}  // namespace steward::command
