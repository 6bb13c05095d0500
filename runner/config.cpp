#include "runner/config.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "runner/error.h"
#include "runner/text.h"
#include "runner/toml.h"

namespace steward::config {
namespace {

namespace fs = std::filesystem;
constexpr const char* file_name = "steward.toml";

// In the order in which they are looked at. The first names are those under which hosts and ORMs
// give the connection that does not go through a pooler.
constexpr std::array url_variables = {"STEWARD_DATABASE_URL", "DIRECT_URL", "DATABASE_URL_UNPOOLED",
                                      "DATABASE_URL"};
constexpr std::array libpq_variables = {"PGHOST",     "PGHOSTADDR", "PGSERVICE",
                                        "PGDATABASE", "PGPORT",     "PGUSER"};

Error bad_config(const fs::path& file, const toml::source_position& position,
                 const std::string& what, const std::string& hint = {}) {
  Error error(Exit::usage, "bad_config", what, "", hint);
  error.at(Place{file.string(), position.line, position.column, 0, {}});
  return error;
}

// One table of the file: takes the keys that are known, and refuses the rest.
class Table {
 public:
  Table(const toml::table& table, std::string name, const fs::path& file)
      : table_(table), name_(std::move(name)), file_(file) {}

  // The text of a key; false when it is not there.
  bool read(std::string_view key, std::string& value) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return false;
    const auto text = node->value_exact<std::string>();
    if (!text)
      throw bad_config(file_, node->source().begin, full(key) + " must be a text in quotes");
    value = *text;
    return true;
  }

  // A list of texts: a program and its arguments.
  void read_command(std::string_view key, std::vector<std::string>& words) {
    known_.emplace_back(key);
    const toml::node* node = table_.get(key);
    if (node == nullptr) return;
    const toml::array* list = node->as_array();
    if (list == nullptr || list->empty() || !list->is_homogeneous<std::string>())
      throw bad_config(file_, node->source().begin,
                       full(key) + " must be a list of texts: a program and its arguments",
                       "[\"scripts/notify\", \"--quiet\"]; for a shell: [\"sh\", \"-c\", \"...\"]");
    words.clear();
    for (const toml::node& word : *list) words.push_back(word.value_or(std::string()));
  }

  void read_timeout(std::string_view key, std::string& value) {
    if (read(key, value) && !parse_duration(value))
      throw bad_config(file_, line(key), full(key) + " is not a duration",
                       "write 500ms, 5s, 2min or 0");
  }

  void refuse_others() const {
    for (const auto& [key, node] : table_)
      if (std::find(known_.begin(), known_.end(), key.str()) == known_.end())
        throw bad_config(file_, key.source().begin, "unknown key " + full(key.str()), known_list());
  }

  toml::source_position line(std::string_view key) const { return table_.get(key)->source().begin; }

 private:
  std::string full(std::string_view key) const {
    return name_.empty() ? std::string(key) : name_ + "." + std::string(key);
  }
  std::string known_list() const {
    std::string list = "known here: ";
    for (const std::string& key : known_) list += (&key == known_.data() ? "" : ", ") + key;
    return list;
  }

  const toml::table& table_;
  std::string name_;
  const fs::path& file_;
  std::vector<std::string> known_;
};

// What the file says of the database and of how to ship; read from [database], then from
// [env.NAME].
struct FileSays {
  std::string url;
  std::string url_source;
};

void read_settings(Table& table, Config& config, FileSays& says, const fs::path& file) {
  if (table.read("url", says.url))
    says.url_source = file.filename().string() + ":" + std::to_string(table.line("url").line);
  table.read_timeout("lock_timeout", config.lock_timeout);
  table.read_timeout("statement_timeout", config.statement_timeout);
  table.read("role", config.role);
  table.read("search_path", config.search_path);
  std::string wait;
  table.read_timeout("lock_wait", wait);
  if (!wait.empty()) config.lock_wait = *parse_duration(wait);
}

const toml::table* sub_table(const toml::table& table, std::string_view name,
                             const fs::path& file) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return nullptr;
  if (!node->is_table())
    throw bad_config(file, node->source().begin, std::string(name) + " must be a table",
                     "write [" + std::string(name) + "]");
  return node->as_table();
}

