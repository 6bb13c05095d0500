// Two schemas as scripts: the script of `diff` between databases that have them arrives, a second
// one has nothing to say, and the way back comes back.
#pragma once

#include <string>

namespace steward::test {

void run_sql(const std::string& url, const std::string& script);

// rows: run in the old schema before it is changed.
void arrives_and_comes_back(const std::string& from, const std::string& to,
                            const std::string& rows = "");

}  // namespace steward::test
