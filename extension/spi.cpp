#include "extension/spi.h"

namespace steward {

Spi::Spi() {
  if (call([] { return SPI_connect(); }) != SPI_OK_CONNECT)
    throw Error("XX000", "could not connect to SPI");
}

Spi::~Spi() {
  if (std::uncaught_exceptions() == in_flight_) SPI_finish();
}

std::uint64_t Statement::execute(Datum* values, const char* nulls) {
  int status = call([&] {
    if (!plan) {
      SPIPlanPtr fresh = SPI_prepare(sql, arguments, types);
      if (!fresh) return SPI_result;
      SPI_keepplan(fresh);
      plan = fresh;
    }
    return SPI_execute_plan(plan, values, nulls, false, 0);
  });
  if (status < 0)
    throw Error("XX000", std::string("SPI refused a statement: ") + SPI_result_code_string(status));
  return SPI_processed;
}

std::optional<std::string> first_text(int column) {
  char* value = call([&] {
    return SPI_processed ? SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column)
                         : nullptr;
  });
  if (!value) return std::nullopt;
  return value;
}

Datum first_datum(int column, bool by_value, int length) {
  return call([&] {
    bool null = false;
    Datum value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, &null);
    return SPI_datumTransfer(value, by_value, length);
  });
}

ActAs::ActAs(Oid role) {
  GetUserIdAndSecContext(&role_, &context_);
  SetUserIdAndSecContext(role, context_ | SECURITY_LOCAL_USERID_CHANGE);
}

ActAs::~ActAs() {
  SetUserIdAndSecContext(role_, context_);
}

Datum text_datum(std::string_view text) {
  return call([&] {
    return PointerGetDatum(cstring_to_text_with_len(text.data(), static_cast<int>(text.size())));
  });
}

}  // namespace steward
