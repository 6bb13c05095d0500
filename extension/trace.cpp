#include "extension/trace.h"

namespace steward {
namespace {

// A revision of half a million INSERTs must not write a ledger row of fifty megabytes.
constexpr std::size_t told_one_by_one = 1000;

// Relations of the server's own, and those behind a table, say nothing to a reader.
char* readable_name(Oid relation) {
  if (relation < FirstNormalObjectId) return nullptr;
  return call([&]() -> char* {
    char* name = get_rel_name(relation);
    Oid schema = name ? get_rel_namespace(relation) : InvalidOid;
    if (!name || schema == PG_TOAST_NAMESPACE) return nullptr;
    char* schema_name = get_namespace_name(schema);
    if (!schema_name || std::strcmp(schema_name, "steward") == 0) return nullptr;
    return const_cast<char*>(quote_qualified_identifier(schema_name, name));
  });
}

double milliseconds_since(const instr_time& begun) {
  instr_time now;
  INSTR_TIME_SET_CURRENT(now);
  INSTR_TIME_SUBTRACT(now, begun);
  return INSTR_TIME_GET_MILLISEC(now);
}

std::string rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", value);
  return text;
}

}  // namespace

std::string json_string(const std::string& text) {
  StringInfoData quoted;
  call([&] {
    initStringInfo(&quoted);
    escape_json(&quoted, text.c_str());
  });
  return quoted.data;
}

void Trace::start() {
  newly_taken(held_);
}

void Trace::begin(TimestampTz message, int location, int line, CommandTag tag) {
  bool again = count_ > 0 && message == message_ && location == location_;
  open_ = true;
  INSTR_TIME_SET_CURRENT(begun_);
  if (again) return;
  message_ = message;
  location_ = location;
  Entry entry;
  entry.number = ++count_;
  entry.line = line;
  entry.tag = tag;
  entries_.push_back(std::move(entry));
}

void Trace::end(std::uint64_t rows) {
  if (!open_) return;
  open_ = false;
  Entry& entry = entries_.back();
  entry.milliseconds += milliseconds_since(begun_);
  entry.rows += rows;
  std::string locks = describe_locks();
  if (!locks.empty()) entry.locks += (entry.locks.empty() ? "" : ",") + locks;
  if (entries_.size() > told_one_by_one) join_with_last();
}

void Trace::discard() {
  if (!open_) return;
  open_ = false;
  entries_.pop_back();
  --count_;
  location_ = -1;
}

void Trace::join_with_last() {
  const Entry& entry = entries_.back();
  Entry& before = entries_[entries_.size() - 2];
  if (entry.tag != before.tag || !entry.locks.empty()) return;
  before.count += entry.count;
  before.milliseconds += entry.milliseconds;
  before.rows += entry.rows;
  entries_.pop_back();
}

std::string Trace::name_of(Oid relation) const {
  if (auto gone = dropped_.find(relation); gone != dropped_.end()) return gone->second;
  const char* name = readable_name(relation);
  return name ? name : "";
}

std::string Trace::describe_locks() {
  std::vector<TakenLock> taken = newly_taken(held_);
  std::unordered_map<std::string, LOCKMODE> strongest;
  std::vector<std::string> names;
  for (const TakenLock& lock : taken) {
    std::string name = name_of(lock.relation);
    if (name.empty()) continue;
    auto [known, fresh] = strongest.emplace(name, lock.mode);
    if (fresh) names.push_back(name);
    known->second = std::max(known->second, lock.mode);
  }
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) {
    if (!out.empty()) out += ',';
    out += json_string(name) + ":\"" + GetLockmodeName(DEFAULT_LOCKMETHOD, strongest[name]) + '"';
  }
  return out;
}

void Trace::dropping(Oid relation) {
  if (const char* name = readable_name(relation)) dropped_[relation] = name;
}

std::string Trace::entry_json(const Entry& entry) {
  std::string out = "{\"n\":" + std::to_string(entry.number) +
                    ",\"line\":" + std::to_string(entry.line) + ",\"tag\":\"" +
                    GetCommandTagName(entry.tag) + "\",\"ms\":" + rounded(entry.milliseconds) +
                    ",\"rows\":" + std::to_string(entry.rows);
  if (entry.count > 1) out += ",\"count\":" + std::to_string(entry.count);
  return out + ",\"locks\":{" + entry.locks + "}}";
}

std::string Trace::json() const {
  std::string out = "[";
  for (const Entry& entry : entries_) {
    if (out.size() > 1) out += ',';
    out += entry_json(entry);
  }
  return out + "]";
}

}  // namespace steward
