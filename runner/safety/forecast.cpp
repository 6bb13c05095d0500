#include "runner/safety/forecast.h"

#include <utility>

#include "runner/safety/refine.h"

namespace steward::safety {

Forecast::Forecast(Knowledge known) : known_(std::move(known)) {
  known_.settle();
}

std::vector<Touch> Forecast::next(const std::string& sql) {
  Script script;
  read_statements(script, sql + ";", 1);
  std::vector<Touch> touches;
  for (const Statement& statement : script.statements) {
    for (Touch& touch : refined(statement, known_).touches)
      if (!known_.is_new_or_empty(touch.relation)) touches.push_back(std::move(touch));
    for (const Action& action : statement.actions) known_.apply(action);
  }
  return touches;
}

}  // namespace steward::safety
