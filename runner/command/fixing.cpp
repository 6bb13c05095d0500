#include "runner/command/fixing.h"

#include <map>

#include "runner/command/listing.h"
#include "runner/command/safety.h"
#include "runner/revision/directory.h"
#include "runner/revision/rewrite.h"
#include "runner/safety/catalog.h"
#include "runner/safety/fix.h"
#include "runner/text.h"

namespace steward::command {
namespace {

namespace fs = std::filesystem;

revision::File follower(const revision::File& file, const safety::Part& part,
                        const std::string& parent) {
  revision::File made;
  made.id = revision::new_id();
  made.parents = {parent};
  made.message = part.message;
  made.created = utc_now();
  made.variables = file.variables;
  made.upgrade.options = file.upgrade.options;
  made.upgrade.options.transaction = part.transaction;
  made.downgrade.emplace().options = made.upgrade.options;
  if (part.back_outside) made.downgrade->options.transaction = false;
  return made;
}

class Fixes {
 public:
  explicit Fixes(Session& session) : session_(session) {}

  void run(const std::unordered_set<std::string>& chosen) {
    const plan::Project& project = session_.project();
    const revision::Applied applied =
        session_.names_database() ? session_.state().applied() : revision::Applied{};
    const safety::Settings settings = safety_settings(session_);
    std::vector<safety::Subject> subjects;
    const revision::Ids order = project.graph().order();
    for (const std::string& id : order)
      subjects.push_back(safety::subject_of(*project.find(id), settings));
    safety::Linter linter(settings, knowledge(subjects));
    std::vector<const safety::Subject*> before;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const revision::File& file = *project.find(order[i]);
      if (chosen.contains(file.id) && !applied.contains(file.id))
        fix(file, subjects[i], before, linter.known(), settings);
      before.push_back(&subjects[i]);
      // What a database was asked about has what is applied in it already.
      if (!asks() || !applied.contains(file.id)) linter.pass(subjects[i]);
    }
    put_children_behind();
  }

 private:
  bool asks() { return !session_.globals().url.empty(); }

  safety::Knowledge knowledge(const std::vector<safety::Subject>& subjects) {
    return asks() ? safety::ask(session_.connection(), subjects) : safety::Knowledge{};
  }

  void fix(const revision::File& file, const safety::Subject& subject,
           const std::vector<const safety::Subject*>& before, const safety::Knowledge& known,
           const safety::Settings& settings) {
    const auto found =
        safety::fix_for(file, revision::read_whole(file.path), subject, before, known, settings);
    if (!found) return;
    for (const std::string& line : found->left)
      session_.output().note(file.path.string() + ", " + line);
    if (found->done.empty()) return;
    std::string last = file.id;
    for (const safety::Part& part : found->parts) {
      const revision::File next = follower(file, part, last);
      const fs::path path = revision::write_new(
          session_.config().directory, next,
          revision::compose(next, part.upgrade + "\n",
                            part.downgrade.empty() ? "" : part.downgrade + "\n"));
      session_.output().say("made " + path.string());
      last = next.id;
    }
    revision::replace(file.path, found->text);
    if (last != file.id) last_of_[file.id] = last;
    session_.output().say("rewrote " + file.path.string() + ": " + joined(found->done));
  }

  void put_children_behind() {
    for (const revision::File& file : session_.project().files()) {
      std::vector<std::string> parents = file.parents;
      for (std::string& parent : parents)
        if (const auto moved = last_of_.find(parent); moved != last_of_.end())
          parent = moved->second;
      if (parents != file.parents)
        revision::replace(file.path,
                          revision::with_parents(revision::read_whole(file.path), parents));
    }
  }

  Session& session_;
  std::map<std::string, std::string> last_of_;  // a revision, and the last that now follows it
};

}  // namespace

void write_fixes(Session& session, const std::unordered_set<std::string>& chosen) {
  Fixes(session).run(chosen);
}

}  // namespace steward::command
