#include "runner/command/status.h"

#include <algorithm>
#include <optional>
#include <span>

#include "runner/command/listing.h"
#include "runner/command/planning.h"
#include "runner/command/safety.h"
#include "runner/drift.h"

namespace steward::command {
namespace {

using terminal::Tone;

struct Found {
  revision::Ids pending;
  std::size_t unmanaged = 0;
  std::string schema;  // unchanged, changed, unknown (runner/drift.h); empty: there is no ledger
  std::vector<plan::Contradiction> contradictions;
  std::optional<safety::Finding> refusal;  // by a rule, of the upgrade that would come
};

// What an upgrade refuses for other reasons never comes as far as the rules.
bool comes_to_the_rules(Session& session, const Found& found) {
  const ledger::State& state = session.state();
  return found.contradictions.empty() && !found.pending.empty() && !state.in_recovery &&
         !state.read_only && session.project().graph().heads().size() == 1;
}

Found look(Session& session) {
  const revision::Graph& graph = session.project().graph();
  Found found;
  found.pending = graph.missing(session.state().applied(), graph.heads());
  if (session.state().ledger) found.unmanaged = ledger::unmanaged(session.connection());
  if (session.state().extension()) found.schema = drift::state(session.connection());
  found.contradictions =
      plan::contradictions(session.project(), session.state(), session.recorded());
  if (comes_to_the_rules(session, found))
    found.refusal =
        refusal(session, make_plan(session, {plan::Direction::upgrade, "head", false, true}));
  return found;
}

const char* word_of(plan::Contradiction::Kind kind) {
  switch (kind) {
    case plan::Contradiction::Kind::edited:
      return "edited";
    case plan::Contradiction::Kind::renamed:
      return "renamed";
    case plan::Contradiction::Kind::missing:
      break;
  }
  return "missing";
}

std::string server_name(Session& session) {
  // "15.20 (Debian 15.20-0+deb12u1)": who packaged it is for doctor.
  const std::string version = session.connection().parameter("server_version");
  return "PostgreSQL " + version.substr(0, version.find(' ')) +
         (session.state().in_recovery ? ", standby" : "");
}

std::string applied_text(const ledger::State& state) {
  if (!state.extension()) return "nothing yet: the extension is not installed, upgrade installs it";
  if (state.revisions.empty()) return "nothing yet";
  const ledger::Revision& last = state.revisions.back();
  return counted(state.revisions.size(), "revision") + ", last " + last.id + " at " +
         ledger::format_time(last.applied_at) + " by " + last.applied_by;
}

// As many as leave the rest of the answer on one screen.
constexpr std::size_t shown_pending = 12;

void print_pending(Session& session, const revision::Ids& pending) {
  report::Output& output = session.output();
  output.field({"pending", pending.empty() ? "none" : counted(pending.size(), "revision"),
                Tone::plain, pending.empty() ? Tone::good : Tone::plain});
  // One more than that is shown instead of being counted.
  const std::size_t shown = pending.size() > shown_pending + 1 ? shown_pending : pending.size();
  std::vector<std::vector<std::string>> rows;
  for (const std::string& id : std::span(pending).first(shown))
    rows.push_back({"  " + id, terminal::harmless(session.project().find(id)->message)});
  output.text(report::format_table(rows, output.style().width));
  if (shown < pending.size())
    output.line("  and " + std::to_string(pending.size() - shown) + " more: steward plan");
}

void print_contradictions(Session& session, const Found& found) {
  report::Output& output = session.output();
  for (const plan::Contradiction& one : found.contradictions)
    output.field({word_of(one.kind),
                  one.revision + (one.file.empty() ? "" : "  " + one.file) +
                      (one.section.empty() ? "" : " (" + one.section + ")"),
                  Tone::bad});
  for (const ledger::OpenStep& step : session.state().open_steps)
    output.field({"open",
                  step.revision + " " + step.direction + " since " +
                      ledger::format_time(step.started_at) + ", " +
                      counted(static_cast<std::size_t>(step.statements_done), "statement") +
                      " done; " + step.direction + " goes on with it",
                  Tone::warning});
}

bool records_squash(const Session& session) {
  return std::any_of(session.unrecorded().begin(), session.unrecorded().end(),
                     [](const squash::Unrecorded& one) { return one.squashes; });
}

// What happens if the deploy comes now, in one line.
struct Verdict {
  Tone tone;
  std::string text;
  std::string next;  // what to type; empty: nothing
};

Verdict verdict(Session& session, const Found& found) {
  const ledger::State& state = session.state();
  const std::size_t heads = session.project().graph().heads().size();
  if (!found.contradictions.empty())
    return {Tone::bad, "steward upgrade will refuse: files and ledger contradict each other",
            "steward repair, or take the edit back"};
  if (state.in_recovery || state.read_only)
    return {Tone::bad, "steward upgrade will refuse: this server takes no writes",
            "connect to the primary"};
  if (heads > 1 && !found.pending.empty())
    return {Tone::bad, "steward upgrade will refuse: there are " + counted(heads, "head"),
            "steward rebase, steward merge, or steward upgrade heads"};
  if (found.refusal)
    return {Tone::bad,
            "steward upgrade will refuse: rule " + found.refusal->rule + " about " +
                found.refusal->file + ":" + std::to_string(found.refusal->line),
            "steward plan shows why"};
  if (!state.open_steps.empty())
    return {Tone::warning, "steward will go on with what was interrupted",
            "steward " + state.open_steps.front().direction};
  if (found.pending.empty() && records_squash(session))
    return {Tone::good, "steward upgrade will record a squashed revision, and run nothing", ""};
  if (found.pending.empty()) return {Tone::good, "steward upgrade will do nothing", ""};
  return {Tone::good, "steward upgrade will apply " + counted(found.pending.size(), "revision"),
          "steward plan shows what it locks, steward upgrade does it"};
}

void print_verdict(Session& session, const Found& found) {
  const Verdict said = verdict(session, found);
  session.output().field({"deploy", said.text, Tone::plain, said.tone});
  if (!said.next.empty()) session.output().field({"next", said.next});
}

void print(Session& session, const Found& found) {
  report::Output& output = session.output();
  const ledger::State& state = session.state();
  output.field({"database", url::redacted(session.target()) + "  (" + server_name(session) + ")"});
  output.field({"applied", applied_text(state)});
  output.field({"at", state.heads.empty() ? "base" : joined(state.heads)});
  print_pending(session, found.pending);
  print_contradictions(session, found);
  if (found.unmanaged > 0)
    output.field({"by hand",
                  counted(found.unmanaged, "statement") +
                      " since the last revision: SELECT * FROM steward.unmanaged;",
                  Tone::warning});
  if (found.schema == "changed")
    output.field(
        {"schema", "changed since the ledger last recorded it: steward drift", Tone::warning});
  print_verdict(session, found);
}

Json object_of(Session& session, const Found& found) {
  const ledger::State& state = session.state();
  Json json = {
      {"verb", "status"},
      {"database", url::redacted(session.target())},
      {"server_version", session.connection().parameter("server_version")},
      {"in_recovery", state.in_recovery},
      {"extension_version", state.extension() ? Json(state.extension_version) : Json(nullptr)},
      {"applied", state.revisions.size()},
      {"heads", state.heads},
      {"pending", found.pending},
      {"deploy", verdict(session, found).text},
      {"unmanaged", found.unmanaged},
      {"schema", found.schema.empty() ? Json(nullptr) : Json(found.schema)},
      {"contradictions", Json::array()},
      {"open_steps", Json::array()}};
  for (const plan::Contradiction& one : found.contradictions)
    json["contradictions"].push_back({{"kind", word_of(one.kind)},
                                      {"revision", one.revision},
                                      {"file", one.file},
                                      {"section", one.section}});
  for (const ledger::OpenStep& step : state.open_steps)
    json["open_steps"].push_back({{"revision", step.revision},
                                  {"direction", step.direction},
                                  {"statements_done", step.statements_done},
                                  {"started_at", ledger::format_time(step.started_at)}});
  return json;
}

}  // namespace

Exit status(Session& session, const StatusOptions& options) {
  const Found found = look(session);
  print(session, found);
  if (session.output().json()) session.output().object(object_of(session, found));
  if (!found.contradictions.empty()) return Exit::integrity;
  return options.check && !found.pending.empty() ? Exit::differences : Exit::done;
}

}  // namespace steward::command
