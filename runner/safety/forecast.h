// Forecast: the statements of a script one after the other, each with the locks it will take, what
// is known of the database going along.
#pragma once

#include <string>
#include <vector>

#include "runner/safety/effects.h"
#include "runner/safety/knowledge.h"

namespace steward::safety {

class Forecast {
 public:
  explicit Forecast(Knowledge known);

  // The touches of these statements (one or several, without the last semicolon) on tables that
  // somebody may be using. Throws what the splitter throws.
  std::vector<Touch> next(const std::string& sql);
  const Knowledge& known() const { return known_; }

 private:
  Knowledge known_;
};

}  // namespace steward::safety
