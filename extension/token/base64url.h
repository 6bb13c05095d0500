// Base64url as JOSE writes it (RFC 7515, section 2): no padding, no line breaks. Decoding takes the
// canonical form alone, so that a token has one spelling.
#pragma once

#include <string>
#include <string_view>

namespace steward::token {

std::string base64url(std::string_view bytes);

// Throws Refused for any other character, an impossible length, or bits left over that are not 0.
std::string from_base64url(std::string_view text);

bool is_base64url(std::string_view text) noexcept;  // its characters alone; one at least

}  // namespace steward::token
