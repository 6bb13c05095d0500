// What can be said of an object of any kind: its owner, who may use it, its comment, its security
// labels. Written after it is made, and where it differs.
#pragma once

#include "runner/diff/builder.h"

namespace steward::diff {

// Of a fact that was just made.
void remark_new(Builder& builder, const Fact& fact);
// Of one that is in both schemas and stays.
void remark_changed(Builder& builder, const Fact& from, const Fact& to);

// The privileges of ALTER DEFAULT PRIVILEGES.
void create_default_privileges(Builder& builder, const Fact& fact);
void drop_default_privileges(Builder& builder, const Fact& fact);
void alter_default_privileges(Builder& builder, const Fact& from, const Fact& to);
// The statement with the standing default privileges of the role that runs it put aside: what
// CREATE EXTENSION makes would get them, and nobody can name its members before.
std::string without_default_privileges(Builder& builder, const std::string& sql);

// Those of what no fact is about: members of extensions, the server's own objects.
void create_initial_privileges(Builder& builder, const Fact& fact);
void drop_initial_privileges(Builder& builder, const Fact& fact);
void alter_initial_privileges(Builder& builder, const Fact& from, const Fact& to);

}  // namespace steward::diff
