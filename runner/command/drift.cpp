#include "runner/command/drift.h"

#include <filesystem>

#include "runner/command/recording.h"
#include "runner/command/revision.h"
#include "runner/command/schema.h"
#include "runner/command/uncompared.h"
#include "runner/drift.h"
#include "runner/proof.h"
#include "runner/report/unified.h"
#include "runner/ship/script.h"
#include "runner/text.h"

namespace steward::command {
namespace {

using drift::Object;
using drift::Part;
using terminal::Tone;

struct Sides {
  std::unique_ptr<shadow::Shadow> shadow;
  snapshot::Snapshot recorded;  // what the applied revisions make
  snapshot::Snapshot live;
  std::string tally;  // of the database, before it was read; empty: it has no extension
};

// The revisions that the ledger says are applied, in its order, built in a shadow.
Sides read_sides(Session& session) {
  plan::require_integrity(session.project(), session.state(), session.recorded());
  Sides sides;
  sides.shadow = new_shadow(session, shadow_server(session));
  for (const ledger::Revision& applied : session.state().revisions)
    sides.shadow->step({session.project().find(applied.id), plan::Direction::upgrade});
  sides.recorded = snapshot::read(sides.shadow->connection());
  if (session.state().extension()) sides.tally = drift::tally(session.connection());
  sides.live = snapshot::read(session.connection());
  return sides;
}

Tone tone_of(char side) {
  return side == '+' ? Tone::good : side == '-' ? Tone::bad : Tone::dim;
}

void print_part(report::Output& output, const Object& object, const Part& part) {
  std::string indent = "    ";
  if (part.id != object.id) {
    output.line("  " + output.paint(tone_of(part.change), std::string(1, part.change) + " " +
                                                              terminal::harmless(part.id)));
    indent = "      ";
  }
  for (const report::DiffLine& line : report::unified(part.recorded, part.live)) {
    const std::string text =
        line.side == '.' ? "..."
                         : std::string(1, line.side) + " " + terminal::harmless(line.text, true);
    output.line(indent + output.paint(tone_of(line.side), text));
  }
}

void print(report::Output& output, const Object& object) {
  output.line(output.paint(object.change == '~' ? Tone::strong : tone_of(object.change),
                           std::string(1, object.change) + " " + terminal::harmless(object.id)));
  if (object.last.seq > 0)
    output.line(output.paint(Tone::dim, "    last touched by the " + object.last.action + " of " +
                                            object.last.revision + ", " +
                                            ledger::format_time(object.last.at)));
  for (const drift::ByHand& one : object.by_hand)
    output.line(output.paint(Tone::warning, "    by hand") + "  " + ledger::format_time(one.at) +
                "  " + terminal::harmless(one.who) + "  " + printable(one.statement));
  for (const Part& part : object.parts) print_part(output, object, part);
}

Json object_of(const Object& object) {
  Json json = {{"id", object.id}, {"change", std::string(1, object.change)}};
  for (const Part& part : object.parts)
    json["parts"].push_back({{"id", part.id},
                             {"change", std::string(1, part.change)},
                             {"recorded", part.recorded},
                             {"live", part.live}});
  if (object.last.seq > 0)
    json["last_touched"] = {{"seq", object.last.seq},
                            {"action", object.last.action},
                            {"revision", object.last.revision},
                            {"at", ledger::format_time(object.last.at)}};
  json["by_hand"] = Json::array();
  for (const drift::ByHand& one : object.by_hand)
    json["by_hand"].push_back({{"at", ledger::format_time(one.at)},
                               {"session_user", one.who},
                               {"statement", one.statement}});
  return json;
}

void require_nothing_pending(Session& session) {
  const revision::Graph& graph = session.project().graph();
  if (graph.missing(session.state().applied(), graph.heads()).empty()) return;
  throw Error(
      Exit::differences, "pending",
      "there are revisions that are not applied here, and the new one would come after them", "",
      "apply them first: steward upgrade");
}

void require_harmless(const diff::Script& script, bool allowed) {
  if (allowed || !script.destructive()) return;
  throw Error(Exit::refused, "destructive", "undoing the drift would destroy data", script.losses(),
              "steward drift --adopt keeps it; add --allow-destructive when the loss is meant");
}

RevisionScripts adopting(const proof::Change& change) {
  RevisionScripts scripts =
      revision_scripts(diff::to_text(change.upgrade), diff::to_text(change.downgrade), true);
  scripts.upgrade_section.options.transaction = change.upgrade_in_transaction;
  scripts.downgrade_section.options.transaction = change.downgrade_in_transaction;
  return scripts;
}

// A revision is run everywhere, a shadow included, and the drift is only here: where it is not,
// nothing is to be undone. Nor is it ever brought back.
RevisionScripts undoing(Session& session, const proof::Change& change,
                        const std::vector<Object>& objects) {
  if (!change.downgrade_in_transaction)
    throw Error(Exit::refused, "not_in_one_transaction",
                "what undoes the drift cannot run in one transaction, and so not only where it is",
                "", "steward drift --sql prints it; run it by hand under steward.break_glass");
  const std::string where = to_text(drift::fingerprints(session.connection(), objects));
  const std::string body =
      "\nBEGIN\n  -- Only where the drift is as it was found.\n"
      "  IF steward.has_objects(" +
      quote_literal(where) + ") THEN\n    EXECUTE " +
      ship::dollar_quoted("\n" + diff::to_text(change.downgrade)) + ";\n  END IF;\nEND\n";
  return revision_scripts("DO " + ship::dollar_quoted(body) + ";\n",
                          "-- Nothing: what was changed by hand is not brought back.\n", true);
}

void require_unmoved(Session& session, const Sides& sides) {
  if (sides.tally.empty() || drift::tally(session.connection()) == sides.tally) return;
  throw Error(Exit::locked, "schema_moved", "the schema was changed while it was compared", "",
              "run it again");
}

// What was written is taken back when the ledger cannot be told: a revision that is there and not
// stamped would be run on the database that has its changes.
void stamp(Session& session, const Written& written) {
  try {
    record(session, "stamp", {{written.id, true}}, {{"drift", "adopted"}});
  } catch (...) {
    std::filesystem::remove(written.path);
    throw;
  }
}

Written write(Session& session, const DriftOptions& options, const Sides& sides,
              const std::vector<Object>& objects) {
  const proof::Change change = proof::prove(*sides.shadow, sides.recorded, sides.live);
  if (options.revert) require_harmless(change.downgrade, options.allow_destructive);
  for (const std::string& warning : (options.adopt ? change.upgrade : change.downgrade).warnings)
    session.output().warning(warning);
  RevisionOptions revision;
  revision.message = !options.message.empty() ? options.message
                     : options.adopt          ? "Adopt what was changed by hand"
                                              : "Undo what was changed by hand";
  const RevisionScripts scripts =
      options.adopt ? adopting(change) : undoing(session, change, objects);
  require_unmoved(session, sides);
  const Written written = write_file(session, revision, chosen_parent(session, revision), scripts);
  if (options.adopt) stamp(session, written);
  return written;
}

void say_what_next(Session& session, const DriftOptions& options, const Written& written) {
  session.output().line(written.path.string());
  session.output().note(
      options.adopt ? "it counts as applied here; steward upgrade brings it to other databases"
                    : "steward upgrade undoes it here, and does nothing where the drift is not");
}

// Nothing was found: the next question costs a tally, where this role may say so.
void remember(Session& session, const Sides& sides) {
  if (!sides.tally.empty()) drift::remember(session.connection(), sides.tally);
}

}  // namespace

Exit drift(Session& session, const DriftOptions& options) {
  const Json uncompared = tell_uncompared(session, snapshot::uncompared(session.connection()));
  const auto none = [&] {
    session.output().say("no drift: the schema is what the revisions made");
    session.output().object({{"verb", "drift"},
                             {"differences", Json::array()},
                             {"objects", Json::array()},
                             {"not_compared", uncompared}});
    return Exit::done;
  };
  if (options.adopt || options.revert) require_nothing_pending(session);
  if (session.state().extension() && drift::state(session.connection()) == "unchanged") {
    plan::require_integrity(session.project(), session.state(), session.recorded());
    return none();
  }
  const Sides sides = read_sides(session);
  std::vector<Object> objects = drift::compare(sides.recorded, sides.live);
  if (objects.empty()) {
    remember(session, sides);
    return none();
  }
  if (session.state().extension()) drift::look_up(session.connection(), objects);
  Json json = {{"verb", "drift"},
               {"differences", diff::summary(sides.recorded, sides.live)},
               {"objects", Json::array()},
               {"not_compared", uncompared}};
  for (const Object& object : objects) {
    print(session.output(), object);
    json["objects"].push_back(object_of(object));
  }
  if (options.sql) {
    const std::string text = diff::to_text(diff::make(sides.live, sides.recorded));
    session.output().text(text);
    json["way_back"] = text;
  }
  Exit exit = Exit::differences;
  if (options.adopt || options.revert) {
    const Written written = write(session, options, sides, objects);
    say_what_next(session, options, written);
    json["revision"] = written.id;
    json["file"] = written.path.string();
    exit = Exit::done;
  }
  session.output().object(json);
  return exit;
}

}  // namespace steward::command
