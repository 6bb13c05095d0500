// What PostgreSQL's own programs do and say: the truth that the tests compare steward with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "test/cluster/support/run.h"

namespace steward::test {

using Ran = decltype(run({}));  // what a program said and how it ended

// psql, pg_dump, ... of the server that is tested.
std::string postgres_program(const std::string& name);

// Runs a file, or a text, as psql does: to the first error.
Ran psql_file(const std::string& url, const std::filesystem::path& file,
              const std::vector<std::string>& options = {});
Ran psql(const std::string& url, const std::string& text,
         const std::vector<std::string>& options = {});

// Schema and data as pg_dump prints them, without what differs from run to run: comments, line
// ends, times, random UUIDs. Without the schema steward.
std::string dump(const std::string& url, const std::vector<std::string>& options = {});

// Where two texts part, with the lines around; empty: nowhere.
std::string difference(const std::string& expected, const std::string& found);

}  // namespace steward::test
