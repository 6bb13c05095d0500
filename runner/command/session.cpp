#include "runner/command/session.h"

#include <utility>

#include "runner/dev.h"
#include "runner/recall.h"
#include "runner/revision/directory.h"
#include "runner/signals.h"

namespace steward::command {
namespace {

report::OutputOptions output_options(const Globals& globals) {
  return {globals.json, globals.quiet, globals.verbose, globals.no_color};
}

}  // namespace

Session::Session(Globals globals, std::string verb)
    : globals_(std::move(globals)), verb_(std::move(verb)), output_(output_options(globals_)) {}

const config::Config& Session::config() {
  if (!config_)
    config_ = config::load(
        {globals_.config, globals_.environment, globals_.url, std::filesystem::current_path()},
        environment_);
  return *config_;
}

const plan::Project& Session::project() {
  if (project_) return *project_;
  project_ = std::make_unique<plan::Project>(revision::read_directory(config().directory));
  settle();
  return *project_;
}

void Session::settle() {
  if (!project_ || !state_ || state_->revisions.empty()) return;
  if (squash::any(project_->files())) {
    std::vector<revision::File> files = squash::files_for(project_->files(), state_->applied());
    within_squash_ = files.size() != project_->files().size();
    if (within_squash_) *project_ = plan::Project(std::move(files));
  }
  const std::vector<std::int64_t> doubtful = squash::doubtful(*project_, *state_);
  const squash::Replaced recorded =
      doubtful.empty() ? squash::Replaced{} : recall::squashed(connection(), doubtful);
  unrecorded_ = squash::settle(*project_, recorded, *state_);
}

const plan::Project& Session::whole_project() {
  if (whole_project_) return *whole_project_;
  std::unordered_set<std::string> known;
  for (const revision::File& file : project().files()) known.insert(file.id);
  std::vector<revision::File> recalled = recall::revisions(connection(), state(), known);
  if (recalled.empty()) return project();
  whole_project_ = std::make_unique<plan::Project>(project().files(), std::move(recalled));
  return *whole_project_;
}

bool Session::has_project() {
  std::error_code ignored;
  return std::filesystem::is_directory(config().directory, ignored);
}

std::optional<config::Database> Session::find_database() {
  if (config().database) return config().database;
  if (const std::optional<std::string> url = dev::url(config().root))
    return config::Database{*url, "the project's dev server"};
  return std::nullopt;
}

bool Session::names_database() {
  return database_ || find_database().has_value();
}

const config::Database& Session::database() {
  if (!database_) database_ = find_database();
  if (!database_)
    throw Error(Exit::usage, "no_database_given", "no database was given", "",
                "steward dev start, for a server of this project's own; or set DATABASE_URL, or "
                "give --url");
  return *database_;
}

const url::Target& Session::target() {
  if (!target_) {
    const std::string& text = database().text;
    target_ = text.empty() ? url::Target{} : url::parse(text);
  }
  return *target_;
}

std::vector<std::string> Session::secrets() const {
  return target_ ? url::secrets(*target_) : std::vector<std::string>{};
}

pg::Connection& Session::connection() {
  if (!connection_) {
    connection_ = std::make_unique<pg::Connection>(target(), "steward " + verb_);
    signals::install();
    connection_->on_notice([this](const pg::Failure& notice) {
      if (output_.verbose()) output_.note(notice.severity + ": " + notice.message);
    });
  }
  return *connection_;
}

ledger::State& Session::state() {
  if (state_) return *state_;
  state_ = ledger::read(connection());
  settle();
  return *state_;
}

void Session::forget_state() {
  state_.reset();
  unrecorded_.clear();
  whole_project_.reset();
}

plan::Recorded Session::recorded() {
  return [this](const ledger::Revision& revision, plan::Direction direction) {
    return ledger::script(connection(), revision, plan::name_of(direction));
  };
}

}  // namespace steward::command
