// Any text as a target, over a graph with branches, labels and a merge. Nothing crashes; what comes
// back are revisions of the graph, upgrades in an order that can be applied, downgrades in one that
// can be undone; what is refused is refused with an Error.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "runner/error.h"
#include "runner/revision/target.h"

namespace steward::revision {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

const Graph& graph() {
  static const Graph made({{"1a", {}, {}, {}},
                           {"2b", {"1a"}, {}, {}},
                           {"3c", {"2b"}, {}, {"billing"}},
                           {"3d", {"2b"}, {}, {"tags"}},
                           {"4e", {"3c"}, {}, {}},
                           {"5f", {"4e", "3d"}, {}, {}},
                           {"6a", {"5f"}, {}, {}},
                           {"6b", {"5f"}, {"9z"}, {}},
                           {"9z", {}, {}, {"other"}}});
  return made;
}

// Everything up to the first `count` of the order.
Applied applied_of(std::size_t count) {
  const Ids order = graph().order();
  return {order.begin(), order.begin() + static_cast<long>(count % (order.size() + 1))};
}

void check_upgrade(const Applied& applied, std::string_view target) {
  Applied there = applied;
  for (const std::string& id : upgrade_path(graph(), applied, target)) {
    for (const std::string& parent : graph().node(id).parents) require(there.contains(parent));
    require(there.insert(id).second);
  }
}

void check_downgrade(const Applied& applied, std::string_view target) {
  Applied there = applied;
  for (const std::string& id : downgrade_path(graph(), applied, target)) {
    for (const std::string& child : graph().children(id)) require(!there.contains(child));
    require(there.erase(id) == 1);
  }
}

template <class Body>
void refuses_or(Body body) {
  try {
    body();
  } catch (const Error& error) {
    require(error.exit() == Exit::usage || error.exit() == Exit::graph);
    require(!error.code().empty());
  }
}

}  // namespace
}  // namespace steward::revision

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace steward::revision;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Applied applied = applied_of(data[0]);
  refuses_or([&] { check_upgrade(applied, text); });
  refuses_or([&] { check_downgrade(applied, text); });
  refuses_or([&] {
    for (const std::string& id : resolve(graph(), applied, text)) require(graph().contains(id));
  });
  refuses_or([&] {
    for (const std::string& id : range(graph(), applied, text)) require(graph().contains(id));
  });
  return 0;
}
