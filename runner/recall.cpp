#include "runner/recall.h"

#include <utility>

namespace steward::recall {
namespace {

// One row of the ledger, wanted by its seq.
constexpr const char* row_query =
    "SELECT depends_on::text, labels::text, detail::text FROM steward.ledger WHERE seq = $1";

Json options_object(const revision::Options& options) {
  Json json = Json::object();
  if (!options.transaction) json["transaction"] = false;
  const auto add = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  add("lock_timeout", options.lock_timeout);
  add("statement_timeout", options.statement_timeout);
  add("role", options.role);
  return json;
}

// detail is JSON of our own, but anybody who may record can have written it: what does not have the
// right type says nothing.
std::string text_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Json object_in(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_object() ? *found : Json::object();
}

std::vector<std::string> texts_in(const Json& object, const char* name) {
  std::vector<std::string> texts;
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array()) return texts;
  for (const Json& text : *found)
    if (text.is_string()) texts.push_back(text.get<std::string>());
  return texts;
}

revision::Options options_from(const Json& json) {
  revision::Options options;
  options.transaction = !json.contains("transaction") || json["transaction"] != false;
  options.lock_timeout = text_in(json, "lock_timeout");
  options.statement_timeout = text_in(json, "statement_timeout");
  options.role = text_in(json, "role");
  return options;
}

Json parsed(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  return json.is_object() ? json : Json::object();
}

// The header, and what detail says of the sections.
revision::File described(const ledger::Revision& revision, const pg::Rows& row) {
  const Json detail = parsed(row.text(0, 2));
  revision::File file;
  file.id = revision.id;
  file.parents = revision.parents;
  file.depends_on = row.list(0, 0);
  file.labels = row.list(0, 1);
  file.message = revision.message;
  if (const std::string reason = text_in(detail, "irreversible"); !reason.empty())
    file.irreversible = reason;
  file.replaces = texts_in(detail, "replaces");
  const Json values = object_in(detail, "variables");
  for (const auto& [name, value] : values.items())
    if (value.is_string()) file.variables.push_back({name, value.get<std::string>()});
  if (!revision.downgrade_checksum.empty() && !file.irreversible)
    file.downgrade.emplace().options =
        options_from(object_in(object_in(detail, "options"), "downgrade"));
  return file;
}

Error not_what_was_recorded(const std::string& id) {
  return Error(Exit::integrity, "ledger_broken",
               "the downgrade script that the ledger keeps of revision \"" + id +
                   "\" is not what its checksum was taken of",
               "", "SELECT * FROM steward.verify_ledger();");
}

// A value may hold what no header's line can, and nobody keeps the names of the replaced from it.
revision::File without_details(revision::File header) {
  header.variables.clear();
  header.replaces.clear();
  return header;
}

// Written out as the file it came from and read like one, so that all that is true of a file's
// sections is true of these.
revision::File read_back(const revision::File& header, const std::string& downgrade) {
  auto text = std::make_shared<const std::string>(
      revision::compose(without_details(header), "", downgrade));
  revision::File file = revision::parse(*text, header.id + "_.sql");
  file.variables = header.variables;
  file.replaces = header.replaces;
  file.copy = std::move(text);
  file.path = "ledger:" + header.id;
  return file;
}

revision::File recalled(pg::Connection& connection, const ledger::Revision& revision) {
  const revision::File header =
      described(revision, connection.query(row_query, {std::to_string(revision.seq)}));
  std::optional<std::string> script;
  if (header.downgrade) script = ledger::script(connection, revision, "downgrade");
  revision::File file = read_back(header, script.value_or(""));
  file.upgrade.checksum = revision.upgrade_checksum;
  if (!script)
    file.downgrade.reset();
  else if (file.downgrade->checksum != revision.downgrade_checksum)
    throw not_what_was_recorded(revision.id);
  return file;
}

// A stamp may name what is neither applied nor a file.
void drop_unknown(std::vector<std::string>& ids, const std::unordered_set<std::string>& known) {
  std::erase_if(ids, [&](const std::string& id) { return !known.contains(id); });
}

}  // namespace

Json remembered(const revision::File& file, const std::map<std::string, std::string>& values) {
  Json options = Json::object();
  const auto add = [&options](const char* name, const revision::Options& section) {
    if (Json object = options_object(section); !object.empty()) options[name] = std::move(object);
  };
  add("upgrade", file.upgrade.options);
  if (file.downgrade) add("downgrade", file.downgrade->options);
  Json json = Json::object();
  if (!options.empty()) json["options"] = std::move(options);
  if (!values.empty()) json["variables"] = values;
  if (file.irreversible) json["irreversible"] = *file.irreversible;
  if (!file.replaces.empty()) json["replaces"] = file.replaces;
  return json.empty() ? Json(nullptr) : json;
}

std::map<std::string, std::vector<std::string>> squashed(pg::Connection& connection,
                                                         const std::vector<std::int64_t>& rows) {
  std::vector<std::string> numbers;
  for (const std::int64_t seq : rows) numbers.push_back(std::to_string(seq));
  const pg::Rows found = connection.query(
      "SELECT revision, detail::text FROM steward.ledger"
      " WHERE seq = ANY ($1::pg_catalog.int8[]) AND detail ? 'replaces'",
      {pg::format_array(numbers)});
  std::map<std::string, std::vector<std::string>> result;
  for (std::size_t row = 0; row < found.size(); ++row)
    result[std::string(found.text(row, 0))] = texts_in(parsed(found.text(row, 1)), "replaces");
  return result;
}

std::vector<revision::File> revisions(pg::Connection& connection, const ledger::State& state,
                                      const std::unordered_set<std::string>& known) {
  std::vector<revision::File> files;
  std::unordered_set<std::string> all = known;
  for (const ledger::Revision& revision : state.revisions) {
    all.insert(revision.id);
    if (!known.contains(revision.id)) files.push_back(recalled(connection, revision));
  }
  for (revision::File& file : files) {
    drop_unknown(file.parents, all);
    drop_unknown(file.depends_on, all);
  }
  return files;
}

}  // namespace steward::recall
