// Any text as a connection target. Nothing crashes; a password that was read is in nothing that is
// shown: not in the redacted URL, not in an error, not in a masked text.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/pooler.h"
#include "runner/url.h"

namespace steward::url {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool tells(const std::string& shown, const std::string& password) {
  // Too short to be told from the rest of a URL.
  return password.size() > 12 && shown.find(password) != std::string::npos;
}

// What is no secret may be written twice, as a password and as something else.
bool elsewhere(const Target& target, const std::string& password) {
  for (const Setting& setting : target.settings)
    if (setting.key != "password" && setting.key != "sslpassword" &&
        setting.value.find(password) != std::string::npos)
      return true;
  return target.search_path.find(password) != std::string::npos;
}

}  // namespace
}  // namespace steward::url

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward;
  using namespace steward::url;
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string hidden = redacted_text(text);
  try {
    const Target target = parse(text);
    const std::string shown = redacted(target) + pooler::direct_url(target);
    for (const std::string& secret : secrets(target)) {
      require(elsewhere(target, secret) || !tells(shown, secret));
      require(secret.size() < 3 || secret.find('*') != std::string::npos ||
              masked("at " + secret + " end", {secret}).find(secret) == std::string::npos);
    }
  } catch (const Error& error) {
    require(error.exit() == Exit::usage);
    require(error.code() == "bad_url" || error.code() == "unknown_scheme");
  }
  return 0;
}
