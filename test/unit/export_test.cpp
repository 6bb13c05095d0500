// Exporting: what comes back through the importer are the same scripts, and what a tool cannot hold
// is refused by name.
#include "runner/export/export.h"

#include <gtest/gtest.h>

#include <memory>

#include "runner/import/write.h"
#include "runner/revision/directory.h"
#include "runner/sql.h"
#include "test/unit/import_support.h"

namespace steward::exporter {
namespace {

using importer::has;
using importer::Scratch;
using Texts = std::vector<std::string>;

plan::Project project_of(const Texts& texts) {
  std::vector<revision::File> files;
  for (const std::string& text : texts) {
    const std::string id = text.substr(13, text.find('\n') - 13);
    auto copy = std::make_shared<const std::string>(text);
    files.push_back(revision::parse(*copy, "migrations/" + id + "_" + id + ".sql"));
    files.back().copy = std::move(copy);
  }
  return plan::Project(std::move(files));
}

std::string header(const std::string& id, const std::string& parents,
                   const std::string& more = "") {
  return "-- revision: " + id + "\n-- revises: " + parents + "\n-- message: Make " + id +
         "\n-- created: 2026-01-02T03:04:05Z\n" + more;
}

// Scripts that divide tools: quotes, bodies with `;`, nothing at all, no way back, %, :name.
const Texts& history() {
  static const Texts texts = {
      header("8f3a", "") +
          "-- steward:upgrade\nCREATE TABLE a (n integer, \"odd;name\" text);\n"
          "INSERT INTO a VALUES (1, 'x;y'), (2, E'it''s\\n'), (3, ':name %s {}');\n"
          "-- steward:downgrade\nDROP TABLE a\n",
      header("1b2c", "8f3a") +
          "-- steward:upgrade\nCREATE FUNCTION f() RETURNS integer\n"
          "LANGUAGE plpgsql AS $body$\nBEGIN\n  PERFORM 1;\n  RETURN 2;\nEND\n"
          "$body$;\nCREATE VIEW v AS SELECT f() AS n;\n"
          "-- steward:downgrade\nDROP VIEW v;\nDROP FUNCTION f();\n",
      header("77aa", "1b2c") +
          "-- steward:upgrade transaction=off\n"
          "CREATE INDEX CONCURRENTLY a_n ON a (n);\n"
          "-- steward:downgrade transaction=off\n"
          "DROP INDEX CONCURRENTLY a_n;\n",
      header("0c0c", "77aa") + "-- steward:upgrade\n-- steward:downgrade\n",
      header("dead", "0c0c") +
          "-- steward:upgrade\nUPDATE a SET n = n + 1;\n"
          "-- steward:irreversible the old numbers are gone\n"};
  return texts;
}

void write_to(const Exported& exported, Scratch& scratch) {
  for (const OutFile& file : exported.files) scratch.file(file.path.string(), file.text);
}

// Upgrade and downgrade without layout and comments, and whether in a transaction.
Texts scripts_of(const revision::File& file) {
  const auto of = [&file](const revision::Section& section) {
    const std::string text = sql::squeezed(revision::text(file, section));
    return (section.options.transaction ? "" : "outside: ") + (text.ends_with(';') ? text
                                                               : text.empty()      ? text
                                                                                   : text + ";");
  };
  return {of(file.upgrade), file.downgrade ? of(*file.downgrade) : "none"};
}

std::vector<Texts> all_scripts(const plan::Project& project) {
  std::vector<Texts> scripts;
  for (const std::string& id : project.graph().order())
    scripts.push_back(scripts_of(*project.find(id)));
  return scripts;
}

class RoundTrip : public testing::TestWithParam<Tool> {};

TEST_P(RoundTrip, gives_the_same_scripts) {
  const plan::Project project = project_of(history());
  Scratch foreign, back;
  write_to(exported(GetParam(), project, {}), foreign);
  importer::write(importer::read(GetParam(), foreign.path()), back.path());
  const plan::Project again(revision::read_directory(back.path()));
  EXPECT_EQ(all_scripts(again), all_scripts(project));
}

INSTANTIATE_TEST_SUITE_P(Tools, RoundTrip,
                         testing::Values(Tool::golang_migrate, Tool::dbmate, Tool::goose,
                                         Tool::sqlx, Tool::diesel, Tool::flyway, Tool::prisma,
                                         Tool::sqitch, Tool::sql),
                         [](const auto& each) {
                           std::string name(importer::name_of(each.param));
                           std::erase(name, '-');
                           return name;
                         });

// What was imported from a tool goes back under its own versions.
TEST(Export, keeps_the_versions_of_an_imported_history) {
  for (const auto& [tool, name] :
       {std::pair{Tool::golang_migrate, "golang-migrate"}, std::pair{Tool::goose, "goose"},
        std::pair{Tool::diesel, "diesel"}}) {
    const importer::History history = importer::read_own(tool, name);
    Scratch ours, theirs, again;
    importer::write(history, ours.path());
    const plan::Project project(revision::read_directory(ours.path()));
    write_to(exported(tool, project, {}), theirs);
    const importer::History back = importer::read(tool, theirs.path());
    ASSERT_EQ(back.revisions.size(), history.revisions.size()) << name;
    for (std::size_t i = 0; i < back.revisions.size(); ++i)
      EXPECT_EQ(back.revisions[i].version, history.revisions[i].version) << name;
  }
}

std::string refusal(Tool tool, const std::string& sections, const std::string& headers = "") {
  try {
    exported(tool, project_of({header("8f3a", "", headers) + sections}), {});
  } catch (const Error& error) {
    return error.code() + ": " + error.what() + "; " + error.detail();
  }
  return "none";
}

TEST(Export, refuses_by_name_what_a_tool_cannot_run) {
  const std::string two = "-- steward:upgrade transaction=off\nSELECT 1;\nVACUUM;\n";
  const std::string copy = "-- steward:upgrade\nCOPY a FROM stdin;\n1\n\\.\n";
  for (const Tool tool :
       {Tool::golang_migrate, Tool::dbmate, Tool::sqlx, Tool::diesel, Tool::prisma})
    EXPECT_TRUE(refusal(tool, two).starts_with("cannot_export: ")) << importer::name_of(tool);
  for (const Tool tool : {Tool::goose, Tool::flyway, Tool::alembic, Tool::sqitch, Tool::sql})
    EXPECT_EQ(refusal(tool, two), "none") << importer::name_of(tool);
  for (const Tool tool : {Tool::goose, Tool::alembic, Tool::dbmate})
    EXPECT_TRUE(has(refusal(tool, copy), "revision \"8f3a\"; its COPY brings data along"));
  for (const Tool tool : {Tool::flyway, Tool::sqitch, Tool::sql})
    EXPECT_EQ(refusal(tool, copy), "none") << importer::name_of(tool);
  EXPECT_TRUE(refusal(Tool::dbmate, "-- steward:upgrade\nSELECT '\n-- migrate:down\n';\n")
                  .starts_with("cannot_export"));
  EXPECT_TRUE(refusal(Tool::goose, "-- steward:upgrade\nSELECT '\n-- +goose Down\n';\n")
                  .starts_with("cannot_export"));
}

TEST(Export, fills_variables_where_the_tool_has_none) {
  const std::string sections = "-- steward:upgrade\nCREATE SCHEMA ${owner};\n";
  EXPECT_TRUE(refusal(Tool::goose, sections, "-- variables: owner\n").starts_with("no_value"));
  const plan::Project project =
      project_of({header("8f3a", "", "-- variables: owner\n") + sections});
  const Exported goose = exported(Tool::goose, project, {{"owner", "eve"}});
  EXPECT_TRUE(has(goose.files[0].text, "CREATE SCHEMA eve;"));
  const Exported flyway = exported(Tool::flyway, project, {});
  EXPECT_EQ(flyway.files[0].path, "V0001__make_8f3a.sql");
  EXPECT_TRUE(has(flyway.files[0].text, "CREATE SCHEMA ${owner};"));
  EXPECT_EQ(flyway.files.size(), 1u);
  const Exported plain = exported(Tool::flyway, project_of({header("8f3a", "") + sections}), {});
  EXPECT_EQ(plain.files[1].text, "placeholderReplacement=false\n");
}

TEST(Export, says_options_as_statements) {
  const plan::Project project =
      project_of({header("8f3a", "") + "-- steward:upgrade role=boss lock_timeout=2s\nSELECT 1\n"
                                       "-- steward:downgrade transaction=off role=boss\nVACUUM\n"});
  const Exported pairs = exported(Tool::sql, project, {});
  EXPECT_EQ(pairs.files[0].text,
            "SET LOCAL role = 'boss';\nSET LOCAL lock_timeout = '2s';\nSELECT 1\n");
  EXPECT_EQ(pairs.files[1].text, "SET role = 'boss';\nVACUUM\n;\nRESET role;\n");
}

TEST(Export, tells_of_branches_and_what_is_left_out) {
  const plan::Project project = project_of(
      {header("8f3a", "") + "-- steward:upgrade\n", header("1b2c", "8f3a") + "-- steward:upgrade\n",
       header("77aa", "8f3a", "-- labels: side\n") +
           "-- steward:upgrade\n-- steward:verify\nSELECT true;\n",
       header("0c0c", "1b2c, 77aa") + "-- steward:upgrade\n"});
  const Exported linear = exported(Tool::goose, project, {});
  EXPECT_EQ(linear.notices.size(), 3u);
  EXPECT_EQ(linear.files.size(), 4u);
  const Exported graph = exported(Tool::alembic, project, {});
  EXPECT_EQ(graph.notices.size(), 1u);  // the verify section
  bool merged = false;
  for (const OutFile& file : graph.files)
    merged = merged || has(file.text, "down_revision = (\"1b2c\", \"77aa\", )");
  EXPECT_TRUE(merged);
}

}  // namespace
}  // namespace steward::exporter
