// Hooks: registers with the server and dispatches to the rooms above, nothing else.
#pragma once

namespace steward {

// Called once, when the library is loaded. While no step is open a hook costs one test of a
// pointer.
void install_hooks();

}  // namespace steward
