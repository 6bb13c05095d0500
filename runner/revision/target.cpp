#include "runner/revision/target.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "runner/error.h"
#include "runner/revision/walk.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

// [LABEL@][SYMBOL][+N|-N]
struct Target {
  std::string label;
  std::string symbol;
  std::optional<long> steps;
  bool from_current() const { return symbol.empty() && steps; }
};

[[noreturn]] void refuse_target(std::string_view text) {
  throw Error(Exit::usage, "bad_target", in_quotes(text) + " is not a target",
              "a target is head, heads, base, current, a revision, +N, -N, REVISION+N, "
              "LABEL@head, LABEL@REVISION or LABEL@+N");
}

long parse_steps(std::string_view text, std::string_view whole) {
  long steps = 0;
  std::string_view digits = text.substr(text.starts_with('+') ? 1 : 0);
  auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), steps);
  if (problem != std::errc() || end != digits.data() + digits.size()) refuse_target(whole);
  return steps;
}

Target parse_target(std::string_view text) {
  Target target;
  std::string_view rest = text;
  if (std::size_t at = rest.find('@'); at != std::string_view::npos) {
    target.label = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    if (target.label.empty()) refuse_target(text);
  }
  std::size_t sign = rest.find_first_of("+-");
  target.symbol = rest.substr(0, sign);
  if (sign != std::string_view::npos) target.steps = parse_steps(rest.substr(sign), text);
  if (target.symbol.empty() && !target.steps) refuse_target(text);
  return target;
}

// What a target means, given a graph and what is applied of it.
class Resolver {
 public:
  Resolver(const Graph& graph, const Applied& applied, const Target& target)
      : graph_(graph), applied_(applied), target_(target) {
    if (!target.label.empty()) branch_ = graph.lineage(carrier_of(target.label));
  }

  Ids all() const;
  std::string one() const;
  // Where a target without a symbol is counted from; empty: base.
  std::string start() const;
  const IdSet* branch() const { return branch_ ? &*branch_ : nullptr; }
  // Those on the target's branch, when it names one.
  Ids on_branch(Ids ids) const;

 private:
  std::string carrier_of(const std::string& label) const;
  std::string named(const std::string& text) const;
  std::string by_prefix(const std::string& text) const;
  Ids symbol() const;
  Ids current() const;
  [[noreturn]] void refuse_several(const Ids& ids) const;

  const Graph& graph_;
  const Applied& applied_;
  const Target& target_;
  std::optional<IdSet> branch_;
};

Ids Resolver::on_branch(Ids ids) const {
  if (branch_) std::erase_if(ids, [&](const std::string& id) { return branch_->count(id) == 0; });
  return ids;
}

std::string Resolver::carrier_of(const std::string& label) const {
  std::string carrier = graph_.labelled(label);
  if (!carrier.empty()) return carrier;
  if (graph_.contains(label)) return label;
  Ids candidates = graph_.with_prefix(label);
  if (candidates.size() == 1) return candidates.front();
  throw Error(Exit::graph, "unknown_revision", "there is no branch " + in_quotes(label), "",
              "see which there are: steward heads -v");
}

std::string Resolver::named(const std::string& text) const {
  std::string id = graph_.contains(text) ? text : graph_.labelled(text);
  if (id.empty()) id = by_prefix(text);
  if (branch_ && branch_->count(id) == 0)
    throw Error(Exit::graph, "unknown_revision",
                "revision " + in_quotes(id) + " is not on branch " + in_quotes(target_.label));
  return id;
}

std::string Resolver::by_prefix(const std::string& text) const {
  Ids candidates = on_branch(graph_.with_prefix(text));
  if (candidates.size() == 1) return candidates.front();
  if (candidates.empty())
    throw Error(Exit::graph, "unknown_revision", "there is no revision " + in_quotes(text), "",
                "see which there are: steward history");
  throw Error(Exit::graph, "ambiguous_revision", "several revisions begin with " + in_quotes(text),
              "they are " + joined(candidates), "type more of the one you mean");
}

// A branch that stands on a current revision of another counts as current down there.
Ids Resolver::current() const {
  if (!branch_) return graph_.free_tips(applied_);
  Applied there;
  for (const std::string& id : *branch_)
    if (applied_.count(id) > 0) there.insert(id);
  return graph_.tips(there);
}

