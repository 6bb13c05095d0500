// Who may do what with an object: GRANT and REVOKE from what it has to what it is to have, what it
// has from the start included, by whoever granted it; default privileges; and the privileges of
// what is no fact itself.
#pragma once

#include <string>

#include "runner/diff/builder.h"

namespace steward::diff {

// Of a fact that was just made.
void grant_new(Builder& builder, const Fact& fact);
// Of one that is in both schemas and stays.
void grant_changed(Builder& builder, const Fact& from, const Fact& to);

// Of the sequence of an identity column, made with it or there before.
void grant_identity(Builder& builder, const Fact& from, const Fact& to);

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
