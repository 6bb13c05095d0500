#include "runner/parser.h"

#include <pg_query.h>

#include <memory>
#include <string>

namespace steward::parser {

std::optional<Json> parse(std::string_view statement) {
  PgQueryParseResult result = pg_query_parse(std::string(statement).c_str());
  const std::unique_ptr<PgQueryParseResult, void (*)(PgQueryParseResult*)> owned(
      &result, [](PgQueryParseResult* done) { pg_query_free_parse_result(*done); });
  if (result.error != nullptr) return std::nullopt;
  const Json tree = Json::parse(result.parse_tree, nullptr, false);
  if (!tree.is_object() || !tree.contains("stmts") || tree["stmts"].size() != 1)
    return std::nullopt;
  return tree["stmts"][0].value("stmt", Json());
}

int version() {
  return PG_VERSION_NUM / 10000;
}

}  // namespace steward::parser
