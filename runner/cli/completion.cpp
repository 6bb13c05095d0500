#include "runner/cli/completion.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "runner/config.h"
#include "runner/revision/outline.h"
#include "runner/text.h"

namespace steward::cli {
namespace {

// What may stand as the value of a flag or in a place. The words `revisions`, `ranges` and `files`
// mean what they say; all others, between bars, are the values themselves.
struct Value {
  std::string_view name;
  std::string_view words;
};

constexpr std::string_view revisions = "revisions", ranges = "ranges", files = "files";
constexpr std::string_view tools =
    "alembic|dbmate|diesel|flyway|golang-migrate|goose|prisma|sql|sqitch|sqlx";

constexpr std::array values = {
    Value{"--config", files},
    Value{"--format", "text|json|sarif|github|junit"},
    Value{"hygiene --fail-on", "error|warning|note"},
    Value{"lint --fail-on", "error|warning|note|never"},
    Value{"--head", revisions},
    Value{"--depends-on", revisions},
    Value{"--onto", revisions},
    Value{"--finish", revisions},
    Value{"--undo", revisions},
    Value{"--rev-range", ranges},
    Value{"--baseline", files},
    Value{"--schema", files},
    Value{"import --from", tools},
    Value{"export --to", tools},
    Value{"diff --from", files},
    Value{"diff --to", files},
    Value{"--readers", "owner|everyone"},
    Value{"--writers", "owner|nobody"},
    Value{"--on-delete", "cascade|restrict|no action|set null"},
    Value{"TARGET", ranges},
    Value{"TARGETS", files},
    Value{"RANGE", ranges},
    Value{"REV", revisions},
    Value{"REVS", revisions},
    Value{"PATH", files},
    Value{"DIR", files},
    Value{"ACTION", "start|stop|url|psql"},
    Value{"SHELL", "bash|zsh|fish"},
};

std::string_view words_for(const std::string& verb, const std::string& name) {
  for (const std::string& key : {verb + " " + name, name})
    for (const Value& value : values)
      if (value.name == key) return value.words;
  return {};
}

bool takes_value(const CLI::Option& option) {
  return option.get_items_expected_max() > 0;
}

std::string name_of(const CLI::Option& option) {
  if (!option.get_lnames().empty()) return "--" + option.get_lnames().front();
  return option.get_positional() ? option.get_name(true) : "-" + option.get_snames().front();
}

bool is_called(const CLI::Option& option, std::string_view word) {
  const auto has = [](const Words& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (word.starts_with("--")) return has(option.get_lnames(), word.substr(2));
  return word.starts_with('-') && has(option.get_snames(), word.substr(1));
}

const CLI::App* verb_called(const CLI::App& app, const std::string& word) {
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    const Words& aliases = verb->get_aliases();
    if (verb->get_name() == word ||
        std::find(aliases.begin(), aliases.end(), word) != aliases.end())
      return verb;
  }
  return nullptr;
}

// What the words before the last one say.
struct Line {
  const CLI::App* verb = nullptr;         // nullptr: none yet
  const CLI::Option* awaiting = nullptr;  // the flag whose value comes next
  std::size_t places = 0;                 // how many were filled
  command::Globals globals;               // as far as they say which project it is
};

const CLI::Option* flag_called(const CLI::App& app, const Line& line, std::string_view word) {
  for (const CLI::App* each : {line.verb, &app})
    if (each != nullptr)
      for (const CLI::Option* option : each->get_options())
        if (is_called(*option, word)) return option;
  return nullptr;
}

void take_value(Line& line, const CLI::Option& option, const std::string& value) {
  if (is_called(option, "--config")) line.globals.config = value;
  if (is_called(option, "--name")) line.globals.environment = value;
}

void take_flag(const CLI::App& app, Line& line, const std::string& word) {
  const std::size_t equals = word.find('=');
  const CLI::Option* option = flag_called(app, line, word.substr(0, equals));
  if (option == nullptr || !takes_value(*option)) return;
  if (equals == std::string::npos)
    line.awaiting = option;
  else
    take_value(line, *option, word.substr(equals + 1));
}

void take(const CLI::App& app, Line& line, const std::string& word) {
  if (const CLI::Option* option = std::exchange(line.awaiting, nullptr))
    take_value(line, *option, word);
  else if (word.starts_with('-'))
    take_flag(app, line, word);
  else if (line.verb == nullptr)
    line.verb = verb_called(app, word);
  else
    ++line.places;
}

class Collector {
 public:
  explicit Collector(std::string word) : word_(std::move(word)) {}

