// Keyring: the keys of steward.token_key as this backend last read them, by the table's owner and a
// snapshot of their own. A change is noticed by the table's relcache invalidation, which its
// trigger sends, before the next token is looked at. Secrets are overwritten when they are given
// back.
#pragma once

#include "extension/spi.h"
#include "extension/token.h"

namespace steward::keyring {

// All keys, read anew when they have changed. Valid until the next call.
const std::vector<token::Key>& keys();

// Another number whenever keys() has read them anew: what was concluded from older ones is void.
std::uint64_t generation() noexcept;

}  // namespace steward::keyring
