// Any bytes as steward.toml. Nothing crashes; what is taken keeps what config.h promises of it, and
// what is refused says on which line, with an excerpt that shows no more than it should.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/config.h"
#include "runner/error.h"
#include "runner/text.h"

namespace {

using namespace steward;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const config::Config& config) {
  require(config::parse_duration(config.lock_timeout).has_value());
  require(config::parse_duration(config.statement_timeout).has_value());
  require(config.lock_wait.count() >= 0);
  for (const std::string& size :
       {config.safety.large_table, config.safety.read_rate, config.safety.write_rate})
    require(size.empty() || config::parse_bytes(size).value_or(-1) >= 0);
  for (const auto& [rule, level] : config.rule_levels) require(!level.empty());
  // What goes on to the server goes as JSON, whatever the texts in it.
  require(!to_text(config.hygiene.policy).empty() && !to_text(config.hygiene.rules).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  for (const char* environment : {"", "prod"}) {
    try {
      check(config::parse(text, "steward.toml", environment));
    } catch (const Error& error) {
      require(error.exit() == Exit::usage);
      if (error.code() == "unknown_environment") continue;
      require(error.code() == "bad_config");
      require(error.place() && error.place()->line >= 1 && error.place()->line <= lines + 1);
      require(Utf8Check().feed(error.what()));
    }
  }
  return 0;
}
