// Parts: which revisions of a line can be one, since they can share a transaction, its options and
// its variables, and why others cannot. Reads their scripts; pure otherwise.
#pragma once

#include <string>
#include <vector>

#include "runner/squash/line.h"

namespace steward::squash {

// Why a revision cannot be one with those before it.
struct Obstacle {
  const revision::File* file = nullptr;
  std::string why;
};

struct Part {
  Members members;    // in order; a single one stays as it is
  Obstacle obstacle;  // why it begins here; no file for the first
};

// The line cut where it has to be, into as few parts as can be.
std::vector<Part> parts_of(const Members& line);

// Throws Error(Exit::refused, "cannot_share") for a line of several parts: names the revision, the
// reason, and the ranges that can be squashed.
void require_one(const std::vector<Part>& parts);

}  // namespace steward::squash
