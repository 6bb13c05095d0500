#include "runner/safety/fix.h"

#include <algorithm>

#include "runner/safety/swap.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

// The statements of a section as they stand there, comments and all; by number, the tail last.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  sql::Splitter splitter(sql::source_of(text), "");
  for (sql::Statement next; splitter.next(next);) pieces.push_back(next.text);
  return pieces;
}

bool names(const std::string& text, const std::string& name) {
  const std::string last = lower(name.substr(name.rfind('.') + 1));
  return !last.empty() && lower(text).find(last) != std::string::npos;
}

// Whether a later statement stands on what would then come after it.
bool is_needed_later(const Script& script, const Statement& statement,
                     const std::vector<const Statement*>& moved) {
  const Action& action = statement.actions.front();
  for (const Statement& other : script.statements) {
    if (other.number <= statement.number) continue;
    if (std::find(moved.begin(), moved.end(), &other) != moved.end()) continue;
    if (names(other.text, action.object) || names(other.text, action.relation)) return true;
  }
  return false;
}

std::string comments_above(const std::string& piece, const std::string& body) {
  const std::size_t at = piece.find(body);
  return at == std::string::npos ? "\n" : piece.substr(0, at);
}

class Fixer {
 public:
  Fixer(const revision::File& file, const std::string& text, const Subject& subject,
        const std::vector<const Subject*>& before)
      : file_(file),
        text_(text),
        subject_(subject),
        before_(before),
        upgrade_(pieces_of(section_text(file.upgrade))),
        downgrade_(file.downgrade ? pieces_of(section_text(*file.downgrade))
                                  : std::vector<std::string>{}) {}

  std::optional<Fix> run(Knowledge known, const Settings& settings) {
    if (!file_.upgrade.options.transaction || subject_.too_long || !file_.upgrade.plain ||
        (file_.downgrade && !file_.downgrade->plain))
      return {};
    find_remedies(std::move(known), settings);
    drop_those_needed_later();
    if (remedies_.empty()) return fix_.left.empty() ? std::nullopt : std::optional<Fix>(fix_);
    for (auto& [statement, remedy] : remedies_) apply(*statement, remedy);
    compose();
    return fix_;
  }

 private:
  std::string section_text(const revision::Section& section) const {
    return text_.substr(static_cast<std::size_t>(section.offset),
                        static_cast<std::size_t>(section.length));
  }

  bool is_allowed(const Statement& statement, const std::string& rule) const {
    const auto& allowed = subject_.upgrade.allowed;
    return std::any_of(allowed.begin(), allowed.end(), [&](const Allowed& one) {
      return one.rule == rule && !one.reason.empty() &&
             (one.statement == 0 || one.statement == statement.number);
    });
  }

  void find_remedies(Knowledge known, const Settings& settings) {
    const Script* downgrade = subject_.downgrade ? &*subject_.downgrade : nullptr;
    known.settle();
    for (const Statement& statement : subject_.upgrade.statements) {
      auto remedy = remedy_for(statement, downgrade, known);
      if (!remedy && is_rewrite(statement, known) && is_wanted(statement, swap_rule, settings))
        remedy = swap(statement, downgrade, known);
      for (const Action& action : statement.actions) known.apply(action);
      if (remedy && is_wanted(statement, remedy->rule, settings))
        remedies_.emplace_back(&statement, std::move(*remedy));
    }
  }

  static constexpr const char* swap_rule = "alter-column-type";

  bool is_wanted(const Statement& statement, const std::string& rule,
                 const Settings& settings) const {
    return settings.levels.of(*find_rule(rule)).has_value() && !is_allowed(statement, rule);
  }

  static bool is_rewrite(const Statement& statement, const Knowledge& known) {
    return std::any_of(
        statement.actions.begin(), statement.actions.end(), [&](const Action& action) {
          return action.what == What::alter_type && !known.is_new_or_empty(action.relation) &&
                 type_change(action, known) >= Change::unknown;
        });
  }

  void leave(const Statement& statement, const std::string& why) {
    fix_.left.push_back("line " + std::to_string(statement.line) + ": " + why);
  }

  std::optional<Remedy> swap(const Statement& statement, const Script* downgrade,
                             const Knowledge& known) {
    const Action& action = statement.actions.front();
    const bool is_second = std::any_of(remedies_.begin(), remedies_.end(), [&](const auto& other) {
      return other.first->actions.front().what == What::alter_type &&
             other.first->actions.front().relation == action.relation;
    });
    if (is_second) {
      leave(statement, "another column of the table changes its type above: give it a revision");
      return {};
    }
    if (type_change(action, known) == Change::narrows) {
      leave(statement, "values may not fit the new type: look at them first");
      return {};
    }
    auto made =
        swap_for(statement, downgrade, standing_on(action.relation, action.object, before_), known);
    if (Remedy* remedy = std::get_if<Remedy>(&made)) return std::move(*remedy);
    leave(statement, std::get<std::string>(made));
    return {};
  }

