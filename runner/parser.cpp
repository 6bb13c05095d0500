#include "runner/parser.h"

#include <pg_query.h>

#include <memory>
#include <string>

namespace steward::parser {

namespace {

std::optional<Json> tree_of(std::string_view script) {
  PgQueryParseResult result = pg_query_parse(std::string(script).c_str());
  const std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)> owned(
      &result, [](PgQueryParseResult* done) { pg_query_free_parse_result(*done); });
  if (result.error != nullptr) return std::nullopt;
  Json tree = Json::parse(result.parse_tree, nullptr, false);
  if (!tree.is_object()) return std::nullopt;
  return tree;
}

}  // namespace

std::optional<Json> parse(std::string_view statement) {
  const std::optional<Json> tree = tree_of(statement);
  if (!tree || !tree->contains("stmts") || (*tree)["stmts"].size() != 1) return std::nullopt;
  return (*tree)["stmts"][0].value("stmt", Json());
}

std::optional<std::size_t> count(std::string_view script) {
  const std::optional<Json> tree = tree_of(script);
  if (!tree) return std::nullopt;
  return tree->contains("stmts") ? (*tree)["stmts"].size() : 0;
}

int version() {
  return PG_VERSION_NUM / 10000;
}

}  // namespace steward::parser
