// What diff prints: the statements with what they cost, and a change in stages that keep nobody
// waiting.
#pragma once

#include "runner/command/outlook.h"
#include "runner/command/session.h"
#include "runner/proof.h"

namespace steward::command {

// "-- text", as a remark of that tone; at a terminal in lines as wide as that.
void print_remark(Session& session, terminal::Tone tone, const std::string& text);
// Each statement below its note, its locks and the data it destroys. first: of the outlook's.
void print_statements(Session& session, const diff::Script& script, const Outlook& outlook,
                      std::size_t first = 0);

// The statements of all stages.
diff::Script joined_stages(const std::vector<proof::Stage>& stages);
// The stages, or their ways back from the last one on, each under what it is; and what keeps others
// waiting all the same, as warnings. outlook: of joined_stages().
void print_stages(Session& session, const proof::OnlineChange& change, const Outlook& outlook,
                  bool downgrade);
// "stages", as --json has them: message, transaction, upgrade, downgrade, downgrade_transaction.
Json objects_of(const std::vector<proof::Stage>& stages);

}  // namespace steward::command
