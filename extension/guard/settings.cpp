#include "extension/guard/settings.h"

namespace steward::guard {
namespace {

constexpr char mode_name[] = "steward.guard";
constexpr char reason_name[] = "steward.break_glass";

const config_enum_entry modes[] = {{"off", static_cast<int>(Mode::off), false},
                                   {"warn", static_cast<int>(Mode::warn), false},
                                   {"enforce", static_cast<int>(Mode::enforce), false},
                                   {nullptr, 0, false}};

int current_mode = static_cast<int>(Mode::off);
char* break_glass = nullptr;

bool is_local() noexcept {
  const config_generic* setting = pg::find_setting(reason_name);
  const GucStack* set = setting ? setting->stack : nullptr;
  return set && (set->state == GUC_LOCAL || set->state == GUC_SET_LOCAL);
}

std::string_view given() noexcept {
  std::string_view text = break_glass ? break_glass : "";
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos ? std::string_view() : text;
}

// Before the library is loaded a connection's options may say anything. What the client had no
// right to say is dropped when the setting becomes known, and with it what it stood in the place
// of: the database's own. The server refuses such a connection for its own settings, and so do we.
bool is_said_by_client() noexcept {
  const config_generic* setting = pg::find_setting(mode_name);
  return setting && setting->source == PGC_S_CLIENT && setting->scontext == PGC_BACKEND;
}

bool is_kept() noexcept {
  return pg::find_setting(mode_name)->source == PGC_S_CLIENT;
}

void define_mode() {
  DefineCustomEnumVariable(
      mode_name, "What is done about DDL that does not come as a revision.",
      "off: nothing; warn: it is recorded in the ledger; enforce: it is refused.", &current_mode,
      static_cast<int>(Mode::off), modes, PGC_SUSET, 0, nullptr, nullptr, nullptr);
}

}  // namespace

void define_settings() {
  bool said = is_said_by_client();
  call([] { define_mode(); });
  if (said && !is_kept())
    throw Error("42501", "permission denied to set parameter \"steward.guard\"", "",
                "Take it out of the connection's options (PGOPTIONS).");
  DefineCustomStringVariable(reason_name,
                             "Why DDL by hand is let through in this transaction, on the record.",
                             "Only SET LOCAL, in a transaction, counts.", &break_glass, "",
                             PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

Mode mode() noexcept {
  return static_cast<Mode>(current_mode);
}

std::string_view reason() noexcept {
  return is_local() ? given() : std::string_view();
}

bool has_lasting_reason() noexcept {
  return !given().empty() && !is_local();
}

}  // namespace steward::guard
