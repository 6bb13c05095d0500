// JSON as the runner prints it: keys in the order they were put in, text that is not UTF-8 made so.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace steward {

using Json = nlohmann::ordered_json;

// One line without the line end, or indented for people.
std::string to_text(const Json& json, bool indented = false);

}  // namespace steward
