// Squashing: which rows can be one, what is written, and where a database stands to it.
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>

#include "runner/sql.h"
#include "runner/squash/parts.h"
#include "runner/squash/script.h"
#include "runner/squash/settings.h"
#include "runner/squash/settle.h"
#include "test/unit/import_support.h"

namespace steward::squash {
namespace {

using importer::has;
using importer::Scratch;
using Texts = std::vector<std::string>;

std::string text_of(const std::string& id, const std::string& parents, const std::string& sections,
                    const std::string& headers = "") {
  return "-- revision: " + id + "\n-- revises:" + (parents.empty() ? "" : " " + parents) +
         "\n-- message: make " + id + "\n" + headers + sections;
}

// A file that is kept in memory.
revision::File file_of(const std::string& text) {
  const std::string id = text.substr(13, text.find('\n') - 13);
  auto copy = std::make_shared<const std::string>(text);
  revision::File file = revision::parse(*copy, "migrations/" + id + "_" + id + ".sql");
  file.copy = std::move(copy);
  return file;
}

std::string up_down(const std::string& up, const std::string& down) {
  return "-- steward:upgrade\n" + up + "\n-- steward:downgrade\n" + down + "\n";
}

plan::Project project_of(const Texts& texts) {
  std::vector<revision::File> files;
  for (const std::string& text : texts) files.push_back(file_of(text));
  return plan::Project(std::move(files));
}

// Three in a row, each with a table.
Texts row() {
  return {text_of("a1", "", up_down("CREATE TABLE a1 ();", "DROP TABLE a1;")),
          text_of("a2", "a1", up_down("CREATE TABLE a2 ()", "DROP TABLE a2 -- gone")),
          text_of("a3", "a2", up_down("CREATE TABLE a3 ();", "DROP TABLE a3;"))};
}

std::string refusal(const Texts& texts, const std::string& range) {
  try {
    require_one(parts_of(line_of(project_of(texts), range)));
  } catch (const Error& error) {
    return error.code() + ": " + error.what() + "; " + error.detail() + "; " + error.hint();
  }
  return "none";
}

TEST(SquashLine, takes_both_ends_and_either_side_may_be_open) {
  const plan::Project project = project_of(row());
  for (const char* range : {"a1:a3", ":a3", ":", "a1:head"})
    EXPECT_EQ(line_of(project, range).size(), 3u) << range;
  EXPECT_EQ(line_of(project, "a2:a3").front()->id, "a2");
}

TEST(SquashLine, refuses_what_is_no_row) {
  Texts texts = row();
  EXPECT_TRUE(refusal(texts, "a2:a2").starts_with("nothing_to_squash"));
  EXPECT_TRUE(refusal(texts, "a2").starts_with("bad_target"));
  texts.push_back(text_of("b1", "a2", "-- steward:upgrade\n"));
  EXPECT_TRUE(refusal(texts, "a1:a3").starts_with("not_a_line: revision \"a2\" is revised by"));
  EXPECT_EQ(refusal(texts, "a1:a2"), "none");
  texts.push_back(text_of("m1", "a3, b1", "-- steward:upgrade\n"));
  EXPECT_TRUE(refusal(texts, "a3:m1").starts_with("not_a_line"));
}

TEST(SquashLine, refuses_what_others_name) {
  Texts texts = row();
  texts[1] = text_of("a2", "a1", "-- steward:upgrade\n", "-- labels: billing\n");
  EXPECT_TRUE(refusal(texts, "a1:a3").starts_with("points_inside: label \"billing\""));
  EXPECT_EQ(refusal(texts, "a1:a2"), "none");  // the last one keeps id and label
  texts = row();
  texts.push_back(text_of("b1", "", "-- steward:upgrade\n", "-- depends-on: a2\n"));
  EXPECT_TRUE(refusal(texts, "a1:a3").starts_with("points_inside: revision \"b1\" depends on"));
  EXPECT_EQ(refusal(texts, "a1:a2"), "none");
}

struct Obstructed {
  std::string name;
  std::string second;  // of three
  std::string why;
};

class SquashParts : public testing::TestWithParam<Obstructed> {};

TEST_P(SquashParts, are_cut_where_a_transaction_cannot_be_shared) {
  Texts texts = row();
  texts[0] =
      text_of("a1", "", up_down("CREATE TABLE a1 ();\nALTER TYPE mood ADD VALUE 'calm';", ""),
              "-- variables: owner=eve\n");
  texts[1] = GetParam().second;
  const std::string refused = refusal(texts, "a1:a3");
  EXPECT_TRUE(refused.starts_with("cannot_share: revision \"a2\"")) << refused;
  EXPECT_TRUE(has(refused, GetParam().why)) << refused;
}

INSTANTIATE_TEST_SUITE_P(
    Reasons, SquashParts,
    testing::Values(
        Obstructed{"outside", text_of("a2", "a1", "-- steward:upgrade transaction=off\nVACUUM;\n"),
                   "a2: it runs outside a transaction"},
        Obstructed{"role", text_of("a2", "a1", "-- steward:upgrade role=boss\nSELECT 1;\n"),
                   "its role is boss, not the default"},
        Obstructed{"timeout",
                   text_of("a2", "a1", "-- steward:upgrade lock_timeout=1min\nSELECT 1;\n"),
                   "its lock_timeout is 1min"},
        Obstructed{"enum", text_of("a2", "a1", up_down("INSERT INTO t VALUES ('calm');", "")),
                   "it uses 'calm', which a1 adds to an enum"},
        Obstructed{"variable",
                   text_of("a2", "a1", up_down("SELECT 1;", ""), "-- variables: owner=bob\n"),
                   "its variable owner has another default"},
        Obstructed{"plain", text_of("a2", "a1", up_down("SELECT '${owner}';", "")),
                   "${owner} is plain text in it"},
        Obstructed{"constraints", text_of("a2", "a1", up_down("SET CONSTRAINTS ALL DEFERRED;", "")),
                   "the `set constraints` of a2 cannot be taken back"}),
    [](const auto& each) { return each.param.name; });

TEST(SquashSplit, leaves_alone_what_runs_outside_a_transaction) {
  Texts texts = row();
  texts.push_back(text_of("a4", "a3", "-- steward:upgrade transaction=off\nVACUUM;\n"));
  texts.push_back(text_of("a5", "a4", up_down("SELECT 1;", "")));
  texts.push_back(text_of("a6", "a5", up_down("SELECT 1;", "")));
  const plan::Project project = project_of(texts);
  const std::vector<Part> parts = parts_of(line_of(project, ":"));
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_EQ(parts[0].members.size(), 3u);
  EXPECT_EQ(parts[1].members.size(), 1u);
  EXPECT_EQ(parts[2].members.back()->id, "a6");
  EXPECT_TRUE(has(refusal(texts, ":"), "a1:a3, a5:a6"));
}

TEST(SquashSplit, allows_a_value_of_an_enum_that_is_made_in_the_row) {
  const Texts texts = {text_of("a1", "", up_down("CREATE TYPE mood AS ENUM ('sad');", "")),
                       text_of("a2", "a1", up_down("ALTER TYPE mood ADD VALUE 'calm';", "")),
                       text_of("a3", "a2", up_down("CREATE TABLE t (m mood DEFAULT 'calm');", ""))};
  EXPECT_EQ(refusal(texts, ":"), "none");
}

TEST(SquashScript, goes_there_in_order_and_back_in_reverse) {
  const plan::Project project = project_of(row());
  const Squashed whole = squashed(line_of(project, ":"), "All of it");
  const revision::File file = revision::parse(whole.text, "a3_a3.sql");
  EXPECT_EQ(file.id, "a3");
  EXPECT_EQ(file.parents, Texts());
  EXPECT_EQ(file.replaces, (Texts{"a1", "a2"}));
  EXPECT_EQ(file.message, "All of it");
  const auto at = [&whole](const char* part) { return whole.text.find(part); };
  EXPECT_LT(at("CREATE TABLE a1"), at("CREATE TABLE a2"));
  EXPECT_LT(at("CREATE TABLE a2"), at("CREATE TABLE a3"));
  EXPECT_LT(at("DROP TABLE a3"), at("DROP TABLE a2"));
  EXPECT_LT(at("DROP TABLE a2"), at("DROP TABLE a1"));
  EXPECT_TRUE(has(whole.text, "CREATE TABLE a2 ()\n;\n")) << whole.text;
  EXPECT_TRUE(has(whole.text, "DROP TABLE a2 -- gone\n;\n")) << whole.text;
}

TEST(SquashScript, says_what_is_lost) {
  Texts texts = row();
  texts[1] =
      text_of("a2", "a1", "-- steward:upgrade\nSELECT 1;\n-- steward:verify\nSELECT true;\n");
  const plan::Project project = project_of(texts);
  const Squashed whole = squashed(line_of(project, ":"), "");
  EXPECT_FALSE(revision::parse(whole.text, "a3_a3.sql").downgrade);
  EXPECT_EQ(whole.notes, (Texts{"a3 has no downgrade, since a2 has none",
                                "the verify section of a2 is left out: it need not hold after what "
                                "follows"}));
  texts[1] =
      text_of("a2", "a1", "-- steward:upgrade\nSELECT 1;\n-- steward:irreversible rows are gone\n");
  const plan::Project other = project_of(texts);
  EXPECT_EQ(revision::parse(squashed(line_of(other, ":"), "").text, "a3_a3.sql").irreversible,
            "a2: rows are gone");
}

TEST(SquashScript, keeps_copy_data_and_gives_settings_back) {
  Texts texts = row();
  texts[0] = text_of(
      "a1", "", up_down("SET search_path = app;\nCOPY a FROM stdin;\n1\n\\.\n", "DROP TABLE a;"));
  const plan::Project project = project_of(texts);
  const Squashed whole = squashed(line_of(project, ":"), "");
  EXPECT_TRUE(has(whole.text,
                  "COPY a FROM stdin;\n1\n\\.\nSELECT pg_catalog.set_config("
                  "'search_path', pg_catalog.current_setting('squash.search_path'), "
                  "true);\n"))
      << whole.text;
  EXPECT_LT(whole.text.find("set_config('squash.search_path'"), whole.text.find("SET search_path"));
}

TEST(SquashScript, carries_on_what_was_squashed_before) {
  Texts texts = row();
  texts[0] = text_of("a1", "", up_down("SELECT 1;", ""), "-- replaces: z1, z2\n");
  const plan::Project project = project_of(texts);
  EXPECT_EQ(squashed(line_of(project, ":"), "").file.replaces, (Texts{"z1", "z2", "a1", "a2"}));
}

struct Setting {
  std::string script;
  Texts names;
  std::string trouble;
};

TEST(SquashSettings, are_seen_in_every_spelling) {
  const std::vector<Setting> settings = {
      {"SET search_path TO a, b;", {"search_path"}, ""},
      {"SET LOCAL \"TimeZone\" = 'UTC'; SET TIME ZONE 'UTC';", {"timezone"}, ""},
      {"SET SESSION my.name = 1; RESET my.name;", {"my.name"}, ""},
      {"SELECT pg_catalog.set_config('search_path', '', false);", {"search_path"}, ""},
      {"SET ROLE boss;", {"role"}, ""},
      {"SELECT set_config('squash.role', current_setting('role'), true);", {}, ""},
      {"SELECT set_config(name, '', false) FROM t;", {}, "set_config(name"},
      {"SET SESSION AUTHORIZATION eve;", {}, "set session"},
      {"RESET ALL;", {}, "reset all"},
      {"DISCARD PLANS;", {}, "discard"},
      {"UPDATE t SET a = 1; SELECT 'SET x = 1';", {}, ""},
  };
  for (const Setting& one : settings) {
    const Settings found = settings_in(one.script, "x.sql");
    EXPECT_EQ(found.names, one.names) << one.script;
    EXPECT_EQ(found.trouble, one.trouble) << one.script;
  }
}

ledger::State state_of(const Texts& ids) {
  ledger::State state;
  for (const std::string& id : ids) state.revisions.emplace_back().id = id;
  state.heads = {ids.back()};
  return state;
}

Texts ids_of(const ledger::State& state) {
  Texts ids;
  for (const ledger::Revision& row : state.revisions) ids.push_back(row.id);
  return ids;
}

Texts squashed_row() {
  return {text_of("p", "", "-- steward:upgrade\n"),
          text_of("a3", "p", "-- steward:upgrade\nSELECT 3;\n", "-- replaces: a1, a2\n"),
          text_of("c", "a3", "-- steward:upgrade\n")};
}

TEST(SquashSettle, takes_the_old_rows_for_the_new_one) {
  const plan::Project project = project_of(squashed_row());
  // File::copy marks what the ledger brings back; these stand for files.
  std::vector<revision::File> files = project.files();
  for (revision::File& file : files) file.copy.reset();
  const plan::Project real(std::move(files));
  ledger::State state = state_of({"p", "a1", "a2", "a3", "c"});
  const auto unrecorded = settle(real, {}, state);
  ASSERT_EQ(unrecorded.size(), 1u);
  EXPECT_EQ(unrecorded[0].replaced, (Texts{"a1", "a2"}));
  EXPECT_EQ(unrecorded[0].rows.size(), 3u);
  EXPECT_EQ(ids_of(state), (Texts{"p", "a3", "c"}));
  EXPECT_EQ(state.find("a3")->parents, Texts{"p"});
  EXPECT_EQ(state.find("a3")->upgrade_checksum, real.find("a3")->upgrade.checksum);
  EXPECT_TRUE(settle(real, {}, state).empty());
}

TEST(SquashSettle, takes_the_new_row_for_the_old_ones_in_an_older_release) {
  std::vector<revision::File> files;
  for (const std::string& text : row()) files.push_back(file_of(text));
  for (revision::File& file : files) file.copy.reset();
  const plan::Project older(std::move(files));
  ledger::State state = state_of({"a3"});
  EXPECT_EQ(doubtful(older, state).size(), 1u);
  const auto unrecorded = settle(older, {{"a3", {"a1", "a2"}}}, state);
  ASSERT_EQ(unrecorded.size(), 1u);
  EXPECT_FALSE(unrecorded[0].squashes);
  EXPECT_EQ(ids_of(state), (Texts{"a1", "a2", "a3"}));
  EXPECT_TRUE(doubtful(older, state).empty());
}

TEST(SquashSettle, goes_on_with_the_old_files_within_the_row) {
  Scratch scratch;
  const Texts old = row(), now = squashed_row();
  scratch.file("migrations/p_p.sql", now[0]).file("migrations/a3_a3.sql", now[1]);
  const auto read = [&scratch] { return revision::read(scratch.path() / "migrations/a3_a3.sql"); };
  try {
    files_for({read()}, {"a1"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "within_squash");
    EXPECT_EQ(error.exit(), Exit::integrity);
  }
  scratch.file("migrations/squashed/a3/a1_a1.sql", old[0]);
  scratch.file("migrations/squashed/a3/a2_a2.sql", old[1]);
  scratch.file("migrations/squashed/a3/a3_a3.sql", old[2]);
  EXPECT_EQ(files_for({read()}, {"a1"}).size(), 3u);
  EXPECT_EQ(files_for({read()}, {}).size(), 1u);
  EXPECT_EQ(files_for({read()}, {"a1", "a2", "a3"}).size(), 1u);
}

TEST(SquashSettle, refuses_a_replaced_file_that_is_there_again) {
  Texts texts = squashed_row();
  std::vector<revision::File> files;
  for (const std::string& text : texts) files.push_back(file_of(text));
  files.push_back(file_of(text_of("a2", "p", "-- steward:upgrade\n")));
  for (revision::File& file : files) file.copy.reset();
  try {
    plan::Project project(std::move(files));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "replaced_revision");
  }
  texts.push_back(text_of("b1", "a2", "-- steward:upgrade\n"));
  try {
    project_of(texts);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "unknown_parent");
    EXPECT_TRUE(has(error.hint(), "-- revises: a3")) << error.hint();
  }
}

}  // namespace
}  // namespace steward::squash
