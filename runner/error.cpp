#include "runner/error.h"

#include <utility>

namespace steward {

Error::Error(Exit exit, std::string code, const std::string& message, std::string detail,
             std::string hint)
    : std::runtime_error(message),
      exit_(exit),
      code_(std::move(code)),
      detail_(std::move(detail)),
      hint_(std::move(hint)) {}

Error& Error::at(Place place) {
  place_ = std::move(place);
  return *this;
}

}  // namespace steward
