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

// Column order is not part of the comparison: a column that was dropped comes back as the last one.
Finding examine(shadow::Shadow& shadow, const plan::Step& up) {
  Finding finding{up.file->id, "ok", {}};
  const snapshot::Snapshot before = snapshot::read(shadow.connection());
  shadow.step(up);
  if (!up.file->downgrade) {
    finding.outcome = up.file->irreversible ? "irreversible" : "no downgrade";
    return finding;
  }
  const snapshot::Snapshot after = snapshot::read(shadow.connection());
  shadow.step({up.file, plan::Direction::downgrade});
  finding.details = diff::summary(before, snapshot::read(shadow.connection()));
  if (!finding.details.empty()) finding.outcome = "does not restore";
  shadow.step(up);
  if (finding.outcome == "ok") {
    finding.details = diff::summary(after, snapshot::read(shadow.connection()));
    if (!finding.details.empty()) finding.outcome = "differs the second time";
  }
  return finding;
}

bool is_good(const Finding& finding) {
  return finding.outcome == "ok" || finding.outcome == "irreversible";
}

void print(Session& session, const Finding& finding) {
  if (is_good(finding) && !session.output().verbose()) return;
  session.output().line(finding.revision + "  " + finding.outcome);
  for (const std::string& detail : finding.details) session.output().line("  " + detail);
}

}  // namespace

Exit roundtrip(Session& session) {
  const plan::Project& project = session.project();
  shadow::Shadow shadow(shadow_server(session));
  std::size_t wrong = 0;
  Json list = Json::array();
  const auto record = [&](const Finding& finding) {
    print(session, finding);
    wrong += is_good(finding) ? 0 : 1;
    list.push_back({{"revision", finding.revision},
                    {"outcome", finding.outcome},
                    {"details", finding.details}});
  };
  for (const plan::Step& step : plan::upgrade(project, {}, "heads").steps) {
    try {
      record(examine(shadow, step));
    } catch (const Error& error) {
      // What follows would run on a schema that is neither the one nor the other.
      record({step.file->id, "fails", {error.what()}});
      break;
    }
  }
  session.output().object({{"verb", "roundtrip"}, {"revisions", list}});
  session.output().say(counted(list.size(), "revision") + " tried, " + std::to_string(wrong) +
                       " wrong");
  return wrong == 0 ? Exit::done : Exit::differences;
}

}  // namespace steward::command
