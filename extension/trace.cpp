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

void append(std::string& list, const std::string& item) {
  list += (list.empty() ? "" : ",") + item;
}

std::string size_text(std::int64_t bytes) {
  static constexpr const char* units[] = {"kB", "MB", "GB", "TB"};
  double value = static_cast<double>(bytes) / 1024;
  int unit = 0;
  for (; value >= 1024 && unit < 3; ++unit) value /= 1024;
  char text[48];
  std::snprintf(text, sizeof text, "%.0f %s", value, units[unit]);
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
  INSTR_TIME_SET_CURRENT(started_);
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
  describe_locks(entry);
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

// What a lock keeps from others is looked at when it is taken; whether the table was written anew,
// after each statement that may have done it: only those few are asked.
void Trace::hold(const TakenLock& lock, const std::string& name, Entry& entry) {
  if (lock.mode < ShareLock) return;
  pg::Storage storage;
  if (!call([&] { return pg::storage_of(lock.relation, storage); })) return;
  Hold& one = holds_[lock.relation];
  bool is_first = one.mode == NoLock;
  one.mode = std::max(one.mode, lock.mode);
  if (!is_first) return;
  one.name = name;
  one.bytes = storage.bytes;
  one.is_new = storage.is_new;
  one.since = milliseconds_since(started_) - milliseconds_since(begun_);
  if (!one.is_new) append(entry.sizes, json_string(name) + ":" + std::to_string(storage.bytes));
}

void Trace::find_rewrites(Entry& entry) {
  for (auto& [relation, one] : holds_) {
    pg::Storage storage;
    if (one.is_new || !call([&, oid = relation] { return pg::storage_of(oid, storage); })) continue;
    bool rewritten = storage.rewritten && storage.file != one.file;
    one.file = storage.file;
    if (!rewritten || entry.tag == CMDTAG_TRUNCATE_TABLE) continue;
    one.rewritten = true;
    append(entry.rewrites, json_string(one.name));
  }
}

void Trace::describe_locks(Entry& entry) {
  std::vector<TakenLock> taken = newly_taken(held_);
  std::unordered_map<std::string, LOCKMODE> strongest;
  std::vector<std::string> names;
  for (const TakenLock& lock : taken) {
    std::string name = name_of(lock.relation);
    if (name.empty()) continue;
    auto [known, fresh] = strongest.emplace(name, lock.mode);
    if (fresh) names.push_back(name);
    known->second = std::max(known->second, lock.mode);
    hold(lock, name, entry);
  }
  std::sort(names.begin(), names.end());
  for (const std::string& name : names)
    append(entry.locks,
           json_string(name) + ":\"" + GetLockmodeName(DEFAULT_LOCKMETHOD, strongest[name]) + '"');
  find_rewrites(entry);
}

std::vector<std::string> Trace::long_holds(double milliseconds) const {
  std::vector<std::string> told;
  double now = milliseconds_since(started_);
  for (const auto& [relation, one] : holds_) {
    if (one.is_new || one.bytes == 0 || now - one.since < milliseconds) continue;
    char text[64];
    std::snprintf(text, sizeof text, "%.1f s", (now - one.since) / 1000);
    told.push_back(std::string(GetLockmodeName(DEFAULT_LOCKMETHOD, one.mode)) + " on " + one.name +
                   " (" + size_text(one.bytes) + ") for " + text +
                   (one.rewritten ? ", and wrote it anew" : ""));
  }
  std::sort(told.begin(), told.end());
  return told;
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
  out += ",\"locks\":{" + entry.locks + "}";
  if (!entry.sizes.empty()) out += ",\"sizes\":{" + entry.sizes + "}";
  if (!entry.rewrites.empty()) out += ",\"rewrites\":[" + entry.rewrites + "]";
  return out + "}";
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
