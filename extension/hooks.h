// Hooks: registers with the server and dispatches to the rooms above, nothing else.
#pragma once

namespace steward {

// Called once, when the library is loaded. While no step is open and no identity is set, a hook
// costs one test of a pointer, and for a utility statement a look at its kind.
void install_hooks();

}  // namespace steward
