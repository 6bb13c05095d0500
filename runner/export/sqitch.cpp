#include "runner/export/formats.h"
#include "runner/sql.h"
#include "runner/text.h"

namespace steward::exporter {
namespace {

// psql runs the file: a transaction must be begun in it.
std::string wrapped(const Script& script) {
  if (!script.transaction) return never_empty(script);
  const bool open = !script.statements.empty() && !script.copies && !sql::is_closed(script.text);
  return "BEGIN;\n\n" + script.text + (open ? ";\n" : "") + "\nCOMMIT;\n";
}

// The tool is content with what does not fail, so what is not true has to.
std::string verify_text(const revision::File& file) {
  const std::string script = revision::text(file, *file.verify);
  sql::Splitter splitter(sql::source_of(script), file.path.string(), file.verify->line);
  std::string text, query;
  for (sql::Statement statement; splitter.next(statement);) {
    if (statement.number == 0) continue;
    text += query.empty() ? "" : query + ";\n";
    query = trim(std::string_view(statement.text).substr(statement.first));
    while (query.ends_with(';')) query.pop_back();
  }
  std::string tag = "verify";
  while (query.find("$" + tag + "$") != query.npos) tag += "_";
  return "BEGIN;\n\n" + text + "DO $" + tag + "$ BEGIN\n  IF EXISTS (SELECT FROM (" + query +
         "\n) AS answer (passed) WHERE answer.passed IS NOT TRUE) THEN\n    RAISE EXCEPTION '" +
         "revision % is not as it should be', " + quote_literal(file.id) + ";\n  END IF;\nEND $" +
         tag + "$;\n\nROLLBACK;\n";
}

std::string name_of(const Migrations& migrations, const std::string& id) {
  for (const Migration& migration : migrations)
    if (migration.file->id == id) return migration.name;
  return id;
}

// A tag belongs to the change before it.
std::string plan_line(const Migrations& migrations, const Migration& migration) {
  const revision::File& file = *migration.file;
  const std::string date = file.created.empty() ? "2000-01-01T00:00:00Z" : file.created;
  const std::string planned = " " + date + " steward <steward@localhost> # ";
  std::vector<std::string> needs;
  for (const auto* list : {&file.parents, &file.depends_on})
    for (const std::string& id : *list) needs.push_back(name_of(migrations, id));
  std::string line = migration.name;
  if (!needs.empty()) line += " [" + joined(needs, " ") + "]";
  line += planned + printable(file.message) + "\n";
  for (const std::string& label : file.labels) line += "@" + label + planned + label + "\n";
  return line;
}

}  // namespace

void write_sqitch(const Migrations& migrations, Exported& exported) {
  std::string plan = "%syntax-version=1.0.0\n%project=migrations\n\n";
  exported.files.push_back({"sqitch.conf", "[core]\n\tengine = pg\n"});
  for (const Migration& migration : migrations) {
    const std::string file = migration.name + ".sql";
    plan += plan_line(migrations, migration);
    exported.files.push_back({"deploy/" + file, wrapped(migration.upgrade)});
    if (migration.downgrade)
      exported.files.push_back({"revert/" + file, wrapped(*migration.downgrade)});
    if (migration.file->verify && !migration.file->verify->empty)
      exported.files.push_back({"verify/" + file, verify_text(*migration.file)});
  }
  exported.files.push_back({"sqitch.plan", plan});
}

}  // namespace steward::exporter
