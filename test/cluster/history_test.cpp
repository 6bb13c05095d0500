// Whole histories of other tools, run by steward and by psql: both must come to the same. Those of
// test/histories are our own; those of real applications are looked for beside the checkout.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

#include "test/cluster/support/foreign.h"
#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

const fs::path own = fs::path(STEWARD_SOURCE_DIR) / "test/histories";
const fs::path real = fs::path(STEWARD_SOURCE_DIR) / "../shared/real/histories";

struct Case {
  std::string name;
  Foreign history;
  std::string broken_down{};  // the revision whose way down fails, with psql too
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

// Runs the scripts as people do who have psql alone.
class ByPsql {
 public:
  ByPsql(const Case& c, const Project& project)
      : project_(project), scripts_(c.history.scripts()), url_(prepared(c)) {}

  static std::string prepared(const Case& c) {
    const std::string url = Server::shared().new_database();
    if (!c.history.prelude.empty()) Server::shared().connect(url).run(c.history.prelude);
    return url;
  }

  void up(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto run = file(scripts_[i].up);
      ASSERT_EQ(run.exit, 0) << scripts_[i].name << ": " << run.err;
    }
  }
  // To the first that fails, which is taken back; how many were undone.
  std::size_t down() {
    std::size_t undone = 0;
    while (undone < scripts_.size() && take_back(*scripts_[scripts_.size() - 1 - undone].down))
      ++undone;
    return undone;
  }
  bool has_all_downs() const {
    return std::all_of(scripts_.begin(), scripts_.end(),
                       [](const Script& script) { return script.down.has_value(); });
  }
  const std::vector<Script>& scripts() const { return scripts_; }
  const std::string& url() const { return url_; }
  // steward's own schema is in the other database too.
  std::string dumped(const std::vector<std::string>& options = {}) {
    Server::shared().connect(url_).run("CREATE EXTENSION IF NOT EXISTS pg_steward");
    return dump(url_, options);
  }

 private:
  Ran file(const std::string& text, const std::vector<std::string>& options = {}) {
    project_.write("psql.sql", text);
    return psql_file(url_, project_.root() / "psql.sql", options);
  }
  bool take_back(const std::string& text) {
    const bool outside =
        text.find("CONCURRENTLY") != text.npos || text.find("concurrently") != text.npos;
    return file(text, outside ? std::vector<std::string>{} : std::vector<std::string>{"-1"}).exit ==
           0;
  }

  const Project& project_;
  std::vector<Script> scripts_;
  std::string url_;
};

class Histories : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (!fs::exists(GetParam().history.directory)) GTEST_SKIP() << "not here";
    Server::shared().connect(Server::shared().url("postgres")).run(R"(
      DO $$ DECLARE name text; BEGIN
        FOREACH name IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
          IF to_regrole(name) IS NULL THEN EXECUTE 'CREATE ROLE ' || name; END IF;
        END LOOP;
      END $$)");
    truth_.emplace(GetParam(), project_);
    url_ = ByPsql::prepared(GetParam());
    project_.use(url_);
  }

  Ran import() {
    std::vector<std::string> words{"import", "--from", GetParam().history.tool,
                                   fs::canonical(GetParam().history.directory).string()};
    for (const auto& [name, value] : GetParam().history.values) {
      words.push_back("-x");
      words.push_back(name + "=" + value);
    }
    return project_.steward(words);
  }
  void import_and_upgrade() {
    const auto imported = import();
    ASSERT_EQ(imported.exit, 0) << imported.all();
    const auto up = project_.steward({"upgrade", "head"});
    ASSERT_EQ(up.exit, 0) << up.all();
  }
  void psql_all() { truth_->up(0, truth_->scripts().size()); }

  // Schema and data, but for the other tool's own table.
  void expect_same_as_psql() {
    std::vector<std::string> options;
    if (const std::string table = GetParam().history.table(); !table.empty())
      options = {"-T", table + "*"};
    EXPECT_EQ(difference(truth_->dumped(options), dump(url_, options)), "");
  }
  std::string value(const std::string& query) { return Server::shared().value(url_, query); }
  std::string applied() { return value("SELECT count(*) FROM steward.revision"); }
  std::string revisions() { return std::to_string(truth_->scripts().size()); }
  void expect_sound_ledger() {
    EXPECT_EQ(value("SELECT string_agg(seq || ': ' || problem, ', ') FROM steward.verify_ledger()"),
              "");
  }
  void expect_at_head() {
    EXPECT_EQ(applied(), revisions());
    const auto current = project_.steward({"current"});
    EXPECT_EQ(current.exit, 0) << current.all();
    EXPECT_EQ(current.out, value("SELECT revision FROM steward.head") + " (head)\n");
    const auto history = project_.steward({"history"});
    EXPECT_EQ(std::to_string(std::count(history.out.begin(), history.out.end(), '\n')),
              revisions());
    EXPECT_EQ(project_.steward({"status", "--check"}).exit, 0);
  }

  Project project_;
  std::optional<ByPsql> truth_;
  std::string url_;
};

