// completion: what real shells offer, and that no key waits for a database.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "test/cluster/support/project.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

class Completion : public testing::Test {
 protected:
  Completion() {
    project_.add("8f3a", "", "SELECT 1;");
    project_.add("8f4b", "8f3a", "SELECT 1;", "", "-- labels: billing\n");
    project_.add("77aa", "8f3a", "SELECT 1;");
    project_.write("migrations/broken.sql", "SELECT 'no revision'");
    project_.use("postgresql://nobody@192.0.2.1/nowhere");  // an address that nobody answers at
  }

  // What the program offers, without the descriptions.
  Words offered(Words typed) const {
    typed.insert(typed.begin(), {"completion", "words"});
    const Outcome asked = project_.steward(typed);
    EXPECT_EQ(asked.exit, 0) << asked.all();
    EXPECT_EQ(asked.err, "");
    Words words;
    std::istringstream lines(asked.out);
    for (std::string line; std::getline(lines, line);)
      words.push_back(line.substr(0, line.find('\t')));
    return words;
  }
  static bool has(const Words& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  }

  Project project_;
};

TEST_F(Completion, offers_verbs_and_their_other_names) {
  EXPECT_EQ(offered({"up"}), (Words{"upgrade", "up"}));
  EXPECT_TRUE(has(offered({""}), "squash"));
  EXPECT_TRUE(has(offered({"--"}), "--url"));
  EXPECT_EQ(offered({"-u", "postgresql://x", "down"}), (Words{"downgrade", "down"}));
}

TEST_F(Completion, offers_flags_of_the_verb_and_of_all) {
  const Words flags = offered({"upgrade", "--"});
  for (const char* flag : {"--dry-run", "--ignore-future", "--json", "--config"})
    EXPECT_TRUE(has(flags, flag)) << flag;
  EXPECT_FALSE(has(flags, "--message"));
  EXPECT_EQ(offered({"up", "--dry"}), Words{"--dry-run"});
}

TEST_F(Completion, offers_revisions_labels_and_words_where_a_target_stands) {
  EXPECT_EQ(offered({"upgrade", "8f"}), (Words{"8f3a", "8f4b"}));
  EXPECT_EQ(offered({"upgrade", "b"}), (Words{"base", "billing@head", "billing@base", "billing"}));
  EXPECT_EQ(offered({"downgrade", "-1"}), Words{"-1"});
  EXPECT_EQ(offered({"squash", "8f3a:8f4"}), Words{"8f3a:8f4b"});
  EXPECT_EQ(offered({"history", "-r", "77aa:hea"}), (Words{"77aa:head", "77aa:heads"}));
  EXPECT_EQ(offered({"show", "77"}), Words{"77aa"});
  EXPECT_EQ(offered({"merge", "8f3a", "77"}), Words{"77aa"});
  EXPECT_EQ(offered({"show", "77aa", ""}), Words());  // it takes one
  EXPECT_EQ(offered({"revision", "--head", "77"}), Words{"77aa"});
  EXPECT_EQ(offered({"revision", "--head=77"}), Words{"--head=77aa"});
  EXPECT_EQ(offered({"revision", "-m", "77"}), Words());
}

TEST_F(Completion, offers_the_values_that_a_flag_takes) {
  EXPECT_EQ(offered({"hygiene", "--format", "js"}), Words{"json"});
  EXPECT_EQ(offered({"import", "--from", "s"}), (Words{"sql", "sqitch", "sqlx"}));
  EXPECT_EQ(offered({"export", "--to", "go"}), (Words{"golang-migrate", "goose"}));
  EXPECT_EQ(offered({"dev", "st"}), (Words{"start", "stop"}));
  EXPECT_EQ(offered({"completion", "z"}), Words{"zsh"});
  EXPECT_EQ(offered({"-c", ""}), Words{":files"});
}

TEST_F(Completion, is_silent_where_there_is_no_project) {
  EXPECT_EQ(offered({"-c", "/nowhere/steward.toml", "upgrade", "8f"}), Words());
}

