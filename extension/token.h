// Token: proof of who somebody is, signed by a key that the database knows. Two forms: our compact
// one, v1.<kid>.<subject>.<iat>.<exp>.<jti>.<mac>, and JSON Web Tokens (RFC 7519, as RFC 8725 says
// they should be checked). Pure: keys and the time come in, the subject comes out. The signature is
// checked before anything that it covers is read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extension/token/signature.h"

namespace steward::token {

using Seconds = std::int64_t;  // since 1970, or as long as that
inline constexpr Seconds never = std::numeric_limits<Seconds>::max();

inline constexpr std::size_t longest_token = 8192;   // bytes
inline constexpr std::size_t longest_subject = 255;  // bytes: OpenID Connect Core 1.0, section 2

struct Key {
  std::string kid;
  Signature signature;
  std::optional<std::string> issuer;    // when set, the token's iss must be this
  std::optional<std::string> audience;  // when set, aud must hold it; when not, there must be none
  Seconds leeway = 0;                   // by how much clocks may differ
  Seconds longest_life = never;         // from iat, or from now, to exp
  Seconds valid_from = 0;
  Seconds valid_until = never;
};

struct Verified {
  std::string subject;
  // In between the token is good, both by its own claims and by its key's life.
  Seconds valid_from;
  Seconds valid_until;

  bool good_at(Seconds now) const noexcept { return now >= valid_from && now < valid_until; }
};

// Throws Refused.
Verified verify(std::string_view token, const std::vector<Key>& keys, Seconds now);

// Our compact form. The key's algorithm is v1. Throws Refused for a kid, subject or jti that the
// form cannot hold.
std::string mint(const Key& key, std::string_view subject, Seconds issued, Seconds expires,
                 std::string_view jti);

}  // namespace steward::token
