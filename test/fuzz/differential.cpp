// The splitter against PostgreSQL's own grammar: what libpg_query parses as so many statements, the
// splitter cuts into as many, and each of them parses alone. The revision's reader against itself:
// what it reads, written out and read again, is the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/parser.h"
#include "runner/revision/file.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void compare(const std::string& script) {
  const std::optional<std::size_t> expected = parser::count(script);
  if (!expected) return;
  sql::Splitter splitter(sql::source_of(script), "f");
  std::size_t found = 0;
  for (sql::Statement statement; splitter.next(statement);) {
    if (statement.number == 0) continue;
    ++found;
    require(parser::count(statement.text) == std::optional<std::size_t>(1));
  }
  require(found == *expected);
}

void come_round(const std::string& script) {
  revision::File file;
  file.id = "f";
  file.message = "m";
  try {
    const std::string text = revision::compose(file, script, script);
    const revision::File once = revision::parse(text, "f_.sql");
    auto copy = std::make_shared<const std::string>(text);
    revision::File held = once;
    held.copy = copy;
    const std::string again =
        revision::compose(once, revision::text(held, held.upgrade),
                          held.downgrade ? revision::text(held, *held.downgrade) : "");
    const revision::File twice = revision::parse(again, "f_.sql");
    require(once.upgrade.checksum == twice.upgrade.checksum);
    require(once.upgrade.empty == twice.upgrade.empty);
  } catch (const Error& error) {
    require(error.exit() == Exit::usage);
  }
}

}  // namespace
}  // namespace steward

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward;
  const std::string script(reinterpret_cast<const char*>(data), size);
  come_round(script);
  Utf8Check utf8;
  // Data after COPY is the splitter's alone; so are bytes that no text of PostgreSQL can hold.
  if (!utf8.feed(script) || !utf8.finish()) return 0;
  if (lower(script).find("stdin") != std::string::npos) return 0;
  try {
    compare(script);
  } catch (const Error&) {
    std::abort();  // refused what PostgreSQL takes
  }
  return 0;
}
