// Login: act_as_token, and what goes with it: minting a token, taking in a key. A client whose
// token is refused learns that and nothing else; the reason is in the server's log, without the
// token. A token that was verified is remembered by its SHA-256, so that a client that comes again
// costs no signature; its time is checked each time, and a change of the keys forgets them all.
#pragma once

#include "extension/bridge.h"

namespace steward::login {

// Seals the transaction for the token's subject. Throws Error 28000 when it is not accepted, and
// what identity::seal throws.
void with_token(std::string_view token);

}  // namespace steward::login
