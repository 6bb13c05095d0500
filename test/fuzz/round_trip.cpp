// The revision's reader against itself: a file that is taken, written out by compose() and read
// again is the same revision, in every field that compose() writes; and with_parents() changes the
// parents and nothing else.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "runner/error.h"
#include "runner/revision/file.h"
#include "runner/revision/rewrite.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

// compose() puts a header's value on one line: every white space in it becomes a blank.
std::string flat(std::string text) {
  for (char& c : text)
    if (is_space(c)) c = ' ';
  return text;
}

bool same(const Options& a, const Options& b) {
  return a.transaction == b.transaction && a.lock_timeout == b.lock_timeout &&
         a.statement_timeout == b.statement_timeout && a.role == b.role;
}

bool same(const Section& a, const Section& b) {
  return same(a.options, b.options) && a.checksum == b.checksum && a.empty == b.empty &&
         a.plain == b.plain;
}

bool same(const std::vector<Allowance>& a, const std::vector<Allowance>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& two) {
    return one.rule == two.rule && flat(one.reason) == flat(two.reason);
  });
}

bool same(const std::vector<Variable>& a, const std::vector<Variable>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& two) {
    return one.name == two.name && one.value == two.value;
  });
}

void require_same_header(const File& a, const File& b) {
  require(a.id == b.id && a.depends_on == b.depends_on && a.labels == b.labels);
  require(flat(a.message) == flat(b.message) && flat(a.created) == flat(b.created));
  require(a.irreversible.has_value() == b.irreversible.has_value());
  if (a.irreversible) require(flat(*a.irreversible) == flat(*b.irreversible));
  require(same(a.allow, b.allow) && same(a.variables, b.variables));
}

std::string script(const File& file, const std::optional<Section>& section) {
  return section ? text(file, *section) : std::string();
}

// compose() gives every revision that is not irreversible a downgrade, so an absent one comes back
// as an empty one; a verify section is not its business.
void come_round(const File& once) {
  const std::string text_of_it =
      compose(once, script(once, once.upgrade), script(once, once.downgrade));
  const File twice = parse(text_of_it, "a1.sql");
  require_same_header(once, twice);
  require(once.parents == twice.parents);
  require(same(once.upgrade, twice.upgrade));
  if (once.downgrade) require(twice.downgrade && same(*once.downgrade, *twice.downgrade));
  if (!once.downgrade) require(once.irreversible || twice.downgrade->empty);
}

void graft(const File& once, const std::string& bytes) {
  const std::vector<std::string> parents{"p1", "p2"};
  const File grafted = parse(with_parents(bytes, parents), "a1.sql");
  require_same_header(once, grafted);
  require(grafted.parents == parents);
  require(same(once.upgrade, grafted.upgrade));
  require(once.downgrade.has_value() == grafted.downgrade.has_value());
  if (once.downgrade) require(same(*once.downgrade, *grafted.downgrade));
}

}  // namespace
}  // namespace steward::revision

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward::revision;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  // Most inputs begin with a good header, so that what follows is reached.
  if (size > 0 && data[0] % 4 != 0) bytes = "-- revision: a1\n" + bytes.substr(1);
  if (size > 0 && data[0] % 4 == 1) bytes += "\n-- steward:upgrade\nSELECT 1;\n";
  File once;
  try {
    once = parse(bytes, "a1.sql");
  } catch (const steward::Error&) {
    return 0;  // what is refused, and how, is revision_file's business
  }
  once.copy = std::make_shared<const std::string>(bytes);
  come_round(once);
  graft(once, bytes);
  return 0;
}
