#include "runner/ship/script.h"

#include "runner/json.h"
#include "runner/recall.h"
#include "runner/text.h"

namespace steward::ship {
namespace {

std::string choose(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

// A script that is small enough goes with begin_step; a larger one follows in pieces.
// A copy out of the ledger is there already.
void add_script(Json& step, const revision::File& file, const revision::Section& section,
                const char* name) {
  step[std::string(name) + "_checksum"] = section.checksum;
  if (!file.copy && section.length <= inline_limit) step[name] = planned_text(file, section);
}

Json describe(const plan::Step& step, const std::string& run, const Settings& settings) {
  const revision::File& file = *step.file;
  Json entry = {{"run", run},
                {"runner", "steward " STEWARD_VERSION},
                {"revision", file.id},
                {"direction", plan::name_of(step.direction)},
                {"parents", file.parents},
                {"depends_on", file.depends_on},
                {"labels", file.labels},
                {"message", file.message},
                {"file", file.path.string()}};
  add_script(entry, file, file.upgrade, "upgrade");
  if (file.downgrade) add_script(entry, file, *file.downgrade, "downgrade");
  if (const Json detail = recall::remembered(file, variables::values_for(file, settings.variables));
      !detail.is_null())
    entry["detail"] = detail;
  return entry;
}

// Whole characters only: a piece must be valid UTF-8 by itself.
std::size_t whole_characters(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text.size();
  while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
  return limit;
}

}  // namespace

const std::string reset_session = "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL;\n";

Error file_changed(const revision::File& file) {
  return Error(Exit::integrity, "file_changed",
               "file " + file.path.string() + " changed while it was being shipped", "",
               "Run it again when nobody edits it.");
}

std::string planned_text(const revision::File& file, const revision::Section& section) {
  std::string text = revision::text(file, section);
  Sha256 sum;
  sum.update(text);
  if (sum.hex() != section.checksum) throw file_changed(file);
  return text;
}

bool each_piece(const revision::File& file, const revision::Section& section,
                const std::function<bool(std::string_view)>& take) {
  revision::Reader reader(file, section);
  std::string pending;
  std::vector<char> buffer(64 * 1024);
  const auto give = [&] {
    const std::size_t size = whole_characters(pending, inline_limit);
    const bool taken = take(std::string_view(pending).substr(0, size));
    pending.erase(0, size);
    return taken;
  };
  while (const std::size_t count = reader.read(buffer.data(), buffer.size())) {
    pending.append(buffer.data(), count);
    while (pending.size() > 2 * inline_limit)
      if (!give()) return false;
  }
  while (!pending.empty())
    if (!give()) return false;
  return true;
}

std::string dollar_quoted(std::string_view text) {
  std::string tag = "$steward$";
  for (int n = 1; text.find(tag) != std::string_view::npos; ++n)
    tag = "$steward" + std::to_string(n) + "$";
  return tag + std::string(text) + tag;
}

Script::Script(std::string run, Settings settings)
    : run_(std::move(run)), settings_(std::move(settings)) {}

std::string Script::text(const revision::File& file, const revision::Section& section) const {
  return variables::filled(planned_text(file, section),
                           variables::values_for(file, settings_.variables));
}

sql::Source Script::filling(const revision::File& file, sql::Source source) const {
  return variables::filling(std::move(source), variables::values_for(file, settings_.variables));
}

std::string Script::label(std::string_view what) const {
  return "steward " + std::string(what) + " " + run_;
}

std::string Script::prelude(const plan::Step& step) const {
  const revision::Options& own = section_of(step).options;
  return set_all("SET LOCAL ", choose(own.lock_timeout, settings_.lock_timeout), own, "true");
}

std::string Script::session_prelude(const plan::Step& step) const {
  const revision::Options& own = section_of(step).options;
  return set_all("SET ", choose(own.lock_timeout, "0"), own, "false");
}

std::string Script::set_all(const std::string& set, const std::string& lock_timeout,
                            const revision::Options& own, const std::string& local) const {
  std::string text = set + "lock_timeout = " + quote_literal(lock_timeout) + ";\n" + set +
                     "statement_timeout = " +
                     quote_literal(choose(own.statement_timeout, settings_.statement_timeout)) +
                     ";\n" + set + "idle_in_transaction_session_timeout = 0;\n" + set +
                     "client_connection_check_interval = '1s';\n" + set + "row_security = off;\n";
  if (settings_.server_version >= 170000) text += set + "transaction_timeout = 0;\n";
  if (!settings_.search_path.empty())
    text += "SELECT pg_catalog.set_config('search_path', " + quote_literal(settings_.search_path) +
            ", " + local + ");\n";
  std::string role = choose(own.role, settings_.role);
  if (!role.empty()) text += set + "ROLE " + quote_identifier(role) + ";\n";
  return text;
}

std::string Script::begin(const plan::Step& step) const {
  Json entry = describe(step, run_, settings_);
  entry["expected"] = step.expected;
  entry["line"] = section_of(step).line;
  entry["progress"] = true;
  entry["transactional"] = section_of(step).options.transaction;
  if (plan_ != nullptr && &step == &plan_->steps.front()) entry["first"] = true;
  if (plan_ != nullptr && &step == &plan_->steps.back()) entry["last"] = true;
  return "SELECT steward.begin_step(" + dollar_quoted(entry.dump()) + ") AS " +
         quote_identifier(label("begin")) + ";\n";
}

std::string Script::end() const {
  return "\n;SELECT seq AS " + quote_identifier(label("end")) +
         ", duration_ms FROM steward.end_step();\n";
}

std::string Script::anchor() const {
  return "SELECT steward.anchor() AS " + quote_identifier(label("anchor")) + ";\n";
}

std::string Script::failed(const plan::Step& step, const Error& error) const {
  Json entry = describe(step, run_, settings_);
  entry.erase("upgrade");
  entry.erase("downgrade");
  entry["action"] = "failed";
  entry["detail"] = {{"sqlstate", error.sqlstate}, {"message", error.what()}};
  if (const auto& place = error.place())
    entry["detail"].update({{"line", place->line}, {"statement", place->statement}});
  return "SELECT steward.record(" + dollar_quoted(entry.dump()) + ");";
}

bool Script::is_begin(const pg::Rows& rows) const {
  return rows.columns().size() == 1 && rows.columns()[0] == label("begin");
}

bool Script::is_end(const pg::Rows& rows) const {
  return rows.columns().size() == 2 && rows.columns()[0] == label("end");
}

bool Script::is_anchor(const pg::Rows& rows) const {
  return rows.columns().size() == 1 && rows.columns()[0] == label("anchor");
}

std::string continue_step(std::uint64_t line) {
  return "SELECT steward.continue_step(" + std::to_string(line) + ");\n";
}

std::string keep_script(std::string_view direction, std::string_view piece) {
  return "SELECT steward.keep_script('" + std::string(direction) + "', " + dollar_quoted(piece) +
         ");\n";
}

std::string mark_statement(int number) {
  return "SELECT steward.mark_statement(" + std::to_string(number) + ");\n";
}

}  // namespace steward::ship
