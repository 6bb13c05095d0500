#include <algorithm>

#include "runner/export/formats.h"

namespace steward::exporter {
namespace {

// The tool replaces every ${name}, ours only those that the file declares.
bool is_declared(const revision::File& file, std::string_view name) {
  return std::any_of(file.variables.begin(), file.variables.end(),
                     [name](const revision::Variable& variable) { return variable.name == name; });
}

struct Names {
  bool declared = false;
  bool others = false;
};

Names names_in(const revision::File& file, const std::string& text) {
  Names names;
  for (std::size_t at = text.find("${"); at != text.npos; at = text.find("${", at + 2)) {
    const std::size_t close = std::min(text.find('}', at), text.size());
    bool& kind = is_declared(file, std::string_view(text).substr(at + 2, close - at - 2))
                     ? names.declared
                     : names.others;
    kind = true;
  }
  return names;
}

// A script whose names are both of ours and of nobody's gets values, and is left alone by the tool.
void write(const Migration& migration, char kind, const Script& script,
           const variables::Values& values, Exported& exported) {
  const revision::File& file = *migration.file;
  const Names names = names_in(file, script.text);
  const bool filled = names.declared && names.others;
  const std::string name =
      std::string(1, kind) + migration.version + "__" + migration.name + ".sql";
  std::string settings;
  if (!script.transaction) settings += "executeInTransaction=false\n";
  if (names.others) settings += "placeholderReplacement=false\n";
  exported.files.push_back(
      {name,
       filled ? variables::filled(script.text, variables::values_for(file, values)) : script.text});
  if (!settings.empty()) exported.files.push_back({name + ".conf", settings});
}

void tell_of_names(const Migration& migration, const variables::Values& values,
                   Exported& exported) {
  for (const revision::Variable& variable : migration.file->variables) {
    const auto given = values.find(variable.name);
    const std::string value =
        given != values.end() ? given->second : variable.value.value_or("...");
    exported.notices.push_back(
        {Place{migration.file->path.string()},
         "flyway must be told: -placeholders." + variable.name + "=" + value});
  }
}

}  // namespace

void write_flyway(const Migrations& migrations, const variables::Values& values,
                  Exported& exported) {
  for (const Migration& migration : migrations) {
    write(migration, 'V', migration.upgrade, values, exported);
    if (migration.downgrade) write(migration, 'U', *migration.downgrade, values, exported);
    tell_of_names(migration, values, exported);
  }
}

}  // namespace steward::exporter
