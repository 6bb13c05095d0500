// Writes a directory of mixed revisions, the same for the same count: tables with foreign keys,
// columns, indexes, functions, seed rows and constraints, each with its downgrade. Also what the
// two floors send: all statements as one script for psql, and one file for each revision for wire.
//
//   generate COUNT DIRECTORY
//     DIRECTORY/migrations/*.sql   for steward
//     DIRECTORY/all.sql            for psql -1 -f
//     DIRECTORY/wire.sql           for wire: revisions separated by a line holding only a form feed
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace {

struct Scripts {
  std::string up;
  std::string down;
};

// The kinds take turns; whatever a kind needs, an earlier revision has made.
Scripts mixed(int n) {
  std::string id = std::to_string(n), base = std::to_string(n - n % 6);
  std::string table = "item_" + base;
  switch (n % 6) {
    case 0: {
      std::string parent = n == 0 ? ""
                                  : ",\n  parent_id bigint REFERENCES item_" +
                                        std::to_string(n - 6) + " (id) ON DELETE CASCADE";
      return {"CREATE TABLE item_" + id +
                  " (\n  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n"
                  "  title text NOT NULL,\n  state text NOT NULL DEFAULT 'open'" +
                  parent + ",\n  created_at timestamptz NOT NULL DEFAULT now()\n);\n",
              "DROP TABLE item_" + id + ";\n"};
    }
    case 1:
      return {
          "ALTER TABLE " + table + " ADD COLUMN note_" + id + " text, ADD COLUMN rank_" + id +
              " integer NOT NULL DEFAULT 0;\n",
          "ALTER TABLE " + table + " DROP COLUMN note_" + id + ", DROP COLUMN rank_" + id + ";\n"};
    case 2:
      return {"CREATE INDEX " + table + "_title_idx ON " + table + " (title, created_at DESC);\n",
              "DROP INDEX " + table + "_title_idx;\n"};
    case 3:
      return {"CREATE FUNCTION count_" + id +
                  "(wanted text) RETURNS bigint LANGUAGE plpgsql STABLE AS $$\nBEGIN\n"
                  "  RETURN (SELECT count(*) FROM " +
                  table + " WHERE state = wanted); -- one; two\nEND\n$$;\n",
              "DROP FUNCTION count_" + id + "(text);\n"};
    case 4:
      return {"INSERT INTO " + table +
                  " (title, state) VALUES\n  ('first', 'open'),\n  ('second; with a semicolon', "
                  "'done'),\n  ('third', 'open');\n",
              "DELETE FROM " + table + ";\n"};
    default:
      return {"ALTER TABLE " + table + " ADD CONSTRAINT " + table +
                  "_state_check CHECK (state IN ('open', 'done'));\n"
                  "COMMENT ON TABLE " +
                  table + " IS 'Items of batch " + id + "';\n",
              "COMMENT ON TABLE " + table + " IS NULL;\nALTER TABLE " + table +
                  " DROP CONSTRAINT " + table + "_state_check;\n"};
  }
}

std::string revision_id(int n) {
  char text[16];
  std::snprintf(text, sizeof text, "%012x", static_cast<unsigned>(n) + 0xa0000u);
  return text;
}

void write_revision(const std::filesystem::path& directory, int n, const Scripts& scripts) {
  std::string id = revision_id(n);
  std::ofstream out(directory / (id + "_mixed_" + std::to_string(n) + ".sql"));
  out << "-- revision: " << id << "\n-- revises:" << (n ? " " + revision_id(n - 1) : "")
      << "\n-- message: Mixed revision " << n
      << "\n-- created: 2026-11-20T10:00:00Z\n-- steward:upgrade\n"
      << scripts.up << "\n-- steward:downgrade\n"
      << scripts.down;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: generate COUNT DIRECTORY\n");
    return 2;
  }
  std::filesystem::path directory = argv[2];
  std::filesystem::create_directories(directory / "migrations");
  std::ofstream all(directory / "all.sql"), wire(directory / "wire.sql");
  for (int n = 0; n < std::atoi(argv[1]); ++n) {
    Scripts scripts = mixed(n);
    write_revision(directory / "migrations", n, scripts);
    all << scripts.up;
    wire << scripts.up << "\f\n";
  }
}
