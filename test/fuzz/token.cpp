// Reads any bytes as a token, as the parts of one that is signed well, and as a key. The first byte
// chooses which. Whatever comes, nothing but Refused is thrown, and what is accepted is a subject.
#include "extension/token.h"

#include <cstdlib>

#include "extension/token/base64url.h"
#include "extension/token/json.h"
#include "extension/token/public_key.h"
#include "extension/token/refused.h"

namespace steward::token {
namespace {

constexpr Seconds now = 1'800'000'000;
constexpr char secret[] = "0123456789abcdef0123456789abcdef";

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<Key> ring() {
  std::vector<Key> keys;
  keys.push_back({"k", Signature(Algorithm::hs256, secret), {}, {}});
  keys.push_back({"c", Signature(Algorithm::v1, secret), {}, {}});
  keys.back().leeway = 10;
  return keys;
}

std::string with_mac(std::string message) {
  std::string mac = base64url(Signature(Algorithm::v1, secret).sign(message));
  return std::move(message) + '.' + mac;
}

void verified(const std::string& token) {
  static const std::vector<Key> keys = ring();
  Verified result = verify(token, keys, now);
  require(result.good_at(now) && !result.subject.empty());
  require(result.subject.size() <= longest_subject && is_utf8(result.subject));
  require(result.subject.find('\0') == std::string::npos);
}

void read(unsigned char which, std::string_view text) {
  const std::string header = R"({"alg":"HS256","kid":"k"})",
                    payload = R"({"sub":"a","exp":1800000060})";
  switch (which % 7) {
    case 0:
      return verified(std::string(text));
    case 1:
      return verified(with_mac(base64url(header) + '.' + base64url(text)));
    case 2:
      return verified(with_mac(base64url(text) + '.' + base64url(payload)));
    case 3:
      return verified(with_mac("v1.c." + std::string(text)));
    case 4:
      require(base64url(from_base64url(text)) == text);
      return;
    case 5:
      for (Algorithm algorithm : {Algorithm::rs256, Algorithm::es256, Algorithm::eddsa})
        if (text.size() % 3 == static_cast<std::size_t>(algorithm) % 3)
          public_key_der(algorithm, text);
      return;
    default:
      require(!Signature(Algorithm::eddsa, text).verifies("message", text));
  }
}

}  // namespace
}  // namespace steward::token

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    steward::token::read(data[0], {reinterpret_cast<const char*>(data) + 1, size - 1});
  } catch (const steward::token::Refused&) {
  }
  return 0;
}
