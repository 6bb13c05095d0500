// What verbs share about the safety rules: from the configuration to the linter, and the findings
// as people and machines read them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runner/command/session.h"
#include "runner/report/findings.h"
#include "runner/safety/deploy.h"

namespace steward::command {

// The configured limits and levels. Throws Error(Exit::usage, "bad_config") for a level of a rule.
safety::Settings safety_settings(Session& session);

// The subjects of a plan's upgrades, and what the rules find there, sizes from the session's
// database. Throws what reading files and asking the catalog throw.
std::vector<safety::Finding> findings_of(Session& session, const plan::Plan& plan);

// Findings under the names of their files, the fix under each, and a line of totals. The waived
// ones only with -v.
void print_findings(report::Output& output, const std::vector<safety::Finding>& findings);
// The same in the words of report/, for the formats that machines read.
report::Findings for_machines(const std::vector<safety::Finding>& findings);
Json findings_object(const std::vector<safety::Finding>& findings);

// How many are at least that severe and not waived.
std::size_t count_at(const std::vector<safety::Finding>& findings, safety::Severity least);

// The first finding for which an upgrade by this plan will be refused, told to nobody; nullopt: it
// will not be.
std::optional<safety::Finding> refusal(Session& session, const plan::Plan& plan);

// Before an upgrade is shipped: as [safety] on_upgrade says. Throws Error(Exit::refused,
// "refused_by_rule") for the first that refuses it, once all are told.
void require_safe(Session& session, const plan::Plan& plan);

}  // namespace steward::command
