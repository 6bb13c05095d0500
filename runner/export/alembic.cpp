#include "runner/export/formats.h"
#include "runner/text.h"

namespace steward::exporter {
namespace {

// A text as Python writes it, over several lines.
std::string python(std::string_view text) {
  std::string result = "\"\"\"";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool quote = text[at] == '"' && (at + 1 == text.size() || text[at + 1] == '"');
    if (text[at] == '\\' || quote) result += '\\';
    if (text[at] == '\r')
      result += "\\r";
    else
      result += text[at];
  }
  return result + "\"\"\"";
}

std::string short_python(std::string_view text) {
  return "\"" + std::string(text) + "\"";  // ids and labels hold neither quote nor backslash
}

std::string tuple(const std::vector<std::string>& words) {
  if (words.empty()) return "None";
  if (words.size() == 1) return short_python(words.front());
  std::string text = "(";
  for (const std::string& word : words) text += short_python(word) + ", ";
  return text + ")";
}

// Each statement by itself, as it is: op.execute() would take `:name` for a parameter, and its
// offline form writes tabs as spaces.
constexpr std::string_view run = R"(def _run(sql: str) -> None:
    context = op.get_context()
    if context.as_sql:
        context.impl.static_output(sql)
    else:
        op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
)";

std::string body(const Script& script) {
  if (script.statements.empty()) return "    pass\n";
  std::string text;
  const std::string indent = script.transaction ? "    " : "        ";
  if (!script.transaction) text += "    with op.get_context().autocommit_block():\n";
  for (const std::string& statement : script.statements)
    text += indent + "_run(" + python(statement) + ")\n";
  return text;
}

std::string no_way_back(const revision::File& file) {
  const std::string why = file.irreversible ? *file.irreversible : "it has no downgrade";
  return "    raise NotImplementedError(" + python(file.id + ": " + why) + ")\n";
}

std::string version_file(const Migration& migration) {
  const revision::File& file = *migration.file;
  std::string text =
      python(file.message + "\n\nRevision ID: " + file.id + "\nRevises: " + joined(file.parents) +
             "\nCreate Date: " + file.created + "\n");
  text += "\nfrom alembic import op\n\nrevision = " + short_python(file.id) +
          "\ndown_revision = " + tuple(file.parents) + "\nbranch_labels = " + tuple(file.labels) +
          "\ndepends_on = " + tuple(file.depends_on) + "\n\n\n" + std::string(run);
  text += "\n\ndef upgrade() -> None:\n" + body(migration.upgrade);
  return text + "\n\ndef downgrade() -> None:\n" +
         (migration.downgrade ? body(*migration.downgrade) : no_way_back(file));
}

constexpr const char* settings = R"([alembic]
script_location = %(here)s
)";

constexpr const char* environment = R"("""Runs the revisions on the database of DATABASE_URL."""
import os

from alembic import context
from sqlalchemy import create_engine


def run_offline() -> None:
    context.configure(dialect_name="postgresql", transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
)";

}  // namespace

void write_alembic(const Migrations& migrations, Exported& exported) {
  exported.files.push_back({"alembic.ini", settings});
  exported.files.push_back({"env.py", environment});
  for (const Migration& migration : migrations)
    exported.files.push_back(
        {std::filesystem::path("versions") /
             (migration.file->id + "_" + revision::slug(migration.file->message) + ".py"),
         version_file(migration)});
}

}  // namespace steward::exporter
