#include "extension/bridge.h"

namespace steward::bridge {
namespace {

// What leaves the catch block. Fixed storage: between the end of the catch and ereport's longjmp
// nothing may own memory, and building it must not fail when the exception is std::bad_alloc.
struct Report {
  int sqlerrcode;
  char message[2048];
  char detail[4096];
  char hint[1024];
  bool hides_statement;
  ErrorData* original;
};
Report report;

template <std::size_t N>
void put(char (&to)[N], const char* from) noexcept {
  std::size_t length = std::strlen(from);
  if (length >= N)
    length = static_cast<std::size_t>(pg_mbcliplen(from, static_cast<int>(length), N - 1));
  std::memcpy(to, from, length);
  to[length] = '\0';
}

void fill(int sqlerrcode, const char* message, const char* detail, const char* hint) noexcept {
  report.sqlerrcode = sqlerrcode;
  report.hides_statement = false;
  report.original = nullptr;
  put(report.message, message);
  put(report.detail, detail);
  put(report.hint, hint);
}

int code_of(const Error& error) noexcept {
  const char* s = error.sqlstate();
  return MAKE_SQLSTATE(s[0], s[1], s[2], s[3], s[4]);
}

}  // namespace

// The one place in the tree that meets setjmp for C++ callers. Its frame, and every frame the
// server may jump over to reach it, holds no destructor.
ErrorData* run(Thunk thunk, void* argument) {
  MemoryContext context = CurrentMemoryContext;
  ErrorData* volatile error = nullptr;

  PG_TRY();
  { thunk(argument); }
  PG_CATCH();
  {
    MemoryContextSwitchTo(context);
    error = CopyErrorData();
    FlushErrorState();
  }
  PG_END_TRY();
  return error;
}

bool caught(Thunk thunk, void* argument) noexcept {
  try {
    thunk(argument);
    return false;
  } catch (const ServerError& error) {
    report.original = error.data();
  } catch (const Error& error) {
    fill(code_of(error), error.what(), error.detail().c_str(), error.hint().c_str());
    report.hides_statement = error.hides_statement();
  } catch (const std::bad_alloc&) {
    fill(ERRCODE_OUT_OF_MEMORY, "out of memory", "", "");
  } catch (const std::exception& error) {
    fill(ERRCODE_INTERNAL_ERROR, error.what(), "", "");
  } catch (...) {
    fill(ERRCODE_INTERNAL_ERROR, "unknown C++ exception", "", "");
  }
  return true;
}

void raise() {
  if (report.original) ReThrowError(report.original);
  ereport(ERROR, errcode(report.sqlerrcode), errmsg("%s", report.message),
          report.detail[0] ? errdetail("%s", report.detail) : 0,
          report.hint[0] ? errhint("%s", report.hint) : 0, errhidestmt(report.hides_statement),
          errhidecontext(report.hides_statement));
  pg_unreachable();
}

}  // namespace steward::bridge