void read_directory(Table& table, Config& config) {
  std::string directory;
  if (table.read("directory", directory)) config.directory = directory;
}

void read_hooks(Table& table, Hooks& hooks) {
  table.read_command("before_upgrade", hooks.before_upgrade);
  table.read_command("after_upgrade", hooks.after_upgrade);
  table.read_command("before_downgrade", hooks.before_downgrade);
  table.read_command("after_downgrade", hooks.after_downgrade);
}

void read_size(Table& table, const char* key, std::string& value, const fs::path& file) {
  if (table.read(key, value) && !parse_bytes(value))
    throw bad_config(file, table.line(key), "\"" + value + "\" is no size", "write 512MB or 1GB");
}

void read_safety(Table& table, Safety& safety, const fs::path& file) {
  static constexpr std::array modes{"off", "warn", "large", "error"};
  if (table.read("on_upgrade", safety.on_upgrade) &&
      std::find(modes.begin(), modes.end(), safety.on_upgrade) == modes.end())
    throw bad_config(file, table.line("on_upgrade"),
                     "on_upgrade cannot be \"" + safety.on_upgrade + "\"",
                     "it is one of off, warn, large, error");
  read_size(table, "large_table", safety.large_table, file);
  read_size(table, "read_rate", safety.read_rate, file);
  read_size(table, "write_rate", safety.write_rate, file);
  table.read_timeout("short_wait", safety.short_wait);
}

void read_desired(const toml::table& root, Desired& desired, const fs::path& file) {
  const toml::table* own = sub_table(root, "desired", file);
  if (own == nullptr) return;
  Table table(*own, "desired", file);
  table.read("source", desired.source);
  table.read_command("program", desired.program);
  std::string timeout;
  table.read_timeout("timeout", timeout);
  if (!timeout.empty()) desired.timeout = *parse_duration(timeout);
  table.refuse_others();
  if (!desired.source.empty() && !desired.program.empty())
    throw bad_config(file, table.line("program"), "source and program both say the desired schema",
                     "leave one of them");
}

void read_autogenerate(Table& table, Autogenerate& autogenerate, const fs::path& file) {
  static constexpr std::array modes{"generated", "copy", "none"};
  if (table.read("rows", autogenerate.rows) &&
      std::find(modes.begin(), modes.end(), autogenerate.rows) == modes.end())
    throw bad_config(file, table.line("rows"), "rows cannot be \"" + autogenerate.rows + "\"",
                     "it is one of generated, copy, none");
  read_size(table, "rows_limit", autogenerate.rows_limit, file);
}

// rule = "level", or a table that may give one. The other keys are the rule's own business.
void read_rules(const toml::table& rules, Config& config, const fs::path& file) {
  static constexpr std::array levels{"off", "on", "note", "warning", "error"};
  for (const auto& [key, node] : rules) {
    const toml::node* level = node.is_table() ? node.as_table()->get("level") : &node;
    if (level == nullptr) continue;
    const auto text = level->value<std::string>();
    if (!text || std::find(levels.begin(), levels.end(), *text) == levels.end())
      throw bad_config(file, level->source().begin,
                       "the level of rule " + std::string(key.str()) + " is none",
                       "it is one of off, on, note, warning, error");
    config.rule_levels.emplace_back(key.str(), *text);
  }
}

Error unknown_environment(const std::string& name, const toml::table* environments,
                          const fs::path& file) {
  std::string known;
  if (environments != nullptr)
    for (const auto& [key, node] : *environments)
      known += (known.empty() ? "" : ", ") + std::string(key.str());
  const std::string where = file.empty() ? "there is no " + std::string(file_name) : file.string();
  return Error(Exit::usage, "unknown_environment", "there is no environment \"" + name + "\"",
               where + (known.empty() ? "" : ": " + known), "add [env." + name + "] with its url");
}

// Every environment is read, so that a slip in one shows before it is needed; the last read, that
// of the one chosen, is what counts.
void read_environments(const toml::table& root, Config& config, FileSays& says,
                       const fs::path& file) {
  const toml::table* environments = sub_table(root, "env", file);
  const toml::table* chosen = nullptr;
  if (environments != nullptr)
    for (const auto& [key, node] : *environments) {
      const toml::table* one = sub_table(*environments, key.str(), file);
      Config unused;
      FileSays unsaid;
      Table table(*one, "env." + std::string(key.str()), file);
      const bool is_chosen = key.str() == config.environment;
      read_settings(table, is_chosen ? config : unused, is_chosen ? says : unsaid, file);
      read_directory(table, is_chosen ? config : unused);
      table.refuse_others();
      if (is_chosen) chosen = one;
    }
  if (!config.environment.empty() && chosen == nullptr)
    throw unknown_environment(config.environment, environments, file);
}

