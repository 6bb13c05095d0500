// Bridge: the two crossings between PostgreSQL's longjmp and C++ exceptions.
//
//   enter(body)  server -> C++: body may throw; the server sees an ERROR.
//   call(body)   C++ -> server: body may ereport; the caller sees a ServerError.
//
// Between the two, every destructor runs. The rule that makes it true: a body given to call() owns
// nothing. It may name objects outside itself, never make one with a destructor: longjmp would skip
// it. Hooks, callbacks and SQL functions are all entered the same way.
#pragma once

#include "extension/error.h"
#include "extension/pg.h"

namespace steward {

// An ERROR the server raised inside call(), held until someone handles it or enter() gives it back
// unchanged. To handle it and go on needs a subtransaction around the call.
class ServerError : public std::exception {
 public:
  explicit ServerError(ErrorData* data) noexcept : data_(data) {}
  const char* what() const noexcept override { return data_->message; }
  ErrorData* data() const noexcept { return data_; }
  void hide_statement() noexcept { data_->hide_stmt = data_->hide_ctx = true; }

 private:
  ErrorData* data_;  // in the memory context that call() was made from
};

namespace bridge {
using Thunk = void (*)(void*);
// Runs thunk(argument) under PG_TRY. Null on success, else a copy of the ERROR.
ErrorData* run(Thunk thunk, void* argument);
// Runs thunk(argument); true when a C++ exception came out, which raise() then gives to the server.
bool caught(Thunk thunk, void* argument) noexcept;
[[noreturn]] void raise();
}  // namespace bridge

template <class Body>
auto call(Body body) {
  static_assert(std::is_trivially_destructible_v<Body>,
                "capture by reference: longjmp would skip this closure's members");
  using Result = std::invoke_result_t<Body&>;
  if constexpr (std::is_void_v<Result>) {
    struct Frame {
      Body& body;
      std::exception_ptr thrown;
    } frame{body, nullptr};
    ErrorData* error = bridge::run(
        [](void* argument) {
          auto& f = *static_cast<Frame*>(argument);
          try {
            f.body();
          } catch (...) {
            f.thrown = std::current_exception();
          }
        },
        &frame);
    if (error) throw ServerError(error);
    if (frame.thrown) std::rethrow_exception(frame.thrown);
  } else {
    static_assert(std::is_trivially_copyable_v<Result>, "return a Datum, a pointer or a number");
    Result result{};
    call([&] { result = body(); });
    return result;
  }
}

template <class Body>
auto enter(Body body) {
  static_assert(std::is_trivially_destructible_v<Body>,
                "capture by reference: raise() would skip this closure's members");
  using Result = std::invoke_result_t<Body&>;
  if constexpr (std::is_void_v<Result>) {
    if (bridge::caught([](void* b) { (*static_cast<Body*>(b))(); }, &body)) bridge::raise();
  } else {
    Result result{};
    enter([&] { result = body(); });
    return result;
  }
}

}  // namespace steward

// Defines a SQL-callable C++ function whose body may throw.
#define STEWARD_FUNCTION(name)                                                  \
  static Datum name##_body(FunctionCallInfo fcinfo);                            \
  extern "C" {                                                                  \
  PG_FUNCTION_INFO_V1(name);                                                    \
  PGDLLEXPORT Datum name(PG_FUNCTION_ARGS) {                                    \
    return steward::enter([fcinfo]() -> Datum { return name##_body(fcinfo); }); \
  }                                                                             \
  }                                                                             \
  static Datum name##_body([[maybe_unused]] FunctionCallInfo fcinfo)