TEST_F(Completion, knows_three_shells) {
  const Outcome other = project_.steward({"completion", "tcsh"});
  EXPECT_EQ(other.exit, 2);
  EXPECT_NE(other.err.find("known: bash, zsh, fish"), std::string::npos) << other.err;
}

class Shells : public Completion {
 protected:
  // Runs a script in the project with steward on PATH.
  Words in_shell(const std::string& shell, const std::string& script) {
    RunOptions options;
    options.directory = project_.root().string();
    options.environment["PATH"] =
        fs::path(steward_path()).parent_path().string() + ":/usr/bin:/bin";
    options.environment["HOME"] = project_.root().string();
    const Outcome ran = run({shell, "-c", script}, options);
    EXPECT_EQ(ran.exit, 0) << ran.all();
    EXPECT_EQ(ran.err, "");
    Words words;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) words.push_back(line);
    return words;
  }
  static bool installed(const std::string& shell) {
    return fs::exists("/usr/bin/" + shell) || fs::exists("/bin/" + shell);
  }

  // As readline would call it, with its words cut at `:` and `@`.
  Words bash(const std::string& line) {
    return in_shell("bash",
                    "eval \"$(steward completion bash)\"\n"
                    "complete -p steward >/dev/null || exit 9\n"
                    "COMP_WORDBREAKS=$' \\t\\n\"\\'><=;|&(:@'\n"
                    "COMP_LINE='" +
                        line + "' COMP_POINT=" + std::to_string(line.size()) +
                        "\n_steward\nprintf '%s\\n' \"${COMPREPLY[@]}\"");
  }
};

TEST_F(Shells, bash_completes_words) {
  EXPECT_EQ(bash("steward squ"), Words{"squash"});
  EXPECT_EQ(bash("steward upgrade 8f"), (Words{"8f3a", "8f4b"}));
  EXPECT_EQ(bash("steward upgrade billing@h"), Words{"head"});
  EXPECT_EQ(bash("steward squash 8f3a:8f4"), Words{"8f4b"});
  EXPECT_TRUE(has(bash("steward downgrade -"), "--dry-run"));
  EXPECT_EQ(bash("steward -c ste"), Words{"steward.toml"});
}

TEST_F(Shells, zsh_completes_words) {
  if (!installed("zsh")) GTEST_SKIP() << "no zsh";
  // The functions of its completion system print what they were given.
  const std::string head =
      "compdef() { registered=$2 }\nsource <(steward completion zsh)\n"
      "[[ $registered == steward ]] || exit 9\n"
      "_describe() { print -rl -- \"${(@P)4}\" }\n_files() { print files }\n";
  EXPECT_EQ(in_shell("zsh", head + "words=(steward squ) CURRENT=2 PREFIX=squ\n_steward"),
            Words{"squash:make one revision of a row of them"});
  EXPECT_EQ(in_shell("zsh", head + "words=(steward squash 8f3a:8f4) CURRENT=3 PREFIX=8f3a:8f4\n"
                                   "_steward"),
            Words{"8f3a\\:8f4b:8f4b"});
  EXPECT_EQ(in_shell("zsh", head + "words=(steward -c '') CURRENT=3 PREFIX=\n_steward"),
            Words{"files"});
}

TEST_F(Shells, fish_completes_words) {
  if (!installed("fish")) GTEST_SKIP() << "no fish";
  const auto fish = [this](const std::string& line) {
    return in_shell("fish", "steward completion fish | source\ncomplete -C '" + line + "'");
  };
  EXPECT_EQ(fish("steward squ"), Words{"squash\tmake one revision of a row of them"});
  EXPECT_EQ(fish("steward upgrade 8f"), (Words{"8f3a\t8f3a", "8f4b\t8f4b"}));
  EXPECT_EQ(fish("steward squash 8f3a:8f4"), Words{"8f3a:8f4b\t8f4b"});
}

}  // namespace
}  // namespace steward::test
