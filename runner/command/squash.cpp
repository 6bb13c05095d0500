#include "runner/command/squash.h"

#include <algorithm>
#include <filesystem>

#include "runner/command/listing.h"
#include "runner/command/schema.h"
#include "runner/diff.h"
#include "runner/revision/directory.h"
#include "runner/revision/rewrite.h"
#include "runner/squash/parts.h"
#include "runner/squash/script.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;
using squash::Members;
using squash::Squashed;
using steward::squash::kept_in;

// A part with what becomes of it.
struct Made {
  Members old;
  Squashed whole;
};

std::vector<Made> make(const std::vector<squash::Part>& parts, const std::string& message) {
  std::vector<Made> made;
  for (const squash::Part& part : parts)
    if (part.members.size() > 1)
      made.push_back({part.members, squash::squashed(part.members, message)});
  return made;
}

// All revisions as they will be. Reading them anew shows that what was composed is a revision.
std::vector<revision::File> files_after(const plan::Project& project,
                                        const std::vector<Made>& made) {
  std::vector<revision::File> files = project.files();
  for (const Made& one : made) {
    std::erase_if(files, [&](const revision::File& file) {
      return std::any_of(one.old.begin(), one.old.end(),
                         [&](const revision::File* old) { return old->id == file.id; });
    });
    auto text = std::make_shared<const std::string>(one.whole.text);
    files.push_back(revision::parse(*text, one.whole.file.path));
    files.back().copy = std::move(text);
  }
  return files;
}

// What the revisions up to the last make, and what is left of it once those of the range are undone
// again, as far as they can be.
struct Schemas {
  snapshot::Snapshot there;
  std::optional<snapshot::Snapshot> back;
};

Schemas schemas_of(Session& session, const url::Target& server, const plan::Project& project,
                   const std::string& last, const revision::Ids& range) {
  const std::unique_ptr<shadow::Shadow> made = new_shadow(session, server);
  shadow::Shadow& shadow = *made;
  for (const plan::Step& step : plan::upgrade(project, {}, last).steps) shadow.step(step);
  Schemas schemas{snapshot::read(shadow.connection()), std::nullopt};
  std::vector<const revision::File*> files;
  for (auto id = range.rbegin(); id != range.rend(); ++id)
    if (const revision::File* file = project.find(*id)) files.push_back(file);
  if (!std::ranges::all_of(files, [](const auto* file) { return file->downgrade.has_value(); }))
    return schemas;
  for (const revision::File* file : files) shadow.step({file, plan::Direction::downgrade});
  schemas.back = snapshot::read(shadow.connection());
  return schemas;
}

void require_same(const snapshot::Snapshot& old, const snapshot::Snapshot& now,
                  const std::string& where) {
  if (old.fingerprint() == now.fingerprint()) return;
  throw Error(Exit::refused, "not_proved",
              "the squashed revision does not make the schema that the row makes" + where,
              joined(diff::summary(old, now), "\n"),
              "squash less: a script depends on being in a transaction of its own");
}

void prove(Session& session, const std::vector<Made>& made, const Members& line) {
  const url::Target server = shadow_server(session);
  revision::Ids range;
  for (const revision::File* file : line) range.push_back(file->id);
  const plan::Project after(files_after(session.project(), made));
  const Schemas old = schemas_of(session, server, session.project(), range.back(), range);
  const Schemas now = schemas_of(session, server, after, range.back(), range);
  require_same(old.there, now.there, "");
  if (old.back && now.back) require_same(*old.back, *now.back, ", undone again");
}

// Copies: whatever stops us later, no old file is lost. One that is there already must be the same.
void keep_old(const Made& made) {
  const fs::path folder = kept_in(made.whole.file);
  fs::create_directories(folder);
  for (const revision::File* file : made.old) {
    const fs::path copy = folder / file->path.filename();
    const std::string text = revision::read_whole(file->path);
    if (!fs::exists(copy))
      revision::write_out(copy, text, 0666);
    else if (revision::read_whole(copy) != text)
      throw Error(Exit::usage, "file_exists",
                  "file \"" + copy.string() + "\" exists already, and is another", "",
                  "move it away: it is not what is squashed now");
  }
}

// The last one's file becomes the squashed one in one go; stopped before the others are gone, the
// directory is refused until they are (replaced_revision).
void write(const Made& made) {
  keep_old(made);
  revision::replace(made.whole.file.path, made.whole.text);
  for (const revision::File* file : made.old)
    if (file->id != made.whole.file.id) fs::remove(file->path);
}

Json object_of(const Made& made) {
  return {{"revision", made.whole.file.id},
          {"file", made.whole.file.path.string()},
          {"replaces", made.whole.file.replaces},
          {"kept", kept_in(made.whole.file).string()}};
}

void report(Session& session, const std::vector<Made>& made, const std::vector<squash::Part>& parts,
            bool proved) {
  report::Output& output = session.output();
  Json list = Json::array(), notes = Json::array(), left = Json::array();
  for (const squash::Part& part : parts)
    if (part.members.size() == 1) {
      left.push_back(part.members.front()->id);
      output.note(part.members.front()->id + " stays as it is" +
                  (part.obstacle.why.empty() ? "" : ": " + part.obstacle.why));
    }
  for (const Made& one : made) {
    for (const std::string& note : one.whole.notes) {
      notes.push_back(note);
      output.note(note);
    }
    list.push_back(object_of(one));
    output.line(one.whole.file.path.string());
    output.say("replaces " + counted(one.whole.file.replaces.size(), "revision") +
               ", whose files are kept in " + kept_in(one.whole.file).string());
  }
  if (!proved) output.note("nobody tried whether it makes the same schema");
  output.object({{"verb", "squash"},
                 {"squashed", list},
                 {"left", left},
                 {"notes", notes},
                 {"proved", proved}});
}

}  // namespace

Exit squash(Session& session, const SquashOptions& options) {
  const Members line = squash::line_of(session.project(), options.range);
  const std::vector<squash::Part> parts = squash::parts_of(line);
  if (!options.split) squash::require_one(parts);
  const std::vector<Made> made = make(parts, options.message);
  if (made.empty()) squash::require_one(parts);
  plan::Project(files_after(session.project(), made));
  if (!options.no_proof) prove(session, made, line);
  for (const Made& one : made) write(one);
  report(session, made, parts, !options.no_proof);
  return Exit::done;
}

}  // namespace steward::command
