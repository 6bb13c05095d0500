#include "runner/plan.h"

#include <gtest/gtest.h>

#include <fstream>

namespace steward::plan {
namespace {

namespace fs = std::filesystem;

class PlanTest : public testing::Test {
 protected:
  PlanTest() : root_(fs::path(testing::TempDir()) / ("steward_plan_" + std::to_string(getpid()))) {
    fs::create_directories(root_);
  }
  ~PlanTest() override { fs::remove_all(root_); }

  // Reads a file of that text, the way the runner does.
  revision::File file(const std::string& id, const std::string& parents, const std::string& upgrade,
                      const std::string& rest = "-- steward:downgrade\nDROP TABLE t;\n") {
    const fs::path path = root_ / (id + ".sql");
    std::ofstream(path) << "-- revision: " << id << "\n-- revises: " << parents
                        << "\n-- steward:upgrade\n"
                        << upgrade << "\n"
                        << rest;
    return revision::read(path);
  }

  // What the ledger has once these files were applied as they are now.
  static ledger::State applied(const std::vector<revision::File>& files,
                               const std::vector<std::string>& heads) {
    ledger::State state;
    for (const revision::File& one : files) {
      ledger::Revision revision;
      revision.id = one.id;
      revision.parents = one.parents;
      revision.upgrade_checksum = one.upgrade.checksum;
      if (one.downgrade) revision.downgrade_checksum = one.downgrade->checksum;
      revision.action = "upgrade";
      state.revisions.push_back(revision);
    }
    state.heads = heads;
    return state;
  }

  static std::string steps(const Plan& plan) {
    std::string text;
    for (const Step& step : plan.steps)
      text += (step.direction == Direction::upgrade ? "+" : "-") + step.file->id + " ";
    return text;
  }

  static Recorded recorded_as(const std::string& text) {
    return [text](const ledger::Revision&, Direction) { return text; };
  }
  static std::optional<std::string> never(const ledger::Revision&, Direction) {
    ADD_FAILURE() << "asked for a script although checksums agree";
    return std::nullopt;
  }

  // code of the error that body throws, with its exit code.
  template <typename Body>
  static std::string refusal(Body body) {
    try {
      body();
    } catch (const Error& error) {
      EXPECT_FALSE(error.hint().empty());
      return std::to_string(static_cast<int>(error.exit())) + ":" + error.code();
    }
    return "accepted";
  }

  fs::path root_;
};

TEST_F(PlanTest, goes_from_what_is_applied_to_the_target) {
  const Project project(
      {file("a", "", "SELECT 1;"), file("b", "a", "SELECT 2;"), file("c", "b", "SELECT 3;")});
  const ledger::State state = applied({project.files()[0]}, {"a"});
  EXPECT_EQ(steps(upgrade(project, state, "head")), "+b +c ");
  EXPECT_EQ(steps(upgrade(project, state, "+1")), "+b ");
  EXPECT_EQ(upgrade(project, state, "head").expected, std::vector<std::string>{"a"});
  EXPECT_EQ(steps(downgrade(project, state, "base")), "-a ");
  EXPECT_EQ(steps(upgrade(project, applied(project.files(), {"c"}), "head")), "");
}

TEST_F(PlanTest, asks_for_scripts_only_when_checksums_differ) {
  const Project project({file("a", "", "SELECT 1;")});
  EXPECT_TRUE(contradictions(project, applied(project.files(), {"a"}), &never).empty());
}

TEST_F(PlanTest, takes_a_change_of_layout_for_none) {
  const ledger::State state = applied({file("a", "", "SELECT 1;")}, {"a"});
  const Project project({file("a", "", "SELECT\n  1 ; -- one")});
  EXPECT_TRUE(contradictions(project, state, recorded_as("SELECT 1 ;")).empty());
}

TEST_F(PlanTest, finds_an_edit_in_either_section) {
  const ledger::State state = applied({file("a", "", "SELECT 1;")}, {"a"});
  const Project upward({file("a", "", "SELECT 2;")});
  const auto found = contradictions(upward, state, recorded_as("SELECT 1;"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, Contradiction::Kind::edited);
  EXPECT_EQ(found[0].section, "upgrade");
  EXPECT_EQ(refusal([&] { require_integrity(upward, state, recorded_as("SELECT 1;")); }),
            "4:edited_revision");
  const Project downward({file("a", "", "SELECT 1;", "-- steward:downgrade\nDROP TABLE other;\n")});
  EXPECT_EQ(contradictions(downward, state, recorded_as("DROP TABLE t;")).at(0).section,
            "downgrade");
}

TEST_F(PlanTest, tells_a_renamed_file_from_a_missing_one) {
  const ledger::State state = applied({file("a", "", "SELECT 1;")}, {"a"});
  const Project renamed({file("z", "", "SELECT 1;")});
  EXPECT_EQ(refusal([&] { require_integrity(renamed, state, &never); }), "4:renamed_revision");
  const Project missing({file("z", "", "SELECT 2;")});
  EXPECT_EQ(refusal([&] { require_integrity(missing, state, &never); }), "4:missing_revision");
}

TEST_F(PlanTest, trusts_a_stamp_that_recorded_no_script) {
  ledger::State state = applied({file("a", "", "SELECT 1;")}, {"a"});
  state.revisions[0].upgrade_checksum.clear();
  state.revisions[0].downgrade_checksum.clear();
  state.revisions[0].action = "adopt";
  const Project project({file("a", "", "SELECT 1;")});
  EXPECT_TRUE(contradictions(project, state, &never).empty());
}

TEST_F(PlanTest, refuses_a_way_back_that_is_not_there) {
  const Project without({file("a", "", "SELECT 1;", "")});
  EXPECT_EQ(refusal([&] { downgrade(without, applied(without.files(), {"a"}), "base"); }),
            "5:no_downgrade");
  const Project never_back({file("a", "", "SELECT 1;", "-- steward:irreversible it drops data\n")});
  EXPECT_EQ(refusal([&] { downgrade(never_back, applied(never_back.files(), {"a"}), "base"); }),
            "5:irreversible");
}

TEST_F(PlanTest, gives_dependencies_their_ids) {
  const Project project({file("abc", "", "SELECT 1;"), [&] {
                           revision::File other = file("def", "", "SELECT 2;");
                           other.depends_on = {"ab"};
                           return other;
                         }()});
  EXPECT_EQ(project.find("def")->depends_on, std::vector<std::string>{"abc"});
}

}  // namespace
}  // namespace steward::plan
