// What of a schema the tables of a spec hold: a snapshot of just that, which grows with what is
// written into them. Whatever it lacks, the diff to the whole schema makes. Pure.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runner/snapshot.h"

namespace steward::spec {

using snapshot::Fact;
using snapshot::Snapshot;

// How names of schema public are written: without it, or with it.
enum class Names { brief, whole };

class Holding {
 public:
  Holding(const Snapshot& schema, const Snapshot& empty, Names names);

  const Snapshot& schema() const { return schema_; }
  const Snapshot& held() const { return held_; }

  // Names and SQL as they are to be read.
  std::string readable(const std::string& sql) const;

  // The facts that are part of that one, by their names.
  std::vector<const Fact*> parts(const std::string& parent) const;
  // The sequence of a serial column; nullptr: there is none.
  const Fact* owned_sequence(const std::string& column) const;

  // The partitions of that table, by their names.
  std::vector<const Fact*> partitions(const std::string& identity) const;

  // The fact is written, but for these attributes. Owners, privileges and labels are never.
  void hold(const Fact& fact, std::initializer_list<const char*> without = {});
  // The fact's comment, when a cell can hold it; what is held of the fact then has it too.
  // Otherwise empty.
  std::string comment_in_cell(const Fact& fact) const;

  // Whether PostgreSQL would choose that name by itself, and for nothing else in the schema.
  // name: as an identifier, quoted where it must be; chosen: as plain text.
  bool would_be_chosen(const std::string& schema, const std::string& name,
                       const std::string& chosen) const;

 private:
  const Snapshot& schema_;
  Snapshot held_;
  Names names_for_;
  std::map<std::string, std::vector<const Fact*>> parts_;
  std::map<std::string, std::vector<const Fact*>> partitions_;  // by what they are partitions of
  std::map<std::string, const Fact*> sequences_;                // by the column that owns them
  std::map<std::string, int> names_;  // "public.task_pkey" -> how many have it
};

// An identifier as plain text: "Order" -> Order.
std::string plain_name(std::string_view identifier);
// "public.task" -> "public", "task"; of a name with quotes too.
std::string schema_of(const std::string& identity);
std::string name_of(const std::string& identity);
// The SQL, or a name, without `public.` where that stands outside of quotes.
std::string without_public(std::string_view sql);

}  // namespace steward::spec
