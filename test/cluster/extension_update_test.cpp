// The way to a next version of the extension: an update script makes of an old installation what a
// fresh one is. Tried with a next version that changes nothing, in a directory of its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

#include "test/cluster/support/programs.h"
#include "test/cluster/support/project.h"
#include "test/cluster/support/server.h"

namespace steward::test {
namespace {

namespace fs = std::filesystem;

std::string pg_config(const std::string& what) {
  const char* given = std::getenv("PG_CONFIG");
  const auto asked = run({given != nullptr ? given : "pg_config", what});
  return asked.out.substr(0, asked.out.find('\n'));
}

// A staged installation with a further version, which the server is pointed to.
class NextVersion : public testing::Test {
 protected:
  NextVersion() {
    const char* stage = std::getenv("STEWARD_STAGE");
    if (stage != nullptr) before_ = stage;
    std::string name = (fs::temp_directory_path() / "steward-stage-XXXXXX").string();
    stage_ = mkdtemp(name.data());
    fs::permissions(stage_, fs::perms{0755});
    copy_installation(before_);
    add_version();
    setenv("STEWARD_STAGE", stage_.c_str(), 1);
    server_ = std::make_unique<Server>();
  }
  ~NextVersion() override {
    server_.reset();
    before_.empty() ? unsetenv("STEWARD_STAGE") : setenv("STEWARD_STAGE", before_.c_str(), 1);
    fs::remove_all(stage_);
  }

  void copy_installation(const std::string& root) {
    const std::string share = pg_config("--sharedir") + "/extension";
    const std::string library = pg_config("--pkglibdir");
    fs::create_directories(stage_.string() + share);
    fs::create_directories(stage_.string() + library);
    fs::copy(root + library + "/pg_steward.so", stage_.string() + library);
    for (const auto& entry : fs::directory_iterator(root + share))
      if (entry.path().filename().string().starts_with("pg_steward"))
        fs::copy(entry.path(), stage_.string() + share);
    scripts_ = stage_.string() + share;
  }
  void add_version() {
    std::ifstream old_control(scripts_ / "pg_steward.control");
    const std::string control{std::istreambuf_iterator<char>(old_control), {}};
    std::ofstream(scripts_ / "pg_steward.control") << std::regex_replace(
        control, std::regex("default_version = '[^']*'"), "default_version = '" + next + "'");
    const std::string prefix = "pg_steward--" STEWARD_VERSION;
    fs::copy(scripts_ / (prefix + ".sql"), scripts_ / ("pg_steward--" + next + ".sql"));
    std::ofstream(scripts_ / (prefix + "--" + next + ".sql")) << "-- nothing changed\n";
  }

  // Members with their definition, privileges and comments, and the ledger's own objects.
  std::string catalog(const std::string& url) const {
    const std::string members = server_->value(url, R"(
      SELECT string_agg(concat_ws(' ', pg_describe_object(d.classid, d.objid, 0), p.prosrc, p.probin,
                                  p.proconfig, p.prosecdef, p.provolatile, p.proacl,
                                  pg_get_userbyid(p.proowner), i.initprivs,
                                  obj_description(d.objid)), E'\n'
                        ORDER BY pg_describe_object(d.classid, d.objid, 0))
      FROM pg_depend AS d
      JOIN pg_extension AS e ON d.refobjid = e.oid AND e.extname = 'pg_steward'
      LEFT JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
      LEFT JOIN pg_init_privs AS i ON i.classoid = d.classid AND i.objoid = d.objid
      WHERE d.deptype = 'e')");
    return members + "\n" + run({postgres_program("pg_dump"), "-s", "-n", "steward", url}).out;
  }

  const std::string next = STEWARD_VERSION ".1";
  std::string before_;
  fs::path stage_;
  fs::path scripts_;
  std::unique_ptr<Server> server_;
};

TEST_F(NextVersion, is_reached_by_alter_extension_and_equals_a_fresh_one) {
  const std::string updated = server_->new_database(), fresh = server_->new_database();
  server_->connect(updated).run("CREATE EXTENSION pg_steward VERSION '" STEWARD_VERSION "'");
  Project project;
  project.add_chain(2);
  project.use(updated);
  ASSERT_EQ(project.steward({"upgrade", "a1"}).exit, 0);
  server_->connect(updated).run("ALTER EXTENSION pg_steward UPDATE");
  server_->connect(fresh).run("CREATE EXTENSION pg_steward");
  const std::string version = "SELECT extversion FROM pg_extension WHERE extname = 'pg_steward'";
  EXPECT_EQ(server_->value(updated, version), next);
  EXPECT_EQ(server_->value(fresh, version), next);
  const std::regex restrict("\\\\(un)?restrict .*\n");
  EXPECT_EQ(difference(std::regex_replace(catalog(fresh), restrict, ""),
                       std::regex_replace(catalog(updated), restrict, "")),
            "");
  const auto up = project.steward({"upgrade"});
  EXPECT_EQ(up.exit, 0) << up.all();
  EXPECT_EQ(server_->value(updated, "SELECT count(*) FROM steward.verify_ledger()"), "0");
}

TEST_F(NextVersion, has_a_way_from_every_version) {
  const std::string url = server_->new_database();
  EXPECT_EQ(server_->value(url,
                           "SELECT count(*) FROM pg_extension_update_paths('pg_steward') "
                           "WHERE target = '" +
                               next + "' AND source <> target AND path IS NULL"),
            "0");
}

}  // namespace
}  // namespace steward::test
