#include "runner/command/roundtrip.h"

#include "runner/command/listing.h"
#include "runner/command/schema.h"
#include "runner/diff.h"

namespace steward::command {
namespace {

struct Finding {
  std::string revision;
  std::string outcome;  // ok, no downgrade, fails, does not restore, differs the second time
  std::vector<std::string> details;
};

using Steps = std::vector<plan::Step>;

// The shadow with the first `count` steps applied.
std::unique_ptr<shadow::Shadow> build(const url::Target& server, const Steps& steps,
                                      std::size_t count) {
  auto shadow = std::make_unique<shadow::Shadow>(server);
  for (std::size_t at = 0; at < count; ++at) shadow->step(steps[at]);
  return shadow;
}

// Down and up again, from the schema after the revision. Column order is not part of the
// comparison: a column that was dropped comes back as the last one.
Finding examine_way_back(shadow::Shadow& shadow, const plan::Step& up,
                         const snapshot::Snapshot& before) {
  const snapshot::Snapshot after = snapshot::read(shadow.connection());
  shadow.step({up.file, plan::Direction::downgrade});
  const auto lost = diff::summary(before, snapshot::read(shadow.connection()));
  if (!lost.empty()) return {up.file->id, "does not restore", lost};
  shadow.step(up);
  const auto other = diff::summary(after, snapshot::read(shadow.connection()));
  return {up.file->id, other.empty() ? "ok" : "differs the second time", other};
}

// Applies the revision to a shadow that stands before it. Throws when the upgrade itself fails.
Finding examine(shadow::Shadow& shadow, const plan::Step& up) {
  const snapshot::Snapshot before = snapshot::read(shadow.connection());
  shadow.step(up);
  if (up.file->irreversible) return {up.file->id, "irreversible", {}};
  if (!up.file->downgrade) return {up.file->id, "no downgrade", {}};
  try {
    return examine_way_back(shadow, up, before);
  } catch (const Error& error) {
    return {up.file->id, "fails", {error.what()}};
  }
}

bool is_good(const Finding& finding) {
  return finding.outcome == "ok" || finding.outcome == "irreversible";
}

bool leaves_a_mess(const Finding& finding) {
  return !is_good(finding) && finding.outcome != "no downgrade";
}

void print(Session& session, const Finding& finding) {
  if (is_good(finding) && !session.output().verbose()) return;
  session.output().line(finding.revision + "  " + finding.outcome);
  for (const std::string& detail : finding.details) session.output().line("  " + detail);
}

}  // namespace

Exit roundtrip(Session& session) {
  const Steps steps = plan::upgrade(session.project(), {}, "heads").steps;
  const url::Target server = shadow_server(session);
  auto shadow = build(server, steps, 0);
  std::size_t wrong = 0;
  Json list = Json::array();
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const Finding finding = examine(*shadow, steps[at]);
    print(session, finding);
    wrong += is_good(finding) ? 0 : 1;
    list.push_back({{"revision", finding.revision},
                    {"outcome", finding.outcome},
                    {"details", finding.details}});
    // The schema is now neither the one nor the other: what follows begins from a new one.
    if (leaves_a_mess(finding)) shadow = build(server, steps, at + 1);
  }
  session.output().object({{"verb", "roundtrip"}, {"revisions", list}});
  session.output().say(counted(list.size(), "revision") + " tried, " + std::to_string(wrong) +
                       " wrong");
  return wrong == 0 ? Exit::done : Exit::differences;
}

}  // namespace steward::command
