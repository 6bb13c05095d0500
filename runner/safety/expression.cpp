#include "runner/safety/expression.h"

#include "runner/safety/tree.h"

namespace steward::safety {
namespace {

// The volatile functions that are common in defaults (pg_proc.provolatile = 'v', and the well-known
// extensions').
constexpr std::array<std::string_view, 17> volatile_functions{
    "clock_timestamp",  "timeofday",        "random",           "random_normal",
    "setval",           "nextval",          "currval",          "lastval",
    "gen_random_uuid",  "gen_random_bytes", "uuid_generate_v1", "uuid_generate_v1mc",
    "uuid_generate_v4", "uuidv4",           "uuidv7",           "txid_current",
    "pg_sleep"};
// These answer the same for every row of a statement.
constexpr std::array<std::string_view, 62> steady_functions{"now",
                                                            "transaction_timestamp",
                                                            "statement_timestamp",
                                                            "current_user",
                                                            "current_setting",
                                                            "current_database",
                                                            "timezone",
                                                            "to_char",
                                                            "to_date",
                                                            "to_timestamp",
                                                            "to_json",
                                                            "to_jsonb",
                                                            "to_tsvector",
                                                            "to_tsquery",
                                                            "date_trunc",
                                                            "date_part",
                                                            "extract",
                                                            "make_date",
                                                            "make_interval",
                                                            "make_timestamp",
                                                            "make_timestamptz",
                                                            "age",
                                                            "lower",
                                                            "upper",
                                                            "initcap",
                                                            "length",
                                                            "char_length",
                                                            "md5",
                                                            "sha256",
                                                            "encode",
                                                            "decode",
                                                            "concat",
                                                            "concat_ws",
                                                            "format",
                                                            "substr",
                                                            "substring",
                                                            "left",
                                                            "right",
                                                            "repeat",
                                                            "replace",
                                                            "btrim",
                                                            "ltrim",
                                                            "rtrim",
                                                            "lpad",
                                                            "rpad",
                                                            "abs",
                                                            "round",
                                                            "floor",
                                                            "ceil",
                                                            "array_fill",
                                                            "json_build_object",
                                                            "json_build_array",
                                                            "jsonb_build_object",
                                                            "jsonb_build_array",
                                                            "jsonb_object",
                                                            "json_object",
                                                            "point",
                                                            "numrange",
                                                            "int4range",
                                                            "tstzrange",
                                                            "daterange",
                                                            "string_to_array"};

// Calls visit for every node of the tree: its name and what it holds.
template <class Visit>
void each_node(const Json& tree, const Visit& visit) {
  if (tree.is_array())
    for (const Json& item : tree) each_node(item, visit);
  if (!tree.is_object()) return;
  for (const auto& [name, inner] : tree.items()) {
    if (inner.is_object()) visit(name, inner);
    each_node(inner, visit);
  }
}

std::string column_of(const Json& reference) {
  return last_word(list(member(reference, "ColumnRef"), "fields"));
}

}  // namespace

std::vector<std::string> words_of(const Json& strings) {
  std::vector<std::string> words;
  for (const Json& item : strings) {
    const Json& text = member(item, "String");
    words.push_back(text.value("sval", text.value("str", std::string{})));
  }
  return words;
}

std::string last_word(const Json& strings) {
  const std::vector<std::string> words = words_of(strings);
  return words.empty() ? std::string{} : words.back();
}

Volatility volatility_of(const std::string& function) {
  if (contains(volatile_functions, function)) return Volatility::volatile_;
  return contains(steady_functions, function) ? Volatility::stable : Volatility::unknown;
}

std::vector<std::string> functions_in(const Json& expression) {
  std::vector<std::string> names;
  each_node(expression, [&names](const std::string& name, const Json& inner) {
    if (name == "FuncCall") names.push_back(last_word(list(inner, "funcname")));
  });
  return names;
}

Volatility volatility_in(const Json& expression) {
  Volatility worst = Volatility::constant;
  each_node(expression, [&worst](const std::string& name, const Json& inner) {
    if (name == "FuncCall")
      worst = std::max(worst, volatility_of(last_word(list(inner, "funcname"))));
    if (name == "SQLValueFunction") worst = std::max(worst, Volatility::stable);
  });
  return worst;
}

std::vector<std::string> proven_not_null(const Json& expression) {
  const Json& test = member(expression, "NullTest");
  if (word(test, "nulltesttype") == "IS_NOT_NULL") return {column_of(member(test, "arg"))};
  const Json& junction = member(expression, "BoolExpr");
  std::vector<std::string> columns;
  if (word(junction, "boolop") != "AND_EXPR") return columns;
  for (const Json& part : list(junction, "args"))
    for (const std::string& column : proven_not_null(part)) columns.push_back(column);
  return columns;
}

std::vector<std::string> columns_in(const Json& expression) {
  std::vector<std::string> columns;
  each_node(expression, [&columns](const std::string& name, const Json& inner) {
    if (name == "ColumnRef") columns.push_back(last_word(list(inner, "fields")));
  });
  return columns;
}

}  // namespace steward::safety