  void add(const std::string& word, const std::string& about = {}) {
    if (word.starts_with(word_)) found_.push_back({word, printable(about, 60)});
  }
  const std::string& word() const { return word_; }
  std::vector<Candidate> found_;

 private:
  std::string word_;
};

std::vector<revision::Outline> outlines(const command::Globals& globals) {
  try {
    Environment environment;
    return revision::outlines(
        config::load({globals.config, globals.environment, {}, std::filesystem::current_path()},
                     environment)
            .directory);
  } catch (const std::exception&) {
    return {};  // between two keys nobody can be told; the verb itself will say what is wrong
  }
}

// behind: what was typed of a range already, "a:".
void add_revisions(Collector& collector, const Line& line, const std::string& behind) {
  for (const char* word : {"head", "heads", "base", "current", "+1", "-1"})
    collector.add(behind + word);
  for (const revision::Outline& outline : outlines(line.globals)) {
    collector.add(behind + outline.id, outline.message);
    for (const std::string& label : outline.labels)
      for (const char* place : {"@head", "@base"})
        collector.add(behind + label + place, outline.message);
    for (const std::string& label : outline.labels) collector.add(behind + label, outline.message);
  }
}

void add_values(Collector& collector, const Line& line, std::string_view words,
                const std::string& before = {}) {
  if (words == files) return collector.found_.push_back({":files", {}});
  const std::size_t colon = words == ranges ? collector.word().rfind(':') : std::string::npos;
  if (words == revisions || words == ranges)
    return add_revisions(
        collector, line,
        before + collector.word().substr(
                     before.size(), colon == std::string::npos ? 0 : colon + 1 - before.size()));
  for (const std::string_view word : split(words, '|')) collector.add(before + std::string(word));
}

void add_flags(Collector& collector, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames())
      collector.add("--" + name, option->get_description());
    for (const std::string& name : option->get_snames())
      collector.add("-" + name, option->get_description());
  }
}

void add_verbs(Collector& collector, const CLI::App& app) {
  for (const CLI::App* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    collector.add(verb->get_name(), verb->get_description());
    for (const std::string& alias : verb->get_aliases())
      collector.add(alias, verb->get_description());
  }
}

// The place's name: the last one takes all that follows, where it may be repeated.
std::string place_of(const CLI::App& verb, std::size_t number) {
  std::vector<const CLI::Option*> places;
  for (const CLI::Option* option : verb.get_options())
    if (option->get_positional()) places.push_back(option);
  if (places.empty()) return {};
  if (number < places.size()) return name_of(*places[number]);
  return places.back()->get_items_expected_max() > 1 ? name_of(*places.back()) : std::string{};
}

}  // namespace

std::vector<Candidate> candidates(const CLI::App& app, const Words& typed) {
  Line line;
  for (std::size_t i = 0; i + 1 < typed.size(); ++i) take(app, line, typed[i]);
  Collector collector(typed.empty() ? std::string{} : typed.back());
  const std::string verb = line.verb == nullptr ? std::string{} : line.verb->get_name();
  const std::size_t equals = collector.word().find('=');
  if (line.awaiting != nullptr) {
    add_values(collector, line, words_for(verb, name_of(*line.awaiting)));
  } else if (collector.word().starts_with("--") && equals != std::string::npos) {
    const std::string flag = collector.word().substr(0, equals);
    if (const CLI::Option* option = flag_called(app, line, flag))
      add_values(collector, line, words_for(verb, name_of(*option)), flag + "=");
  } else if (line.verb == nullptr) {
    add_verbs(collector, app);
    if (collector.word().starts_with('-')) add_flags(collector, app);
  } else {
    add_values(collector, line, words_for(verb, place_of(*line.verb, line.places)));
    if (collector.word().starts_with('-')) {
      add_flags(collector, *line.verb);
      add_flags(collector, app);
    }
  }
  return std::move(collector.found_);
}

}  // namespace steward::cli
