// Reads any bytes as a revision's file. Nothing crashes; an error has a place; a file that is taken
// has sections that lie within it, with the checksums of their canonical form.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/revision/file.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void check_section(std::string_view text, const Section& section) {
  require(section.offset + section.length <= text.size());
  Canonical canonical;
  Sha256 digest;
  auto add = [&](std::string_view certain) { digest.update(certain); };
  for (char c : text.substr(section.offset, section.length))
    canonical.feed(std::string_view(&c, 1), add);
  digest.update(canonical.finish());
  require(digest.hex() == section.checksum);
}

void check_file(std::string_view text, const File& file) {
  require(file.id == "a1");
  check_section(text, file.upgrade);
  if (file.downgrade) check_section(text, *file.downgrade);
  if (file.verify) check_section(text, *file.verify);
  require(!(file.downgrade && file.irreversible));
}

}  // namespace
}  // namespace steward::revision

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward;
  std::string text(reinterpret_cast<const char*>(data), size);
  // Half of the inputs begin with a good header, so that the sections are reached.
  if (size > 0 && data[0] % 2 == 0) text = "-- revision: a1\n-- steward:upgrade\n" + text.substr(1);
  try {
    revision::check_file(text, revision::parse(text, "a1.sql"));
  } catch (const Error& error) {
    revision::require(error.place().has_value() && error.place()->line > 0);
    revision::require(Utf8Check().feed(error.place()->excerpt));
    revision::require(Utf8Check().feed(error.what()));
  }
  return 0;
}
