#include "runner/report/sarif.h"

#include <unordered_map>
#include <unordered_set>

#include "runner/text.h"

namespace steward::report {
namespace {

using Places = std::unordered_map<std::string, std::size_t>;

std::string fingerprint(const Finding& finding) {
  Sha256 hash;
  hash.update(finding.rule + "\n" + finding.object);
  return hash.hex();
}

Json descriptor(const Rule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", rule.summary}}},
          {"defaultConfiguration", {{"level", word_of(rule.severity)}}}};
}

// The rules that have findings; where each stands is what results refer to.
Json descriptors(const Findings& findings, Places& places) {
  std::unordered_set<std::string> used;
  for (const Finding& finding : findings.found) used.insert(finding.rule);
  Json list = Json::array();
  for (const Rule& rule : findings.rules)
    if (used.contains(rule.id)) {
      places[rule.id] = list.size();
      list.push_back(descriptor(rule));
    }
  return list;
}

Json location(const Findings& findings, const Finding& finding) {
  Json json = {{"logicalLocations", Json::array({{{"fullyQualifiedName", finding.object},
                                                  {"kind", finding.object_type}}})}};
  const std::string& file = finding.file.empty() ? findings.file : finding.file;
  if (!file.empty())
    json["physicalLocation"] = {{"artifactLocation", {{"uri", file}}},
                                {"region", {{"startLine", finding.line > 0 ? finding.line : 1}}}};
  return json;
}

Json properties(const Finding& finding) {
  Json json = Json::object();
  if (!finding.hint.empty()) json["hint"] = finding.hint;
  if (!finding.fix.empty()) json["fix"] = finding.fix;
  return json;
}

Json result(const Findings& findings, const Finding& finding, const Places& places) {
  Json json = {{"ruleId", finding.rule},
               {"level", word_of(finding.severity)},
               {"message", {{"text", finding.message}}},
               {"locations", Json::array({location(findings, finding)})},
               {"partialFingerprints", {{"ruleAndObject/v1", fingerprint(finding)}}}};
  if (const auto at = places.find(finding.rule); at != places.end()) json["ruleIndex"] = at->second;
  if (finding.waiver)
    json["suppressions"] = Json::array(
        {{{"kind", "external"}, {"status", "accepted"}, {"justification", *finding.waiver}}});
  if (finding.known) json["baselineState"] = "unchanged";
  if (const Json more = properties(finding); !more.empty()) json["properties"] = more;
  return json;
}

}  // namespace

Json as_sarif(const Findings& findings, const std::string& version) {
  Places places;
  Json rules = descriptors(findings, places);
  Json results = Json::array();
  for (const Finding& finding : findings.found)
    results.push_back(result(findings, finding, places));
  const Json driver = {
      {"name", "steward"}, {"semanticVersion", version}, {"rules", std::move(rules)}};
  const Json run = {{"tool", {{"driver", driver}}},
                    {"automationDetails", {{"id", findings.family + "/"}}},
                    {"results", std::move(results)}};
  return {{"$schema",
           "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"
           "sarif-schema-2.1.0.json"},
          {"version", "2.1.0"},
          {"runs", Json::array({run})}};
}

}  // namespace steward::report
