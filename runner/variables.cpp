#include "runner/variables.h"

#include <memory>
#include <utility>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::variables {
namespace {

constexpr std::size_t longest_name = 63;

// "${name}" at the text's beginning, with the braces' contents; empty: it is none.
std::string_view name_at(std::string_view text) {
  if (!text.starts_with("${")) return {};
  const std::size_t close = text.substr(0, longest_name + 3).find('}');
  return close == std::string_view::npos ? std::string_view{} : text.substr(2, close - 2);
}

// Fills what is certain of `pending`, and takes it off. `last`: nothing follows.
std::string fill(std::string& pending, const Values& values, bool last) {
  std::string result;
  std::size_t at = 0;
  for (;;) {
    const std::size_t dollar = std::min(pending.find('$', at), pending.size());
    result.append(pending, at, dollar - at);
    at = dollar;
    const bool may_be_cut = !last && pending.size() - dollar < longest_name + 3;
    if (dollar == pending.size() || may_be_cut) break;
    const std::string_view name = name_at(std::string_view(pending).substr(dollar));
    const auto value = values.find(std::string(name));
    if (name.empty() || value == values.end()) {
      result += pending[at++];
      continue;
    }
    result += value->second;
    at += name.size() + 3;
  }
  pending.erase(0, at);
  return result;
}

class Filler {
 public:
  Filler(sql::Source source, Values values)
      : source_(std::move(source)), values_(std::move(values)) {}

  std::size_t read(char* buffer, std::size_t size) {
    while (taken_ == ready_.size() && !ended_) read_more();
    const std::size_t count = ready_.copy(buffer, size, taken_);
    taken_ += count;
    return count;
  }

 private:
  void read_more() {
    char buffer[32 * 1024];
    const std::size_t count = source_(buffer, sizeof buffer);
    ended_ = count == 0;
    pending_.append(buffer, count);
    ready_ = fill(pending_, values_, ended_);
    taken_ = 0;
  }

  sql::Source source_;
  Values values_;
  std::string pending_;
  std::string ready_;
  std::size_t taken_ = 0;
  bool ended_ = false;
};

}  // namespace

Values parse(const std::vector<std::string>& texts) {
  Values values;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const bool good = equals != std::string::npos && equals > 0 &&
                      text.find_first_of("\r\n", equals) == std::string::npos;
    if (!good || !values.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      throw Error(Exit::usage, "bad_value", "-x: " + in_quotes(text) + " is no NAME=VALUE",
                  "each name once; a value has no line end", "-x owner=app_owner");
  }
  return values;
}

Values values_for(const revision::File& file, const Values& given) {
  Values values;
  for (const revision::Variable& variable : file.variables) {
    const auto found = given.find(variable.name);
    if (found == given.end() && !variable.value)
      throw Error(Exit::usage, "no_value",
                  "revision \"" + file.id + "\" needs a value of its variable " + variable.name, "",
                  "-x " + variable.name + "=VALUE")
          .at({file.path.string(), 0, 0, 0, {}});
    values[variable.name] = found == given.end() ? *variable.value : found->second;
  }
  return values;
}

void require(const plan::Plan& plan, const Values& given) {
  Values unused = given;
  for (const plan::Step& step : plan.steps)
    for (const auto& [name, value] : values_for(*step.file, given)) unused.erase(name);
  if (!unused.empty() && !plan.steps.empty())
    throw Error(Exit::usage, "unknown_variable",
                "-x: no revision of this plan has a variable \"" + unused.begin()->first + "\"", "",
                "declare it in the file's header: -- variables: " + unused.begin()->first);
}

std::string filled(const std::string& text, const Values& values) {
  if (values.empty()) return text;
  std::string pending = text;
  return fill(pending, values, true);
}

sql::Source filling(sql::Source source, Values values) {
  if (values.empty()) return source;
  const auto filler = std::make_shared<Filler>(std::move(source), std::move(values));
  return [filler](char* buffer, std::size_t size) { return filler->read(buffer, size); };
}

}  // namespace steward::variables
