// Public key: reads what issuers publish, PEM or a JSON Web Key (RFC 7517), into the one form that
// is kept.
#pragma once

#include <string>
#include <string_view>

#include "extension/token/signature.h"

namespace steward::token {

// DER of its SubjectPublicKeyInfo. Throws Refused for what is no public key of that algorithm, and
// for a private key.
std::string public_key_der(Algorithm algorithm, std::string_view text);

}  // namespace steward::token
