// The writer: a Document as a Markdown page that the reader takes for the same Document. Columns of
// a table that would be empty are left out, but for those of Columns. Pure.
#pragma once

#include <string>

#include "runner/spec/document.h"

namespace steward::spec {

// The page. What stands in cells must be what cells can hold (cell_of_sql, cell_of_prose).
std::string write(const Document& document);

// Whether a section Purpose can hold the text and give it back byte for byte.
bool can_be_purpose(const std::string& text);

}  // namespace steward::spec
