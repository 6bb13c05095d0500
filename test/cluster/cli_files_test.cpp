// The verbs that need nothing but files, and the command line itself.
#include <gtest/gtest.h>

#include <csignal>
#include <nlohmann/json.hpp>

#include "test/cluster/support/json_lines.h"
#include "test/cluster/support/project.h"

namespace steward::test {
namespace {

using nlohmann::json;

TEST(Cli, says_what_it_is) {
  EXPECT_EQ(steward({"--version"}).out, "steward " STEWARD_VERSION "\n");
  const auto help = steward({"--help"});
  EXPECT_EQ(help.exit, 0);
  for (const char* verb :
       {"init", "revision", "upgrade", "downgrade", "current", "history", "heads", "branches",
        "show", "merge", "stamp", "status", "import", "dev", "doctor"})
    EXPECT_NE(help.out.find(verb), std::string::npos) << verb;
  EXPECT_NE(steward({"upgrade", "--help"}).out.find("--atomic"), std::string::npos);
}

TEST(Cli, refuses_bad_usage_with_2) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{},
                                             {"nonsense"},
                                             {"upgrade", "--nonsense"},
                                             {"upgrade", "a", "b"},
                                             {"revision"},
                                             {"downgrade"},
                                             {"-c"}}) {
    const auto run = steward(words);
    EXPECT_EQ(run.exit, 2) << testing::PrintToString(words);
    EXPECT_EQ(run.out, "");
    EXPECT_TRUE(run.err.starts_with("error: ")) << run.err;
    EXPECT_NE(run.err.find("--help"), std::string::npos);
  }
}

TEST(Cli, spells_what_is_missing_as_the_help_does) {
  EXPECT_TRUE(steward({"squash"}).err.starts_with("error: RANGE is required\n"));
  EXPECT_TRUE(steward({"upgrade", "--nonsense"}).err.starts_with("error: the following argument"));
}

