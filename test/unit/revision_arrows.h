// Small graphs as arrows: "a<-b, a<-c, b+c<-d" is a base a, two that revise it, and their merge d.
// "b:x" gives b the label x, "d~b" makes d depend on b, "a" alone is a base.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runner/error.h"
#include "runner/revision/graph.h"
#include "runner/text.h"

namespace steward::revision {

class Arrows {
 public:
  explicit Arrows(std::string_view text) {
    for (std::string_view arrow : split(text, ',')) add(arrow);
  }
  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  void add(std::string_view arrow) {
    if (std::size_t at = arrow.find('~'); at != std::string_view::npos) {
      node(arrow.substr(0, at)).depends_on.emplace_back(arrow.substr(at + 1));
    } else if (at = arrow.find("<-"); at != std::string_view::npos) {
      std::vector<std::string> parents;
      for (std::string_view parent : split(arrow.substr(0, at), '+'))
        parents.push_back(node(parent).id);
      Node& child = node(arrow.substr(at + 2));
      child.parents.insert(child.parents.end(), parents.begin(), parents.end());
    } else {
      node(arrow);
    }
  }

  Node& node(std::string_view text) {
    std::size_t colon = text.find(':');
    std::string id(text.substr(0, colon));
    auto found = std::find_if(nodes_.begin(), nodes_.end(),
                              [&](const Node& known) { return known.id == id; });
    if (found == nodes_.end()) found = nodes_.insert(nodes_.end(), Node{id, {}, {}, {}});
    if (colon != std::string_view::npos) found->labels.emplace_back(text.substr(colon + 1));
    return *found;
  }

  std::vector<Node> nodes_;
};

inline Graph graph_of(std::string_view arrows) {
  return Graph(Arrows(arrows).nodes());
}

// "a b c"
inline std::string words(const Ids& ids) {
  std::string text;
  for (const std::string& id : ids) text += (text.empty() ? "" : " ") + id;
  return text;
}

inline IdSet set_of(std::string_view ids) {
  IdSet set;
  for (std::string_view id : split(ids, ' ')) set.emplace(id);
  return set;
}

// The code of the error that an action throws; "none" when it throws none.
template <class Action>
std::string code_of(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  return "none";
}

}  // namespace steward::revision
