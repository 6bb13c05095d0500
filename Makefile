# Builds the extension with PGXS, as the units of extension/ORDER and the files of sql/ORDER say.
# The runner is built by CMake (CMakeLists.txt); the scripts below build both.
EXTENSION  = pg_steward
MODULE_big = pg_steward
PG_CONFIG ?= pg_config

# Variables of our own are lower case: PGXS assigns VERSION, INSTALL_SCRIPT and many more for itself.
# The version stands in the control file only.
version := $(shell sed -n "s/^default_version *= *'\([^']*\)'.*/\1/p" pg_steward.control)
units   := $(shell sed 's/\#.*//' extension/ORDER)

OBJS       = $(patsubst %.cpp,build/%.o,$(wildcard $(units:%=extension/%.cpp)))
DATA_built = sql/$(EXTENSION)--$(version).sql
DATA       = $(wildcard sql/upgrade/$(EXTENSION)--*.sql)

# Both run against a server that is there, with the extension installed: scripts/test starts one.
REGRESS        = $(sort $(patsubst test/regress/sql/%.sql,%,$(wildcard test/regress/sql/*.sql)))
REGRESS_OPTS   = --inputdir=test/regress --outputdir=build/regress --load-extension=$(EXTENSION)
ISOLATION      = $(sort $(patsubst test/isolation/specs/%.spec,%,$(wildcard test/isolation/specs/*.spec)))
ISOLATION_OPTS = --inputdir=test/isolation --outputdir=build/isolation --load-extension=$(EXTENSION)

# -isystem keeps our warnings away from the server's headers.
PG_CPPFLAGS  = -I. -isystem $(shell $(PG_CONFIG) --includedir-server)
# PostgreSQL 15 leaves PGDLLEXPORT empty; 16 and later define it this way.
PG_CPPFLAGS += -D'PGDLLEXPORT=__attribute__((visibility("default")))'
PG_CXXFLAGS  = -std=c++20 -fvisibility=hidden -fvisibility-inlines-hidden -MMD -MP
PG_CXXFLAGS += -Wall -Wextra -Wshadow -Wno-register -Werror
SHLIB_LINK   = -lcrypto -lstdc++

# No JIT bitcode: it needs clang, takes none of these flags, and speeds up nothing here.
override with_llvm = no

EXTRA_CLEAN = build/extension build/regress build/isolation

PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
-include $(OBJS:.o=.d)

# No .d file names system headers, yet the server's inlines change between its minor releases: what was
# compiled for another server is compiled again.
build/extension/server: FORCE
	@mkdir -p $(@D)
	@$(PG_CONFIG) --version --includedir-server | cmp -s - $@ || $(PG_CONFIG) --version --includedir-server > $@

build/extension/%.o: extension/%.cpp build/extension/server
	@mkdir -p $(@D)
	$(COMPILE.cc) -o $@ $<

sql/$(EXTENSION)--%.sql: pg_steward.control scripts/build-sql scripts/check-order sql/ORDER \
                         $(filter-out sql/$(EXTENSION)--%,$(wildcard sql/*.sql sql/*/*.sql))
	scripts/build-sql > $@.new
	mv $@.new $@

installcheck: | build/regress build/isolation
build/regress build/isolation:
	mkdir -p $@

quickstart test style bench matrix:
	scripts/$@
.PHONY: FORCE quickstart test style bench matrix