TEST_P(Histories, make_what_psql_makes) {
  import_and_upgrade();
  psql_all();
  expect_same_as_psql();
  expect_at_head();
  expect_sound_ledger();
  const auto again = project_.steward({"upgrade"});
  EXPECT_EQ(again.exit, 0);
  EXPECT_NE(again.out.find("nothing to do"), again.out.npos) << again.out;
}

TEST_P(Histories, go_down_as_far_as_psql_goes) {
  import_and_upgrade();
  psql_all();
  const bool all_downs = truth_->has_all_downs();
  const std::string before = dump(url_);
  const auto down = project_.steward({"downgrade", "base"});
  if (!all_downs) {
    EXPECT_EQ(down.exit, 5) << down.all();
    EXPECT_NE(down.err.find("has no downgrade section"), down.err.npos) << down.err;
    EXPECT_EQ(difference(before, dump(url_)), "");
  } else {
    const std::string& broken = GetParam().broken_down;
    EXPECT_EQ(down.exit, broken.empty() ? 0 : 8) << down.all();
    EXPECT_NE(down.err.find(broken), down.err.npos) << down.err;
    EXPECT_EQ(applied(), std::to_string(truth_->scripts().size() - truth_->down()));
    expect_same_as_psql();
  }
  expect_sound_ledger();
  const auto up = project_.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  expect_at_head();
}

TEST_P(Histories, go_on_where_the_other_tool_stopped) {
  const Foreign& history = GetParam().history;
  if (history.table().empty()) GTEST_SKIP() << "this format has no table of its own";
  const std::size_t half = truth_->scripts().size() / 2;
  const std::string mine = url_;
  url_ = truth_->url();
  truth_->up(0, half);
  Server::shared().connect(url_).run(history.recorded(truth_->scripts(), half));
  project_.use(url_);
  const auto imported = import();
  ASSERT_EQ(imported.exit, 0) << imported.all();
  EXPECT_EQ(applied(), std::to_string(half)) << imported.all();
  EXPECT_EQ(value("SELECT DISTINCT action FROM steward.revision"), "adopt");
  const auto up = project_.steward({"upgrade", "head"});
  EXPECT_EQ(up.exit, 0) << up.all();
  expect_at_head();
  expect_sound_ledger();
  const std::string continued = dump(url_, {"-T", history.table() + "*"});
  url_ = mine;
  project_.use(url_);
  import_and_upgrade();
  EXPECT_EQ(difference(dump(url_), continued), "");
}

std::string named(const testing::TestParamInfo<Case>& info) {
  std::string name = info.param.name;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(
    own, Histories,
    testing::Values(
        Case{"golang-migrate", {"golang-migrate", own / "golang-migrate"}},
        Case{"dbmate", {"dbmate", own / "dbmate"}}, Case{"goose", {"goose", own / "goose"}},
        Case{"sqlx-reversible", {"sqlx", own / "sqlx-reversible"}},
        Case{"sqlx-simple", {"sqlx", own / "sqlx-simple"}},
        Case{"diesel", {"diesel", own / "diesel"}},
        Case{"flyway",
             {"flyway", own / "flyway", {{"schema", "ledger"}, {"owner_comment", "an owner"}}}},
        Case{"prisma", {"prisma", own / "prisma"}}, Case{"sql", {"sql", own / "sql"}}),
    named);

INSTANTIATE_TEST_SUITE_P(real, Histories,
                         testing::Values(Case{"authelia", {"sql", real / "authelia"}},
                                         Case{
                                             "chirpstack",
                                             {"diesel",
                                              real / "chirpstack",
                                              {},
                                              "CREATE EXTENSION pg_trgm; CREATE EXTENSION hstore"}},
                                         Case{"svix", {"sqlx", real / "svix"}, "20220428190104"},
                                         Case{"supabase-auth",
                                              {"golang-migrate",
                                               real / "supabase-auth",
                                               {{"Namespace", "auth"}},
                                               "CREATE SCHEMA auth"}},
                                         Case{"umami", {"prisma", real / "umami"}},
                                         Case{"openfga", {"goose", real / "openfga"}}),
                         named);

}  // namespace
}  // namespace steward::test
