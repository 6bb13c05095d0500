// The reader: a Markdown page as a Document. It takes what stands under headings it knows (Table
// NAME, Columns, Indexes, ...) and leaves prose alone; a table or a block of SQL that it cannot
// place is an error, so that nothing written as schema is passed over. It judges the page, never
// the SQL. Pure.
#pragma once

#include <string>
#include <string_view>

#include "runner/spec/document.h"

namespace steward::spec {

// file is for messages and stays in the document. Throws Error(Exit::usage, "bad_spec"), with file,
// line and what the line is about.
Document read(std::string_view text, const std::string& file);

}  // namespace steward::spec
