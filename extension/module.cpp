#include "extension/guard.h"
#include "extension/hooks.h"
#include "extension/pg.h"

extern "C" {
PG_MODULE_MAGIC;
PGDLLEXPORT void _PG_init();
}

// Loaded by the first call of any of our functions, or preloaded: both work.
void _PG_init() {
  steward::enter([] { steward::guard::define_settings(); });
  steward::install_hooks();
}
