// What another tool has recorded as applied. The SQL that asks for it is given as text; the
// answer's rows are mapped to the revisions that were read from its files. Pure: who runs the SQL
// is the verb.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "runner/import/history.h"
#include "runner/rows.h"

namespace steward::importer {

// The table in which the tool keeps its history when nobody says otherwise; empty: it keeps none.
std::string_view history_table(Tool tool);

// A query whose one row is the table's name, schema-qualified and quoted; no row: there is no such
// table. `table` is as a person writes it: looked for along the search path unless it says a
// schema.
std::string find_history(std::string_view table);

// The query that reads it. `qualified` is what find_history() gave.
std::string read_history(Tool tool, std::string_view qualified);

struct Recorded {
  std::vector<std::size_t> applied;  // indexes of History::revisions, ascending
  std::vector<Notice> notices;       // files that were edited after they had been applied
};

// Which revisions those rows say are applied. Throws Error(Exit::integrity), each saying what to
// do:
//   dirty_history    the tool stopped half-way, or failed, and says so (revision and tool named)
//   unknown_version  it has applied what no file is there for
Recorded map_history(const History& history, const pg::Rows& rows);

}  // namespace steward::importer
