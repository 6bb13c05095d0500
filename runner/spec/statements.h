// A Document as the statements that make it, small ones, so that what PostgreSQL says of one of
// them is said of a line: each column, constraint and index comes by itself. PostgreSQL alone
// judges the SQL. Pure.
#pragma once

#include <vector>

#include "runner/desired.h"
#include "runner/spec/document.h"

namespace steward::spec {

// Unqualified names are those of schema public. Throws as sql::Splitter for what stands in blocks
// of SQL.
std::vector<desired::Statement> statements_of(const Document& document);

// "billing." of "billing.invoice"; empty when there is no schema.
std::string schema_prefix(const std::string& name);

}  // namespace steward::spec
