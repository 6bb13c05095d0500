#include "runner/pg/results.h"

#include <cstdlib>

namespace steward::pg {
namespace {

std::string field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  return value == nullptr ? std::string{} : std::string{value};
}

void append_row(const PGresult* result, Rows& rows) {
  for (int row = 0; row < PQntuples(result); ++row) {
    if (rows.size() >= row_limit) return;
    for (int column = 0; column < PQnfields(result); ++column) {
      const auto size = static_cast<std::size_t>(PQgetlength(result, row, column));
      const std::string_view value(PQgetvalue(result, row, column), size);
      rows.add(PQgetisnull(result, row, column) ? std::nullopt : std::optional(value));
    }
  }
}

Rows empty_rows(const PGresult* result) {
  std::vector<std::string> columns;
  for (int i = 0; i < PQnfields(result); ++i) columns.emplace_back(PQfname(result, i));
  return Rows(std::move(columns));
}

using Line = std::unique_ptr<char, decltype(&PQfreemem)>;

// Reads what a COPY ... TO STDOUT sends.
void take_copy_data(PGconn* raw, const std::function<void(std::string_view)>& copied) {
  char* next = nullptr;
  for (int size = 0; (size = PQgetCopyData(raw, &next, 0)) > 0;) {
    const Line line(next, &PQfreemem);
    if (copied) copied({line.get(), static_cast<std::size_t>(size)});
  }
}

Result result_of_kind(Result::Kind kind) {
  Result result;
  result.kind = kind;
  return result;
}

// The rest of a result whose first row has come.
Result collect_rows(PGconn* raw, ResultHandle row) {
  Result result = result_of_kind(Result::Kind::rows);
  result.rows = empty_rows(row.get());
  while (row && PQresultStatus(row.get()) == PGRES_SINGLE_TUPLE) {
    append_row(row.get(), result.rows);
    row.reset(PQgetResult(raw));
  }
  if (row && PQresultStatus(row.get()) == PGRES_TUPLES_OK) {
    result.tag = PQcmdStatus(row.get());
    return result;
  }
  result.kind = Result::Kind::error;
  if (row) result.failure = failure_of(row.get());
  return result;
}

Result command_result(const PGresult* handle) {
  Result result;
  result.tag = PQcmdStatus(const_cast<PGresult*>(handle));
  return result;
}

Result error_result(const PGresult* handle) {
  Result result = result_of_kind(Result::Kind::error);
  result.failure = failure_of(handle);
  return result;
}

}  // namespace

Failure failure_of(const PGresult* result) {
  Failure failure;
  failure.sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (failure.sqlstate.empty()) return parse_message(PQresultErrorMessage(result));  // libpq's own
  failure.severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  failure.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  failure.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  failure.hint = field(result, PG_DIAG_MESSAGE_HINT);
  failure.context = field(result, PG_DIAG_CONTEXT);
  failure.position = std::atol(field(result, PG_DIAG_STATEMENT_POSITION).c_str());
  failure.schema = field(result, PG_DIAG_SCHEMA_NAME);
  failure.table = field(result, PG_DIAG_TABLE_NAME);
  failure.column = field(result, PG_DIAG_COLUMN_NAME);
  failure.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  return failure;
}

bool ends_session(const Failure& failure) {
  return failure.severity == "FATAL" || failure.severity == "PANIC";
}

std::optional<Result> take_result(PGconn* raw,
                                  const std::function<void(std::string_view)>& copied) {
  ResultHandle handle(PQgetResult(raw), &PQclear);
  if (!handle) return std::nullopt;
  switch (PQresultStatus(handle.get())) {
    case PGRES_COPY_IN:
      return result_of_kind(Result::Kind::copy_in);
    case PGRES_COPY_OUT:
      take_copy_data(raw, copied);
      return result_of_kind(Result::Kind::copy_out);
    case PGRES_SINGLE_TUPLE:
    case PGRES_TUPLES_OK:
      return collect_rows(raw, std::move(handle));
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
      return command_result(handle.get());
    default:
      return error_result(handle.get());
  }
}

}  // namespace steward::pg