// A value as JSON: texts, numbers, booleans, lists and tables. There are no dates in rules.
Json json_of(const toml::node& node, const fs::path& file) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto flag = node.value_exact<bool>()) return *flag;
  if (const auto number = node.value_exact<std::int64_t>()) return *number;
  if (const auto number = node.value_exact<double>()) return *number;
  if (const toml::array* list = node.as_array()) {
    Json json = Json::array();
    for (const toml::node& item : *list) json.push_back(json_of(item, file));
    return json;
  }
  if (const toml::table* table = node.as_table()) {
    Json json = Json::object();
    for (const auto& [key, value] : *table) json[std::string(key.str())] = json_of(value, file);
    return json;
  }
  throw bad_config(file, node.source().begin, "a date is no value here");
}

void read_hygiene(const toml::table& root, Hygiene& hygiene, const fs::path& file) {
  if (const toml::table* rules = sub_table(root, "rules", file))
    hygiene.rules = json_of(*rules, file);
  const toml::table* own = sub_table(root, "hygiene", file);
  if (own == nullptr) return;
  Table table(*own, "hygiene", file);
  table.read("fail_on", hygiene.fail_on);
  table.read("baseline", hygiene.baseline);
  hygiene.policy = json_of(*own, file);
  if (hygiene.policy.contains("schemas")) {
    const Json& schemas = hygiene.policy["schemas"];
    if (!schemas.is_array() || !std::all_of(schemas.begin(), schemas.end(),
                                            [](const Json& one) { return one.is_string(); }))
      throw bad_config(file, table.line("schemas"), "hygiene.schemas must be a list of texts");
    hygiene.schemas = schemas.get<std::vector<std::string>>();
  }
  for (const char* ours : {"fail_on", "baseline", "schemas"}) hygiene.policy.erase(ours);
}

// The file's own words; the chosen environment's url comes apart, since it stands higher.
void read_tables(const toml::table& root, const fs::path& file, Config& config, FileSays& general,
                 FileSays& chosen) {
  for (const auto& [key, node] : root)
    if (key != "migrations" && key != "database" && key != "hooks" && key != "env" &&
        key != "hygiene" && key != "safety" && key != "rules" && key != "desired" &&
        key != "autogenerate" && key != "shadow")
      throw bad_config(file, key.source().begin, "unknown table or key " + std::string(key.str()),
                       "known here: [migrations], [database], [desired], [autogenerate], [shadow], "
                       "[hooks], [env.NAME], [hygiene], [safety], [rules]");
  if (const toml::table* migrations = sub_table(root, "migrations", file)) {
    Table table(*migrations, "migrations", file);
    read_directory(table, config);
    table.refuse_others();
  }
  if (const toml::table* database = sub_table(root, "database", file)) {
    Table table(*database, "database", file);
    read_settings(table, config, general, file);
    table.refuse_others();
  }
  if (const toml::table* hooks = sub_table(root, "hooks", file)) {
    Table table(*hooks, "hooks", file);
    read_hooks(table, config.hooks);
    table.refuse_others();
  }
  read_desired(root, config.desired, file);
  if (const toml::table* autogenerate = sub_table(root, "autogenerate", file)) {
    Table table(*autogenerate, "autogenerate", file);
    read_autogenerate(table, config.autogenerate, file);
    table.refuse_others();
  }
  if (const toml::table* shadow = sub_table(root, "shadow", file)) {
    Table table(*shadow, "shadow", file);
    table.read("setup", config.shadow_setup);
    table.refuse_others();
  }
  read_hygiene(root, config.hygiene, file);
  if (const toml::table* safety = sub_table(root, "safety", file)) {
    Table table(*safety, "safety", file);
    read_safety(table, config.safety, file);
    table.refuse_others();
  }
  if (const toml::table* rules = sub_table(root, "rules", file)) read_rules(*rules, config, file);
  read_environments(root, config, chosen, file);
}