Ids Resolver::symbol() const {
  const std::string& text = target_.symbol;
  if (text == "base") return {};
  if (text == "current") return branch_ ? current() : graph_.tips(applied_);
  if (text != "head" && text != "heads") return {named(text)};
  Ids heads = on_branch(graph_.heads());
  if (text == "head" && heads.size() > 1) refuse_several(heads);
  return heads;
}

void Resolver::refuse_several(const Ids& ids) const {
  if (target_.symbol == "current" || target_.symbol.empty())
    throw Error(Exit::graph, "multiple_heads", "several revisions are current: " + joined(ids), "",
                "name a revision, or a branch: LABEL@... or REVISION@...");
  std::string merge = "steward merge";
  for (const std::string& id : ids) merge += ' ' + id;
  throw Error(
      Exit::graph, "multiple_heads", "there are several heads: " + joined(ids), "",
      "heads for all of them, LABEL@head for one, or make one of them: steward rebase, or " +
          merge + " -m \"merge\"");
}

std::string Resolver::start() const {
  Ids ids = current();
  if (ids.size() > 1) refuse_several(ids);
  return ids.empty() ? "" : ids.front();
}

Ids Resolver::all() const {
  if (!target_.steps) return symbol();
  std::string id = Walk(graph_, branch())(target_.from_current() ? start() : one(), *target_.steps);
  return id.empty() ? Ids() : Ids{id};
}

// The one revision that the symbol names.
std::string Resolver::one() const {
  Ids ids = symbol();
  if (ids.size() > 1) refuse_several(ids);
  return ids.empty() ? "" : ids.front();
}

[[noreturn]] void refuse_direction(std::string_view target, const std::string& verb) {
  throw Error(Exit::usage, "wrong_direction",
              in_quotes(target) + " leads the other way: it is a target of " + verb, "",
              "steward " + verb + ' ' + std::string(target));
}

Ids only(Ids ids, const Applied& applied) {
  std::erase_if(ids, [&](const std::string& id) { return applied.count(id) == 0; });
  return ids;
}

// The last of the revisions that -N undoes: the one N - 1 steps below the newest. A merge is one
// step; what is below it is not told from here.
std::string lowest_undone(const Graph& graph, const Resolver& resolver, long steps) {
  std::string newest = resolver.start();
  if (newest.empty())
    throw Error(Exit::graph, "too_far", "there is nothing to undo: no revision is applied");
  std::string lowest = Walk(graph, resolver.branch())(newest, 1 - steps);
  if (lowest.empty())
    throw Error(Exit::graph, "too_far",
                std::to_string(steps) + " steps before " + in_quotes(newest) + " lead too far",
                "there are " + std::to_string(steps - 1));
  return lowest;
}

// The revisions right after a target, with which undoing down to it begins.
Ids first_undone(const Graph& graph, const Applied& applied, const Resolver& resolver,
                 const std::string& id) {
  if (!id.empty() && applied.count(id) == 0)
    throw Error(Exit::graph, "not_applied", "revision " + in_quotes(id) + " is not applied", "",
                "see what is: steward current");
  Ids roots = id.empty() ? graph.bases() : graph.children(id);
  return roots.size() > 1 ? resolver.on_branch(std::move(roots)) : roots;
}

}  // namespace

Ids upgrade_path(const Graph& graph, const Applied& applied, std::string_view text) {
  Target target = parse_target(text);
  if (target.from_current() && *target.steps < 0) refuse_direction(text, "downgrade");
  return graph.missing(applied, Resolver(graph, applied, target).all());
}

Ids downgrade_path(const Graph& graph, const Applied& applied, std::string_view text) {
  Target target = parse_target(text);
  Resolver resolver(graph, applied, target);
  if (target.symbol == "current" && !target.steps) return {};
  if (!target.from_current()) {
    std::string id = resolve_one(graph, applied, text);
    return only(graph.descendants(first_undone(graph, applied, resolver, id)), applied);
  }
  if (*target.steps > 0) refuse_direction(text, "upgrade");
  if (*target.steps == 0) return {};
  return only(graph.descendants({lowest_undone(graph, resolver, -*target.steps)}), applied);
}

std::string resolve_one(const Graph& graph, const Applied& applied, std::string_view text) {
  Target target = parse_target(text);
  Resolver resolver(graph, applied, target);
  if (!target.steps) return resolver.one();
  Ids ids = resolver.all();
  return ids.empty() ? "" : ids.front();
}

Ids resolve(const Graph& graph, const Applied& applied, std::string_view text) {
  Target target = parse_target(text);
  return Resolver(graph, applied, target).all();
}

}  // namespace steward::revision
