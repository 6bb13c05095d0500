// Sqitch: its plan, where its files are, and what becomes of them.
#include <gtest/gtest.h>

#include "runner/import/recorded.h"
#include "runner/import/write.h"
#include "test/unit/import_support.h"

namespace steward::importer {
namespace {

constexpr const char* plan_text = R"(%syntax-version=1.0.0
%project=flipr
%uri=https://example.org/

# comment
appschema 2026-01-01T10:00:00Z Eve <eve@example.org> # Adds flipr app schema.
users [appschema] 2026-01-02T10:00:00Z Eve <eve@example.org> # Creates users.\nWith care.
@v1.0 2026-01-02T11:00:00Z Eve <eve@example.org> # Tag it.
@v1-beta 2026-01-02T11:00:00Z Eve <eve@example.org>

users [users@v1.0 !lists other:base] 2026-01-03T10:00:00Z Eve <eve@example.org> # Reworks users.
add-index 2026-01-04T10:00:00Z Eve <eve@example.org>
)";

Scratch& fill(Scratch& scratch) {
  return scratch.file("sqitch.conf", "[core]\n\tengine = pg\n\ttop_dir = db\n")
      .file("db/sqitch.plan", plan_text)
      .file("db/deploy/appschema.sql", "-- Deploy\n\nBEGIN;\n\nCREATE SCHEMA app;\n\nCOMMIT;\n")
      .file("db/revert/appschema.sql", "BEGIN;\nDROP SCHEMA app;\nCOMMIT;\n")
      .file("db/verify/appschema.sql",
            "BEGIN;\nSELECT 1/count(*) FROM pg_namespace WHERE nspname = 'app';\nROLLBACK;\n")
      .file("db/deploy/users@v1.0.sql", "BEGIN;\nCREATE TABLE app.users ();\nCOMMIT;\n")
      .file("db/deploy/users.sql", "BEGIN;\nALTER TABLE app.users ADD n integer;\nCOMMIT;\n")
      .file("db/deploy/add-index.sql", "CREATE INDEX CONCURRENTLY users_n ON app.users (n);\n");
}

TEST(Sqitch, reads_the_plan_with_its_tags_and_reworked_changes) {
  Scratch scratch;
  const History history = read(Tool::sqitch, fill(scratch).path());
  ASSERT_EQ(history.revisions.size(), 4u);
  EXPECT_EQ(history.project, "flipr");
  EXPECT_EQ(history.revisions[0].id, "appschema");
  EXPECT_EQ(history.revisions[0].name, "Adds flipr app schema.");
  EXPECT_EQ(history.revisions[0].created, "2026-01-01T10:00:00Z");
  EXPECT_EQ(history.revisions[1].version, "users@v1.0");
  EXPECT_EQ(history.revisions[1].labels, Texts{"v1.0"});
  EXPECT_EQ(history.revisions[2].id, "users");
  EXPECT_TRUE(has(history.revisions[2].upgrade.text, "ADD n integer"));
  EXPECT_EQ(history.revisions[3].id.size(), 12u);  // a dash is none of an id's
  EXPECT_FALSE(history.revisions[3].upgrade.transaction);
  EXPECT_FALSE(history.revisions[1].downgrade);
  Texts notes;
  for (const Notice& notice : history.notices)
    if (notice.place.file.ends_with("sqitch.plan")) notes.push_back(notice.text);
  EXPECT_EQ(notes, (Texts{"the tag @v1-beta is left out: it cannot be a label",
                          "users conflicts with lists, which is not looked at",
                          "users needs other:base of another project, which is not looked at"}));
}

TEST(Sqitch, makes_of_a_verify_script_what_fails_or_says_nothing) {
  Scratch scratch;
  const History history = read(Tool::sqitch, fill(scratch).path());
  ASSERT_TRUE(history.revisions[0].verify);
  EXPECT_EQ(history.revisions[0].verify->text,
            "DO $verify$BEGIN EXECUTE $query$SELECT 1/count(*) FROM pg_namespace WHERE nspname = "
            "'app'$query$; END$verify$;\n");
  EXPECT_TRUE(has(file_text(history.revisions[0], ""), "-- steward:verify\nDO $verify$"));
}

TEST(Sqitch, refuses_a_plan_it_does_not_understand) {
  for (const char* line : {"-users 2026-01-01T10:00:00Z Eve <eve@example.org>\n", "@v1 2026\n"}) {
    Scratch scratch;
    scratch.file("sqitch.plan", std::string("%project=x\n") + line);
    try {
      read(Tool::sqitch, scratch.path());
      ADD_FAILURE() << line;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "bad_plan");
      EXPECT_EQ(error.place()->line, 2u);
    }
  }
}

TEST(Sqitch, maps_the_registry_of_its_project_alone) {
  Scratch scratch;
  const History history = read(Tool::sqitch, fill(scratch).path());
  pg::Rows rows({"change", "project", "script_hash"});
  for (const char* value :
       {"appschema", "flipr", "0000", "base", "other", "", "users", "flipr", ""})
    rows.add(value);
  const Recorded recorded = map_history(history, rows);
  EXPECT_EQ(recorded.applied, (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(recorded.notices.size(), 1u);  // the first was edited
}

}  // namespace
}  // namespace steward::importer
