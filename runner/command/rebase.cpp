#include "runner/command/rebase.h"

#include <algorithm>
#include <tuple>

#include "runner/command/listing.h"
#include "runner/revision/rewrite.h"
#include "runner/revision/target.h"

namespace steward::command {
namespace {

using revision::Ids;

struct Move {
  std::string id;
  Ids parents;
};

revision::Applied applied(Session& session) {
  return session.names_database() ? session.state().applied() : revision::Applied{};
}

// Which was there first: what is applied, then by the day they were written.
void sort_heads(const plan::Project& project, const revision::Applied& there, Ids& heads) {
  std::stable_sort(heads.begin(), heads.end(), [&](const std::string& a, const std::string& b) {
    const auto rank = [&](const std::string& id) {
      return std::make_tuple(!there.contains(id), project.find(id)->created, id);
    };
    return rank(a) < rank(b);
  });
}

bool has(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

Error cannot_move(const std::string& id, const Ids& heads) {
  return Error(Exit::refused, "already_applied",
               "revision \"" + id + "\" is applied and cannot be moved",
               "both branches are in the database",
               "join them instead: steward merge " + joined(heads) + " -m \"merge\"");
}

// What only this head stands on, put behind `onto`: its roots revise that, and what lies behind it
// already is no parent any more.
std::vector<Move> moves_of(const plan::Project& project, const revision::Applied& there,
                           const std::string& head, const std::string& onto) {
  const revision::Graph& graph = project.graph();
  const Ids behind = graph.ancestors({onto});
  Ids moving = graph.ancestors({head});
  std::erase_if(moving, [&](const std::string& id) { return has(behind, id); });
  std::vector<Move> moves;
  for (const std::string& id : moving) {
    if (there.contains(id)) throw cannot_move(id, {onto, head});
    Ids parents = project.find(id)->parents;
    const std::size_t before = parents.size();
    std::erase_if(parents, [&](const std::string& parent) { return has(behind, parent); });
    if (parents.size() == before && before > 0) continue;
    if (parents.empty()) parents.push_back(onto);
    moves.push_back({id, parents});
  }
  return moves;
}

void rewrite(const plan::Project& project, const std::vector<Move>& moves) {
  for (const Move& move : moves) {
    const std::filesystem::path& path = project.find(move.id)->path;
    revision::replace(path, revision::with_parents(revision::read_whole(path), move.parents));
  }
}

}  // namespace

Exit rebase(Session& session, const RebaseOptions& options) {
  const plan::Project& project = session.project();
  const revision::Applied there = applied(session);
  Ids heads = project.graph().heads();
  sort_heads(project, there, heads);
  if (!options.onto.empty()) {
    const std::string chosen = revision::resolve_one(project.graph(), there, options.onto);
    if (!has(heads, chosen))
      throw Error(Exit::graph, "not_a_head", "revision \"" + chosen + "\" is not a head",
                  "the heads are " + joined(heads), "steward rebase --onto " + heads.front());
    std::stable_partition(heads.begin(), heads.end(),
                          [&](const std::string& id) { return id == chosen; });
  }
  std::vector<Move> moves;
  for (std::size_t i = 1; i < heads.size(); ++i)
    for (Move& move : moves_of(project, there, heads[i], heads[i - 1]))
      if (!std::any_of(moves.begin(), moves.end(),
                       [&](const Move& known) { return known.id == move.id; }))
        moves.push_back(std::move(move));
  rewrite(project, moves);
  report::Output& output = session.output();
  Json list = Json::array();
  for (const Move& move : moves) {
    output.line(move.id + " revises " + joined(move.parents) + " now");
    list.push_back({{"revision", move.id}, {"parents", move.parents}});
  }
  if (moves.empty()) output.say("nothing to do: there is one head");
  output.object({{"verb", "rebase"}, {"moved", list}});
  return Exit::done;
}

}  // namespace steward::command