TEST(Cli, names_a_tool_that_nobody_knows) {
  const Project project;
  const auto run = project.steward({"export", "--to", "cobol", "out"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_TRUE(run.err.starts_with("error: \"cobol\" is no tool")) << run.err;
}

TEST(Cli, gives_scripts_an_object_for_bad_usage_too) {
  const auto run = steward({"upgrade", "--nonsense", "--json"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_EQ(run.err, "");
  EXPECT_EQ(json::parse(last_line(run.out))["error"]["code"], "usage");
  EXPECT_EQ(json::parse(last_line(run.out))["error"]["exit"], 2);
}

TEST(Cli, takes_globals_before_and_after_the_verb) {
  Project project;
  project.add_chain(1);
  EXPECT_EQ(project.steward({"--json", "heads"}).out, project.steward({"heads", "--json"}).out);
  EXPECT_EQ(project.steward({"-c", "steward.toml", "heads"}).out, "a1 (head)\n");
  EXPECT_EQ(project.steward({"heads", "-c", "steward.toml"}).out, "a1 (head)\n");
}

TEST(Cli, does_not_mind_a_reader_who_went_away) {
  Project project;
  project.add_chain(3);
  RunOptions options;
  options.closed_stdout = true;
  EXPECT_EQ(project.steward({"history"}, options).exit, 0);
}

TEST(Init, makes_a_project_once) {
  Project project;
  std::filesystem::remove(project.root() / "steward.toml");
  EXPECT_EQ(project.steward({"init", "db/revisions"}).exit, 0);
  EXPECT_TRUE(std::filesystem::is_directory(project.root() / "db/revisions"));
  EXPECT_EQ(project.steward({"history"}).exit, 0);
  const auto again = project.steward({"init"});
  EXPECT_EQ(again.exit, 2);
  EXPECT_NE(again.err.find("steward.toml"), std::string::npos);
}

TEST(Cli, says_which_directory_is_missing) {
  Project project;
  std::filesystem::remove(project.root() / "migrations");
  const auto run = project.steward({"history"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_NE(run.err.find("migrations"), std::string::npos);
  EXPECT_NE(run.err.find("hint: steward init"), std::string::npos);
}

TEST(Cli, names_file_and_line_of_a_malformed_revision) {
  Project project;
  project.write("migrations/a1_x.sql",
                "-- revision: a1\n-- revises:\n-- colour: blue\n-- steward:upgrade\nSELECT 1;\n");
  const auto run = project.steward({"heads"});
  EXPECT_EQ(run.exit, 2);
  EXPECT_NE(run.err.find("migrations/a1_x.sql:3"), std::string::npos) << run.err;
}

TEST(Revision, writes_a_file_on_top_of_the_head) {
  Project project;
  project.add_chain(1);
  const auto run = project.steward({"revision", "-m", "Add a column", "--json"});
  ASSERT_EQ(run.exit, 0) << run.all();
  const json made = json::parse(last_line(run.out));
  EXPECT_EQ(made["parents"], json({"a1"}));
  const std::string text = project.read(made["file"]);
  EXPECT_NE(text.find("-- revises: a1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("-- message: Add a column\n"), std::string::npos);
  EXPECT_EQ(made["revision"].get<std::string>().size(), 12u);
}

TEST(Revision, wants_to_know_which_of_several_heads) {
  Project project;
  project.add_chain(1);
  project.add("b", "a1", "");
  project.add("c", "a1", "");
  EXPECT_EQ(project.steward({"revision", "-m", "x"}).exit, 5);
  EXPECT_EQ(project.steward({"new", "-m", "x", "--head", "b", "--rev-id", "d"}).exit, 0);
  EXPECT_EQ(project.steward({"revision", "-m", "x", "--head", "a1"}).exit, 5);
  EXPECT_EQ(project.steward({"revision", "-m", "x", "--head", "a1", "--splice"}).exit, 0);
  EXPECT_EQ(
      project.steward({"revision", "-m", "x", "--head", "base", "--branch-label", "apart"}).exit,
      0);
  EXPECT_EQ(project.steward({"revision", "-m", "x", "--head", "d", "--rev-id", "d"}).exit, 5);
  EXPECT_EQ(project.steward({"revision", "-m", "x", "--head", "d", "--rev-id", "a b"}).exit, 2);
}

TEST(Merge, joins_the_heads) {
  Project project;
  project.add_chain(1);
  EXPECT_EQ(project.steward({"merge", "heads", "-m", "x"}).exit, 5);
  project.add("b", "a1", "");
  project.add("c", "a1", "");
  EXPECT_EQ(project.steward({"merge", "b", "c", "-m", "join", "--rev-id", "d"}).exit, 0);
  EXPECT_EQ(project.steward({"heads"}).out, "d (head) (mergepoint)\n");
}

TEST(History, is_newest_first_and_takes_ranges) {
  Project project;
  project.add_chain(3);
  EXPECT_EQ(project.steward({"history"}).out,
            "a2 -> a3 (head), a3\na1 -> a2, a2\n<base> -> a1, a1\n");
  EXPECT_EQ(project.steward({"history", "-r", "a2:"}).out, "a2 -> a3 (head), a3\na1 -> a2, a2\n");
  EXPECT_EQ(project.steward({"history", "-r", ":a1"}).out, "<base> -> a1, a1\n");
  const auto verbose = project.steward({"history", "-v", "-r", "a3:a3"});
  EXPECT_NE(verbose.out.find("Rev: a3 (head)\nParent: a2\nPath: migrations/a3_a3.sql\n"),
            std::string::npos)
      << verbose.out;
  const json listed = json::parse(last_line(project.steward({"history", "--json"}).out));
  EXPECT_EQ(listed["verb"], "history");
  ASSERT_EQ(listed["revisions"].size(), 3u);
  EXPECT_EQ(listed["revisions"][0]["revision"], "a3");
  EXPECT_EQ(listed["revisions"][0]["head"], true);
  EXPECT_EQ(listed["revisions"][2]["parents"], json::array());
}

TEST(Branches, shows_what_goes_on_from_where) {
  Project project;
  project.add_chain(1);
  project.add("b", "a1", "");
  project.add("c", "a1", "");
  EXPECT_EQ(project.steward({"branches"}).out,
            "a1 (branchpoint), a1\n   -> b (head), b\n   -> c (head), c\n");
  EXPECT_EQ(json::parse(
                last_line(project.steward({"branches", "--json"}).out))["revisions"][0]["children"],
            json({"b", "c"}));
}

TEST(Show, prints_a_revision_and_its_scripts) {
  Project project;
  project.add_chain(2);
  const auto run = project.steward({"show", "head", "-v"});
  EXPECT_EQ(run.exit, 0);
  EXPECT_NE(run.out.find("CREATE TABLE a2"), std::string::npos);
  EXPECT_NE(run.out.find("DROP TABLE a2"), std::string::npos);
  EXPECT_EQ(project.steward({"show", "nosuch"}).exit, 5);
}

TEST(Graph, faults_exit_with_5) {
  Project cycle;
  cycle.add("a", "b", "");
  cycle.add("b", "a", "");
  EXPECT_EQ(cycle.steward({"heads"}).exit, 5);
  Project orphan;
  orphan.add("a", "gone", "");
  const auto run = orphan.steward({"heads"});
  EXPECT_EQ(run.exit, 5);
  EXPECT_NE(run.err.find("gone"), std::string::npos);
  Project twice;
  twice.add("a", "", "");
  twice.write("migrations/a_again.sql", "-- revision: a\n-- steward:upgrade\nSELECT 1;\n");
  EXPECT_EQ(twice.steward({"heads"}).exit, 5);
}

}  // namespace
}  // namespace steward::test
