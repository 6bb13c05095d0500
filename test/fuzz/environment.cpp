// Any bytes as a .env file. Nothing crashes; what is read has a name and a line of the file, and
// what is refused says on which line. ${...} in any text expands or is refused.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/environment.h"
#include "runner/error.h"

namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  try {
    for (const Assignment& one : parse_env(text, ".env")) {
      require(!one.name.empty());
      require(one.line >= 1 && one.line <= lines);
    }
  } catch (const Error& error) {
    require(error.code() == "bad_env_file");
    require(error.place() && error.place()->line >= 1 && error.place()->line <= lines);
  }
  const Environment environment({{"A", "a"}, {"B_1", "${A}"}});
  try {
    environment.expand(text);
  } catch (const Error& error) {
    require(error.exit() == Exit::usage);
  }
  return 0;
}
