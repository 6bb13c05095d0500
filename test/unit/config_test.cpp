#include "runner/config.h"

#include <gtest/gtest.h>

#include <fstream>

#include "runner/error.h"

namespace steward::config {
namespace {

namespace fs = std::filesystem;
using Variables = std::map<std::string, std::string>;

class ConfigTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) / ("steward_config_" + std::to_string(getpid()));
    fs::remove_all(root_);
    fs::create_directories(root_ / "deep" / "er");
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    std::ofstream(root_ / name) << text;
  }

  Config load(Request request = {}, const Variables& variables = {}) {
    if (request.working_directory.empty()) request.working_directory = root_;
    Environment environment(variables);
    return config::load(request, environment);
  }

  // code:line of the error, or "accepted".
  std::string refusal(Request request = {}, const Variables& variables = {}) {
    try {
      load(std::move(request), variables);
    } catch (const Error& error) {
      EXPECT_EQ(error.exit(), Exit::usage);
      return error.code() + (error.place() ? ":" + std::to_string(error.place()->line) : "");
    }
    return "accepted";
  }

  fs::path root_;
};

TEST_F(ConfigTest, has_defaults_without_a_file) {
  const Config config = load();
  EXPECT_TRUE(config.file.empty());
  EXPECT_EQ(config.directory, "migrations");
  EXPECT_EQ(config.lock_timeout, "5s");
  EXPECT_FALSE(config.database);
}

TEST_F(ConfigTest, finds_the_file_above_the_working_directory) {
  write("steward.toml", "[migrations]\ndirectory = \"db\"\n");
  Request request;
  request.working_directory = root_ / "deep" / "er";
  const Config config = load(request);
  EXPECT_EQ(config.file, root_ / "steward.toml");
  EXPECT_EQ(config.directory, root_ / "db");
}

TEST_F(ConfigTest, takes_the_first_database_that_is_set) {
  write("steward.toml", "[database]\nurl = \"file\"\n");
  write(".env", "DATABASE_URL=dotenv\n");
  Variables all = {{"STEWARD_DATABASE_URL", "1"},
                   {"DIRECT_URL", "2"},
                   {"DATABASE_URL_UNPOOLED", "3"},
                   {"DATABASE_URL", "4"},
                   {"PGHOST", "h"}};
  Request request;
  request.url = "0";
  EXPECT_EQ(load(request, all).database->text, "0");
  EXPECT_EQ(load({}, all).database->text, "1");
  all.erase("STEWARD_DATABASE_URL");
  EXPECT_EQ(load({}, all).database->text, "2");
  all.erase("DIRECT_URL");
  EXPECT_EQ(load({}, all).database->text, "3");
  all.erase("DATABASE_URL_UNPOOLED");
  EXPECT_EQ(load({}, all).database->text, "4");
  all.erase("DATABASE_URL");
  EXPECT_EQ(load({}, all).database->text, "dotenv");
  fs::remove(root_ / ".env");
  EXPECT_EQ(load({}, all).database->text, "file");
  fs::remove(root_ / "steward.toml");
  EXPECT_EQ(load({}, all).database->text, "");
  EXPECT_FALSE(load().database);
}

TEST_F(ConfigTest, says_where_the_database_was_named) {
  write("steward.toml", "[database]\nurl = \"${A:-x}\"\n");
  EXPECT_EQ(load().database->source, "steward.toml:2");
  EXPECT_EQ(load({}, {{"DATABASE_URL", "x"}}).database->source, "DATABASE_URL in environment");
  EXPECT_EQ(load({}, {{"PGHOST", "x"}}).database->source, "steward.toml:2");
}

TEST_F(ConfigTest, lets_a_chosen_environment_win_over_variables) {
  write("steward.toml",
        "[database]\nurl = \"file\"\nlock_timeout = \"1s\"\n[env.staging]\nurl = \"staging\"\nrole "
        "= \"r\"\n");
  Request request;
  request.environment = "staging";
  const Config config = load(request, {{"DATABASE_URL", "variable"}});
  EXPECT_EQ(config.database->text, "staging");
  EXPECT_EQ(config.role, "r");
  EXPECT_EQ(config.lock_timeout, "1s");
  EXPECT_EQ(load({}, {{"DATABASE_URL", "variable"}}).role, "");
}

