#include "runner/report/baseline.h"

#include <fstream>
#include <sstream>

#include "runner/error.h"

namespace steward::report {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream)
    throw Error(Exit::usage, "cannot_read_file",
                "cannot read the baseline \"" + file.string() + "\"", "",
                "make it with --write-baseline");
  return text.str();
}

Error bad_baseline(const fs::path& file) {
  return Error(Exit::usage, "bad_baseline", "\"" + file.string() + "\" is not a baseline",
               R"(It holds {"version": 1, "findings": [{"rule": "...", "object": "..."}, ...]}.)",
               "make it again with --write-baseline, once it is removed");
}

}  // namespace

Baseline read_baseline(const fs::path& file) {
  const std::string text = read_text(file);
  try {
    const Json json = Json::parse(text);
    if (json.at("version") != 1) throw bad_baseline(file);
    Baseline baseline;
    for (const Json& one : json.at("findings"))
      baseline.emplace(one.at("rule").get<std::string>(), one.at("object").get<std::string>());
    return baseline;
  } catch (const Json::exception&) {
    throw bad_baseline(file);
  }
}

void write_baseline(const fs::path& file, const Baseline& baseline) {
  std::string text = "{\"version\": 1, \"findings\": [";
  for (const auto& [rule, object] : baseline)
    text += (text.ends_with('[') ? "\n  " : ",\n  ") +
            to_text(Json{{"rule", rule}, {"object", object}});
  fs::path next = file;
  next += ".new";
  std::ofstream stream(next, std::ios::binary | std::ios::trunc);
  stream << text << "\n]}\n";
  stream.close();
  std::error_code failure;
  if (stream) fs::rename(next, file, failure);
  if (!stream || failure)
    throw Error(Exit::usage, "cannot_write_file",
                "cannot write the baseline \"" + file.string() + "\"",
                failure ? failure.message() : "");
}

Baseline mark_known(Findings& findings, const Baseline& baseline) {
  Baseline gone = baseline;
  for (Finding& finding : findings.found) {
    const std::pair<std::string, std::string> key{finding.rule, finding.object};
    finding.known = baseline.contains(key);
    gone.erase(key);
  }
  return gone;
}

Baseline baseline_of(const Findings& findings) {
  Baseline baseline;
  for (const Finding& finding : findings.found)
    if (!finding.waiver) baseline.emplace(finding.rule, finding.object);
  return baseline;
}

}  // namespace steward::report
