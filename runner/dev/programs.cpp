#include "runner/dev/programs.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "runner/error.h"
#include "runner/process.h"
#include "runner/text.h"

namespace steward::dev {
namespace {

namespace fs = std::filesystem;

bool is_program(const fs::path& path) {
  return access(path.c_str(), X_OK) == 0;
}

// What pg_config answers, one line for each option; empty when it cannot be asked.
std::vector<std::string> ask(const fs::path& pg_config, std::vector<std::string> options) {
  options.insert(options.begin(), pg_config.native());
  std::vector<std::string> lines;
  try {
    const process::Outcome outcome = process::run({.argv = options});
    if (outcome.code != 0) return lines;
    for (const std::string_view line : split(outcome.output, '\n')) lines.emplace_back(line);
  } catch (const Error&) {
    return lines;
  }
  if (lines.size() < options.size() - 1) lines.clear();
  return lines;
}

// The directory's programs, when a whole server is there.
std::optional<Programs> programs_in(const fs::path& bin) {
  if (!is_program(bin / "postgres") || !is_program(bin / "initdb")) return std::nullopt;
  const std::vector<std::string> lines =
      ask(bin / "pg_config", {"--version", "--sharedir", "--pkglibdir"});
  constexpr std::string_view product = "PostgreSQL ";
  if (lines.empty() || !lines[0].starts_with(product)) return std::nullopt;
  Programs programs{.bin = bin, .share = lines[1], .library = lines[2], .version = {}};
  programs.version = lines[0].substr(product.size());
  programs.major = std::atoi(programs.version.c_str());
  return programs;
}

fs::path bin_of_pg_config() {
  const char* chosen = std::getenv("PG_CONFIG");
  const bool is_set = chosen != nullptr && *chosen != '\0';
  const std::vector<std::string> lines = ask(is_set ? chosen : "pg_config", {"--bindir"});
  return lines.empty() ? fs::path() : fs::path(lines[0]);
}

// Debian's and Ubuntu's place for them: a directory for each major version, here newest first.
std::vector<fs::path> versioned_bins() {
  std::vector<fs::path> bins;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored))
    bins.push_back(entry.path());
  const auto major = [](const fs::path& path) { return std::atoi(path.filename().c_str()); };
  std::sort(bins.begin(), bins.end(),
            [&](const fs::path& a, const fs::path& b) { return major(a) > major(b); });
  for (fs::path& path : bins) path /= "bin";
  return bins;
}

bool has_extension(const fs::path& root, const fs::path& share) {
  std::error_code ignored;
  const fs::path control = share / "extension" / "pg_steward.control";
  return fs::exists(root.empty() ? control : root / control.relative_path(), ignored);
}

std::vector<fs::path> possible_stages() {
  std::vector<fs::path> stages;
  if (const char* chosen = std::getenv("STEWARD_STAGE"); chosen != nullptr && *chosen != '\0')
    stages.emplace_back(chosen);
  const fs::path ours = process::own_directory();
  stages.push_back(ours / "stage");
  stages.push_back(ours.parent_path() / "stage");
  return stages;
}

}  // namespace

Programs find_programs(std::optional<int> major) {
  std::vector<fs::path> bins{bin_of_pg_config()};
  for (fs::path& bin : versioned_bins()) bins.push_back(std::move(bin));
  std::optional<Programs> first;
  for (const fs::path& bin : bins) {
    const std::optional<Programs> programs = programs_in(bin);
    if (!programs || (major && programs->major != *major)) continue;
    if (has_extension({}, programs->share) || !find_stage(*programs).empty()) return *programs;
    if (!first) first = programs;
  }
  if (first) return *first;
  const std::string wanted = major ? "PostgreSQL " + std::to_string(*major) : "PostgreSQL";
  throw Error(Exit::unreachable, "no_server_programs",
              "the server programs of " + wanted + " were not found",
              "looked where pg_config says, and in /usr/lib/postgresql",
              "install " + wanted + ", or set PG_CONFIG to the pg_config of the one you have");
}

fs::path find_stage(const Programs& programs) {
  if (has_extension({}, programs.share)) return {};
  for (const fs::path& stage : possible_stages())
    if (has_extension(stage, programs.share)) return fs::absolute(stage).lexically_normal();
  return {};
}

std::vector<std::string> stage_settings(const Programs& programs, const fs::path& stage) {
  if (stage.empty()) return {};
  if (programs.major >= 18) {
    const std::string root = stage.native();
    return {"extension_control_path=" + root + programs.share.native() + ":$system",
            "dynamic_library_path=" + root + programs.library.native() + ":$libdir"};
  }
  const bool patched = programs.version.find("Debian") != std::string::npos ||
                       programs.version.find("Ubuntu") != std::string::npos;
  if (patched) return {"extension_destdir=" + stage.native()};
  return {};
}

}  // namespace steward::dev