TEST_F(ConfigTest, refuses_what_it_does_not_know_with_its_line) {
  write("steward.toml", "[migrations]\ndirectory = \"m\"\nfolder = \"n\"\n");
  EXPECT_EQ(refusal(), "bad_config:3");
  write("steward.toml", "[migration]\n");
  EXPECT_EQ(refusal(), "bad_config:1");
  write("steward.toml", "[database]\n\nurl = 5\n");
  EXPECT_EQ(refusal(), "bad_config:3");
  write("steward.toml", "[database]\nlock_timeout = \"soon\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
  write("steward.toml", "[database\n");
  EXPECT_EQ(refusal(), "bad_config:1");
  write("steward.toml", "[env.a]\nurl = \"x\"\n[env.b]\ncolour = \"x\"\n");
  EXPECT_EQ(refusal(), "bad_config:4");
}

// What the reader of TOML takes for impossible is a slip like any other.
TEST_F(ConfigTest, refuses_keys_that_begin_with_no_letter) {
  for (const char* text : {"[.env]\n", "[=]\n", "[\x01]\n", "\n[env.=]\n", "\n= 3\n", "a..b = 1\n",
                           "[\u048f]\n", "\nx = \u00e9\n"}) {
    write("steward.toml", text);
    EXPECT_EQ(refusal(), *text == '\n' ? "bad_config:2" : "bad_config:1") << text;
  }
}

TEST_F(ConfigTest, refuses_what_is_named_and_not_there) {
  Request request;
  request.file = "other.toml";
  EXPECT_EQ(refusal(request), "no_config");
  request = {};
  request.environment = "staging";
  EXPECT_EQ(refusal(request), "unknown_environment");
  write("steward.toml", "[database]\nurl = \"${NOT_SET}\"\n");
  EXPECT_EQ(refusal(), "unset_variable:2");
  EXPECT_EQ(refusal({}, {{"DATABASE_URL", "x"}}), "accepted");
}

TEST_F(ConfigTest, reads_what_a_generated_change_is_tried_on) {
  write("steward.toml",
        "[autogenerate]\nrows = \"copy\"\nrows_limit = \"20GB\"\n[shadow]\nsetup = \"s.sql\"\n");
  const Config config = load();
  EXPECT_EQ(config.autogenerate.rows, "copy");
  EXPECT_EQ(config.autogenerate.rows_limit, "20GB");
  EXPECT_EQ(config.shadow_setup, "s.sql");
  write("steward.toml", "[autogenerate]\nrows = \"all\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
  write("steward.toml", "[autogenerate]\nrows_limit = \"much\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
  write("steward.toml", "[shadow]\nsteup = \"s.sql\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
}

TEST_F(ConfigTest, reads_where_the_desired_schema_is) {
  write("steward.toml",
        "[desired]\nprogram = [\"python3\", \"models_ddl.py\"]\ntimeout = \"5s\"\n");
  const Config config = load();
  EXPECT_EQ(config.desired.program, (std::vector<std::string>{"python3", "models_ddl.py"}));
  EXPECT_EQ(config.desired.timeout.count(), 5000);
  write("steward.toml", "[desired]\nsource = \"a\"\nprogram = [\"b\"]\n");
  EXPECT_EQ(refusal(), "bad_config:3");
  write("steward.toml", "[desired]\nprogram = \"python3 models_ddl.py\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
}

TEST_F(ConfigTest, reads_what_the_safety_rules_are_told) {
  EXPECT_EQ(load().safety.on_upgrade, "large");
  write("steward.toml",
        "[safety]\non_upgrade = \"error\"\nlarge_table = \"512MB\"\n"
        "[rules]\ndrop-column = \"note\"\nindex-unused = { level = \"off\", days = 3 }\n");
  const Config config = load();
  EXPECT_EQ(config.safety.on_upgrade, "error");
  EXPECT_EQ(config.safety.large_table, "512MB");
  using Level = std::pair<std::string, std::string>;
  EXPECT_EQ(config.rule_levels,
            (std::vector<Level>{{"drop-column", "note"}, {"index-unused", "off"}}));
  write("steward.toml", "[safety]\non_upgrade = \"maybe\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
  write("steward.toml", "[safety]\n\nlarge_table = \"big\"\n");
  EXPECT_EQ(refusal(), "bad_config:3");
  write("steward.toml", "[rules]\ndrop-column = \"loud\"\n");
  EXPECT_EQ(refusal(), "bad_config:2");
}

TEST(Bytes, are_read_as_postgresql_reads_them) {
  EXPECT_EQ(parse_bytes("8kB"), 8192);
  EXPECT_EQ(parse_bytes("1GB"), std::int64_t{1} << 30);
  EXPECT_EQ(parse_bytes("100"), 100);
  EXPECT_EQ(parse_bytes("1 TB"), std::int64_t{1} << 40);
  EXPECT_FALSE(parse_bytes("1gb"));
  EXPECT_FALSE(parse_bytes("-1MB"));
  EXPECT_FALSE(parse_bytes(""));
}

TEST(Duration, reads_what_postgresql_reads) {
  using std::chrono::milliseconds;
  EXPECT_EQ(parse_duration("0"), milliseconds(0));
  EXPECT_EQ(parse_duration("250"), milliseconds(250));
  EXPECT_EQ(parse_duration("500ms"), milliseconds(500));
  EXPECT_EQ(parse_duration("5 s"), milliseconds(5000));
  EXPECT_EQ(parse_duration("2min"), milliseconds(120000));
  for (const char* text : {"", "soon", "-1s", "5 parsecs", "s"})
    EXPECT_FALSE(parse_duration(text)) << text;
}

}  // namespace
}  // namespace steward::config
