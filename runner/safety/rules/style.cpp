// Rules about how statements are written, and about those that this program's grammar cannot read.
#include <algorithm>
#include <array>

#include "runner/parser.h"
#include "runner/safety/rule.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::safety {
namespace {

bool is_unread(const Scene& scene) {
  return scene.is(What::unknown);
}

bool says(const Scene& scene, std::string_view words) {
  return lower(sql::squeezed(scene.statement.text)).find(words) != std::string::npos;
}

Verdict not_parsed(const Scene& scene) {
  if (!is_unread(scene)) return {};
  return Found{"",
               "the statement is not in the grammar of PostgreSQL " +
                   std::to_string(parser::version()) +
                   ", which this program reads: only its first words were looked at",
               "where the server is newer, look at its locks with upgrade --dry-run", ""};
}

// What newer servers take, by the release that began to.
struct Novelty {
  std::string_view words;
  int version;
};
constexpr std::array<Novelty, 4> novelties{
    {{"not enforced", 18}, {")virtual", 18}, {"set expression as", 17}, {"without overlaps", 18}}};

bool adds_not_null_constraint(const std::string& text) {
  const std::size_t at = text.find("add constraint ");
  return at != std::string::npos && text.find(" not null ", at) != std::string::npos &&
         text.ends_with("not valid") && text.find("check", at) == std::string::npos;
}

Verdict unsupported(const Scene& scene) {
  const int version = scene.known.server.version / 10000;
  if (!is_unread(scene) || version == 0) return {};
  const std::string text = lower(sql::squeezed(scene.statement.text));
  int needed = adds_not_null_constraint(text) ? 18 : 0;
  for (const Novelty& novelty : novelties)
    if (text.find(novelty.words) != std::string::npos) needed = std::max(needed, novelty.version);
  if (needed <= version) return {};
  return Found{"",
               "it needs PostgreSQL " + std::to_string(needed) + ", the server is " +
                   std::to_string(version),
               "write it as that release takes it", ""};
}

Verdict not_enforced(const Scene& scene) {
  if (!is_unread(scene) || !says(scene, "not enforced")) return {};
  return Found{"", "a constraint that is NOT ENFORCED keeps nothing out",
               "NOT VALID keeps new rows right, and can be validated later", ""};
}

bool is_named_plainly(const Scene& scene) {
  const Json& into = member(member(scene.node(), "into"), "rel");
  const Json& named = into.empty() ? member(scene.node(), "relation") : into;
  if (word(named, "relpersistence") == "t") return false;
  return !scene.relation().empty() && scene.relation().find('.') == std::string::npos &&
         scene.statement.text.find("public.") == std::string::npos;
}

Verdict unqualified(const Scene& scene) {
  if (!is_named_plainly(scene)) return {};
  return Found{scene.relation(), "which schema it is in depends on the search_path",
               "write the schema", "public." + quoted(scene.relation())};
}

Verdict search_path(const Scene& scene) {
  if (!scene.is(What::set_variable) || scene.action.object != "search_path") return {};
  return Found{"", "what the names below it mean depends on it",
               "write the schemas, or set search_path in steward.toml for all revisions", ""};
}

const char* better_type(const std::string& name) {
  static constexpr std::array<std::pair<std::string_view, const char*>, 8> table{
      {{"varchar", "text, with a CHECK where the length matters"},
       {"bpchar", "text"},
       {"timestamp", "timestamptz"},
       {"timetz", "timestamptz"},
       {"json", "jsonb"},
       {"money", "numeric"},
       {"int4", "bigint"},
       {"serial", "GENERATED ALWAYS AS IDENTITY"}}};
  for (const auto& [type, better] : table)
    if (name == type) return better;
  return nullptr;
}

const Json* poor_column(const Json& node) {
  if (node.contains("colname"))
    return better_type(type_in(member(node, "typeName")).name) != nullptr ? &node : nullptr;
  for (const Json& element : list(node, "tableElts"))
    if (element.contains("ColumnDef") &&
        better_type(type_in(member(element["ColumnDef"], "typeName")).name) != nullptr)
      return &element["ColumnDef"];
  return nullptr;
}

Verdict type_policy(const Scene& scene) {
  if (!scene.is(What::create_table) && !scene.is(What::add_column)) return {};
  const Json* column = poor_column(scene.node());
  if (column == nullptr) return {};
  const Type type = type_in(member(*column, "typeName"));
  return Found{scene.relation() + "." + word(*column, "colname"),
               "a new column of type " + written(type),
               std::string("prefer ") + better_type(type.name), ""};
}

constexpr Rule rules[] = {
    {"statement-not-parsed", Severity::note, true, false,
     "a statement that the grammar here does not know", &not_parsed},
    {"syntax-unsupported-on-target", Severity::error, true, false,
     "syntax that the server does not have", &unsupported},
    {"not-enforced", Severity::warning, true, false, "NOT ENFORCED", &not_enforced},
    {"unqualified-names", Severity::note, false, false, "a relation without its schema",
     &unqualified},
    {"search-path-dependent", Severity::note, false, false, "SET search_path", &search_path},
    {"type-policy", Severity::note, false, false, "a column type that the team does not want",
     &type_policy},
    {"allow-without-reason", Severity::error, true, false, "an allow without a reason"},
    {"allow-unknown-rule", Severity::error, true, false, "an allow for a rule there is none of"},
    {"allow-unused", Severity::warning, true, false, "an allow that matches nothing"},
};

}  // namespace

std::span<const Rule> style_rules() {
  return rules;
}

}  // namespace steward::safety