// Runs a parser of toml++; what it refuses, it refuses in our words.
template <typename Parse>
toml::table parsed(Parse parse, const fs::path& file) {
  try {
    return parse();
  } catch (const toml::parse_error& error) {
    throw bad_config(file, error.source().begin, "not TOML: " + std::string(error.description()));
  }
}

fs::path find_file(const Request& request) {
  if (!request.file.empty()) {
    const fs::path named = request.working_directory / request.file;
    if (!fs::is_regular_file(named))
      throw Error(Exit::usage, "no_config",
                  "there is no configuration file \"" + request.file + "\"", "",
                  "steward init, or leave -c out");
    return named;
  }
  std::error_code ignored;
  for (fs::path at = request.working_directory;; at = at.parent_path()) {
    if (fs::is_regular_file(at / file_name, ignored)) return at / file_name;
    if (at == at.parent_path()) return {};
  }
}

std::string expanded(const Environment& environment, const FileSays& says, const fs::path& file) {
  try {
    return environment.expand(says.url);
  } catch (Error& error) {
    const std::size_t colon = says.url_source.rfind(':');
    error.at(Place{file.string(), std::stoul(says.url_source.substr(colon + 1)), 0, 0, {}});
    throw;
  }
}

std::optional<Database> choose_database(const Request& request, const Environment& environment,
                                        const Config& config, const FileSays& general,
                                        const FileSays& chosen) {
  if (!request.url.empty()) return Database{request.url, "--url"};
  if (!chosen.url.empty())
    return Database{expanded(environment, chosen, config.file), chosen.url_source};
  for (const char* name : url_variables)
    if (const auto value = environment.get(name))
      return Database{value->text, std::string(name) + " in " + value->source};
  if (!general.url.empty())
    return Database{expanded(environment, general, config.file), general.url_source};
  for (const char* name : libpq_variables)
    if (const auto value = environment.get(name))
      return Database{"", std::string(name) + " in " + value->source};
  return std::nullopt;
}

}  // namespace

Config load(const Request& request, Environment& environment) {
  Config config;
  FileSays general, chosen;
  config.environment = request.environment;
  config.directory = "migrations";
  config.file = find_file(request);
  config.root = config.file.empty() ? request.working_directory : config.file.parent_path();
  environment.read_file(config.root / ".env");
  if (!config.file.empty())
    read_tables(parsed([&] { return toml::parse_file(config.file.string()); }, config.file),
                config.file, config, general, chosen);
  else if (!config.environment.empty())
    throw unknown_environment(config.environment, nullptr, {});
  config.directory = shown(config.root / config.directory, request.working_directory);
  config.database = choose_database(request, environment, config, general, chosen);
  return config;
}

Config parse(std::string_view text, const fs::path& file, const std::string& environment) {
  Config config;
  FileSays general, chosen;
  config.environment = environment;
  read_tables(parsed([&] { return toml::parse(text, file.string()); }, file), file, config, general,
              chosen);
  return config;
}

fs::path shown(const fs::path& path, const fs::path& working_directory) {
  const fs::path relative = path.lexically_normal().lexically_relative(working_directory);
  const bool above = relative.empty() || *relative.begin() == "..";
  return above ? path.lexically_normal() : relative;
}

std::optional<std::int64_t> parse_bytes(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
      {{"", 1}, {"kB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"TB", std::int64_t{1} << 40}}};
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 1000000) return std::nullopt;
  const std::string_view unit =
      trim({end, static_cast<std::size_t>(text.data() + text.size() - end)});
  for (const auto& [name, size] : units)
    if (unit == name) return number * size;
  return std::nullopt;
}

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  struct Unit {
    std::string_view name;
    long milliseconds;
  };
  static constexpr std::array units = {Unit{"", 1},        Unit{"ms", 1},      Unit{"s", 1000},
                                       Unit{"min", 60000}, Unit{"h", 3600000}, Unit{"d", 86400000}};
  long number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || number < 0 || number > 1000000000) return std::nullopt;
  std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (unit.starts_with(' ')) unit.remove_prefix(1);
  for (const Unit& known : units)
    if (known.name == unit) return std::chrono::milliseconds(number * known.milliseconds);
  return std::nullopt;
}

}  // namespace steward::config
