#include "runner/revision/directory.h"

#include <gtest/gtest.h>

#include <fstream>

#include "runner/error.h"

namespace steward::revision {
namespace {

namespace fs = std::filesystem;

class RevisionDirectory : public testing::Test {
 protected:
  RevisionDirectory() : path_(fs::temp_directory_path() / ("revisions_" + new_id())) {
    fs::create_directory(path_);
  }
  ~RevisionDirectory() override { fs::remove_all(path_); }

  void put(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  void put_revision(const std::string& id, const std::string& name) const {
    put(name, "-- revision: " + id + "\n-- steward:upgrade\nSELECT 1;\n");
  }
  Error read_error() const {
    try {
      read_directory(path_);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "no error";
    return Error(Exit::done, "none", "none");
  }

  fs::path path_;
};

TEST_F(RevisionDirectory, is_read_in_the_order_of_names) {
  put_revision("b", "b_second.sql");
  put_revision("a", "a.sql");
  put_revision("c", "c_third.sql");
  std::vector<File> files = read_directory(path_);
  ASSERT_EQ(files.size(), 3U);
  EXPECT_EQ(files[0].id, "a");
  EXPECT_EQ(files[1].id, "b");
  EXPECT_EQ(files[2].id, "c");
  EXPECT_EQ(files[1].path, path_ / "b_second.sql");
}

TEST_F(RevisionDirectory, leaves_other_things_alone) {
  put("README.md", "not a revision");
  put(".a_unfinished.sql", "nor is this");
  put("a.sql.bak", "nor this");
  fs::create_directory(path_ / "sub");
  fs::create_directory(path_ / "old.sql");
  std::ofstream(path_ / "sub" / "x.sql") << "nor this";
  EXPECT_TRUE(read_directory(path_).empty());
}

TEST_F(RevisionDirectory, follows_a_link_to_a_file) {
  put_revision("a", "elsewhere");
  fs::create_symlink(path_ / "elsewhere", path_ / "a_linked.sql");
  EXPECT_EQ(read_directory(path_).size(), 1U);
}

TEST_F(RevisionDirectory, names_the_file_that_does_not_fit) {
  put_revision("a", "a_good.sql");
  put_revision("b", "x_other.sql");
  Error error = read_error();
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_EQ(error.code(), "file_name_differs");
  ASSERT_TRUE(error.place());
  EXPECT_EQ(error.place()->file, (path_ / "x_other.sql").string());
}

TEST_F(RevisionDirectory, that_is_missing_says_what_makes_one) {
  fs::remove_all(path_);
  Error error = read_error();
  EXPECT_EQ(error.exit(), Exit::usage);
  EXPECT_EQ(error.code(), "no_directory");
  EXPECT_NE(error.hint().find("steward init"), std::string::npos);
}

TEST_F(RevisionDirectory, takes_a_new_file_and_reads_it_again) {
  File file;
  file.id = new_id();
  file.message = "Create t";
  fs::path path = write_new(path_, file, compose(file, "CREATE TABLE t ();", "DROP TABLE t;"));
  EXPECT_EQ(path, path_ / (file.id + "_create_t.sql"));
  std::vector<File> files = read_directory(path_);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].id, file.id);
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 1);
}

TEST_F(RevisionDirectory, does_not_overwrite_a_file) {
  File file;
  file.id = "a1";
  file.message = "x";
  put_revision("a1", "a1_x.sql");
  try {
    write_new(path_, file, "other");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.code(), "file_exists");
  }
  EXPECT_EQ(read_directory(path_).size(), 1U);
  EXPECT_EQ(std::distance(fs::directory_iterator(path_), fs::directory_iterator()), 1);
}

TEST_F(RevisionDirectory, that_cannot_be_written_is_named) {
  try {
    write_new(path_ / "nowhere", File(), "text");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "cannot_write_file");
  }
}

}  // namespace
}  // namespace steward::revision