  // From the last to the first: what is itself moved stands in nobody's way.
  void drop_those_needed_later() {
    std::vector<const Statement*> moved;
    for (auto at = remedies_.rbegin(); at != remedies_.rend(); ++at) {
      if (is_needed_later(subject_.upgrade, *at->first, moved))
        leave(*at->first, "a later statement of the revision stands on it");
      else
        moved.push_back(at->first);
    }
    std::erase_if(remedies_, [&](const auto& one) {
      return std::find(moved.begin(), moved.end(), one.first) == moved.end();
    });
  }

  void apply(const Statement& statement, const Remedy& remedy) {
    std::string& piece = upgrade_[static_cast<std::size_t>(statement.number - 1)];
    piece =
        remedy.instead.empty() ? "" : comments_above(piece, statement.text) + remedy.instead + ";";
    fix_.parts.insert(fix_.parts.end(), remedy.parts.begin(), remedy.parts.end());
    fix_.done.push_back(remedy.rule);
    if (!remedy.undo_first.empty()) undo_first_ += remedy.undo_first + "\n";
    if (!remedy.undone_later.empty()) take_from_downgrade(remedy.undone_later);
    if (remedy.undone > 0) downgrade_[static_cast<std::size_t>(remedy.undone - 1)].clear();
  }

  // The statement of the downgrade that makes or drops just this.
  void take_from_downgrade(const std::string& object) {
    if (!subject_.downgrade) return;
    for (const Statement& back : subject_.downgrade->statements) {
      const Action& action = back.actions.front();
      const bool about = action.what == What::drop_index || action.what == What::create_index ||
                         action.what == What::drop_constraint;
      if (back.actions.size() == 1 && about && action.object == object)
        downgrade_[static_cast<std::size_t>(back.number - 1)].clear();
    }
  }

  static std::string joined(const std::vector<std::string>& pieces) {
    std::string text;
    for (const std::string& piece : pieces) text += piece;
    return trim(text).empty() ? "" : std::string(trim(text)) + "\n";
  }

  static bool holds_nothing(const std::string& text) {
    sql::Splitter splitter(sql::source_of(text), "");
    for (sql::Statement next; splitter.next(next);)
      if (next.number > 0) return false;
    return true;
  }

  void replace_section(const revision::Section& section, const std::string& body) {
    std::string whole = body;
    if (section.offset + section.length < fix_.text.size()) whole += "\n";
    fix_.text.replace(static_cast<std::size_t>(section.offset),
                      static_cast<std::size_t>(section.length), whole);
  }

  // The marker above a section, which now runs outside a transaction.
  void mark_outside(const revision::Section& section) {
    const std::size_t end = static_cast<std::size_t>(section.offset) - 1;
    fix_.text.insert(end > 0 && fix_.text[end - 1] == '\r' ? end - 1 : end, " transaction=off");
  }

  void compose() {
    std::string up = joined(upgrade_), down = undo_first_ + joined(downgrade_);
    bool outside = false;
    if (holds_nothing(up) && !fix_.parts.empty()) {
      // Nothing is left of it: the first of the parts takes its place.
      const Part first = fix_.parts.front();
      fix_.parts.erase(fix_.parts.begin());
      up += first.upgrade + "\n";
      down = (first.downgrade.empty() ? "" : first.downgrade + "\n") + down;
      outside = !first.transaction;
    }
    fix_.text = text_;
    // From the end, so that the offsets of what stands before stay right.
    const bool down_last = file_.downgrade && file_.downgrade->offset > file_.upgrade.offset;
    const auto put = [&](const revision::Section& section, const std::string& body) {
      replace_section(section, body);
      if (outside) mark_outside(section);
    };
    if (down_last) put(*file_.downgrade, down);
    put(file_.upgrade, up);
    if (file_.downgrade && !down_last) put(*file_.downgrade, down);
  }

  const revision::File& file_;
  const std::string& text_;
  const Subject& subject_;
  const std::vector<const Subject*>& before_;
  std::vector<std::string> upgrade_;
  std::vector<std::string> downgrade_;
  std::vector<std::pair<const Statement*, Remedy>> remedies_;
  std::string undo_first_;
  Fix fix_;
};

}  // namespace

std::optional<Fix> fix_for(const revision::File& file, const std::string& text,
                           const Subject& subject, const std::vector<const Subject*>& before,
                           const Knowledge& known, const Settings& settings) {
  return Fixer(file, text, subject, before).run(known, settings);
}

}  // namespace steward::safety
