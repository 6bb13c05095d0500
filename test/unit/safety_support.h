// What tests of safety rules share: revisions from texts, and the findings of one rule.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "runner/safety/deploy.h"

namespace steward::safety {

// The lines that begin like this, taken out of text.
inline std::string cut_lines(std::string& text, const std::string& mark) {
  std::string cut;
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos;) {
    const std::size_t end = text.find('\n', at) + 1;
    cut += text.substr(at, end - at);
    text.erase(at, end - at);
  }
  return cut;
}

inline revision::File revision_of(const std::string& id, std::string sql,
                                  const std::string& header = {}) {
  const std::string allowed = cut_lines(sql, "-- allow:");
  const bool marked = sql.find("-- steward:upgrade") != std::string::npos;
  std::string text =
      "-- revision: " + id + "\n" + allowed + header + (marked ? "" : "-- steward:upgrade\n") + sql;
  if (text.find("-- steward:downgrade") == std::string::npos &&
      (!marked || sql.find("transaction=off") != std::string::npos ||
       sql.find("_timeout=") != std::string::npos))
    text += "-- steward:downgrade\nSELECT 1;\n";
  revision::File file = revision::parse(text, id + "_x.sql");
  file.copy = std::make_shared<const std::string>(text);
  return file;
}

inline Settings settings_for(std::string_view rule) {
  Settings settings;
  settings.lock_timeout = "5s";
  settings.statement_timeout = "0";
  settings.levels.set(std::string(rule), "on");
  return settings;
}

inline std::vector<Finding> of(std::string_view rule, std::vector<Finding> findings) {
  std::erase_if(findings, [rule](const Finding& finding) { return finding.rule != rule; });
  return findings;
}

}  // namespace steward::safety
