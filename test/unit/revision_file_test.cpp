#include "runner/revision/file.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <filesystem>
#include <fstream>

#include "runner/error.h"
#include "runner/text.h"

namespace steward::revision {
namespace {

using namespace std::string_literals;

const std::string head = "-- revision: a1\n-- revises:\n-- message: Create t\n";

File parsed(const std::string& text) {
  return parse(text, "migrations/a1_create_t.sql");
}

Error error_of(const std::string& text, const char* path = "migrations/a1_create_t.sql") {
  try {
    parse(text, path);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error from " << text;
  return Error(Exit::done, "none", "none");
}

std::string sha256(std::string_view text) {
  Sha256 digest;
  digest.update(text);
  return digest.hex();
}

// A file that is there as long as the test runs.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string_view text)
      : path_(std::filesystem::temp_directory_path() / ("a1_" + new_id() + ".sql")) {
    write(text);
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  void write(std::string_view text) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << text;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST(RevisionFile, reads_header_and_sections) {
  File file = parse(
      "-- revision: 8f3a2c1d9e07\n"
      "-- revises: 1b2c3d4e5f60, 2b2c3d4e5f60\n"
      "-- message: Merge: both, with \"quotes\"\n"
      "-- created: 2026-11-20T10:00:00Z\n"
      "-- labels: billing, shop\n"
      "-- depends-on: 77aa00bb11cc\n"
      "-- allow: drop-column nothing reads it\n"
      "-- allow: rename moved by hand\n"
      "-- steward:upgrade lock_timeout=2s role=\"The Owner\"\n"
      "CREATE TABLE t ();\n"
      "-- steward:verify\n"
      "SELECT true;\n"
      "-- steward:downgrade transaction=off statement_timeout=0\n"
      "DROP TABLE t;\n",
      "m/8f3a2c1d9e07.sql");
  EXPECT_EQ(file.id, "8f3a2c1d9e07");
  EXPECT_EQ(file.parents, (std::vector<std::string>{"1b2c3d4e5f60", "2b2c3d4e5f60"}));
  EXPECT_EQ(file.message, "Merge: both, with \"quotes\"");
  EXPECT_EQ(file.created, "2026-11-20T10:00:00Z");
  EXPECT_EQ(file.labels, (std::vector<std::string>{"billing", "shop"}));
  EXPECT_EQ(file.depends_on, std::vector<std::string>{"77aa00bb11cc"});
  ASSERT_EQ(file.allow.size(), 2U);
  EXPECT_EQ(file.allow[0].rule, "drop-column");
  EXPECT_EQ(file.allow[0].reason, "nothing reads it");
  EXPECT_EQ(file.upgrade.options.lock_timeout, "2s");
  EXPECT_EQ(file.upgrade.options.role, "The Owner");
  EXPECT_TRUE(file.upgrade.options.transaction);
  EXPECT_EQ(file.upgrade.line, 10U);
  EXPECT_EQ(file.upgrade.checksum, sha256("CREATE TABLE t ();"));
  EXPECT_FALSE(file.upgrade.empty);
  ASSERT_TRUE(file.verify);
  EXPECT_EQ(file.verify->line, 12U);
  ASSERT_TRUE(file.downgrade);
  EXPECT_FALSE(file.downgrade->options.transaction);
  EXPECT_EQ(file.downgrade->options.statement_timeout, "0");
  EXPECT_EQ(file.downgrade->line, 14U);
  EXPECT_FALSE(file.irreversible);
}

TEST(RevisionFile, may_have_no_downgrade_or_say_why) {
  EXPECT_FALSE(parsed(head + "-- steward:upgrade\nSELECT 1;\n").downgrade);
  std::string reason = "-- steward:irreversible the rows are gone\n";
  for (const std::string& text :
       {head + reason + "-- steward:upgrade\nSELECT 1;\n",
        head + "-- steward:upgrade\nSELECT 1;\n" + reason + "\n-- nothing\n"}) {
    File file = parsed(text);
    ASSERT_TRUE(file.irreversible);
    EXPECT_EQ(*file.irreversible, "the rows are gone");
    EXPECT_EQ(file.upgrade.checksum, sha256("SELECT 1;"));
  }
}

TEST(RevisionFile, allows_free_comments_in_the_header) {
  File file = parsed(
      "\n-- revision: a1\n--\n-- by the billing team; see https://example.org/x\n-- https://x.org\n"
      "-- Note: what follows is long\n--message:Create t\n\n--steward:upgrade\n");
  EXPECT_EQ(file.message, "Create t");
  EXPECT_TRUE(file.parents.empty());
  EXPECT_TRUE(file.upgrade.empty);
}

TEST(RevisionFile, knows_whether_a_section_has_statements) {
  EXPECT_TRUE(parsed(head + "-- steward:upgrade\n\n/* a; */ -- b;\n;\n").upgrade.empty);
  EXPECT_FALSE(parsed(head + "-- steward:upgrade\nSELECT 1").upgrade.empty);
}

TEST(RevisionFile, knows_whether_a_section_is_plain_sql) {
  EXPECT_TRUE(
      parsed(head + "-- steward:upgrade\nCOPY t FROM 'x'; COPY t TO stdout;").upgrade.plain);
  EXPECT_FALSE(parsed(head + "-- steward:upgrade\nCOPY t FROM stdin;\n1\n\\.\n").upgrade.plain);
  EXPECT_FALSE(parsed(head + "-- steward:upgrade\n\\restrict x\nSELECT 1;\n").upgrade.plain);
}

TEST(RevisionFile, takes_markers_only_outside_literals_comments_and_data) {
  std::string marker = "\n-- steward:downgrade\n";
  std::string body = "SELECT 'a" + marker + "', $$" + marker + "$$, E'\\'" + marker + "', \"" +
                     marker + "\"; /*" + marker + "*/\nCOPY t FROM stdin;" + marker + "\\.\n";
  File file = parsed(head + "-- steward:upgrade\n" + body + "  --  steward:downgrade\nSELECT 2;");
  ASSERT_TRUE(file.downgrade);
  EXPECT_EQ(file.upgrade.checksum, sha256(body.substr(0, body.size() - 1)));
  EXPECT_EQ(file.downgrade->checksum, sha256("SELECT 2;"));
}

TEST(RevisionFile, ends_an_unfinished_statement_at_a_marker) {
  File file = parsed(head + "-- steward:upgrade\nSELECT 1\n-- steward:downgrade\nSELECT 2\n");
  EXPECT_EQ(file.upgrade.checksum, sha256("SELECT 1"));
  ASSERT_TRUE(file.downgrade);
}

TEST(RevisionFile, takes_the_checksum_of_the_canonical_form) {
  auto checksum = [](const std::string& body) {
    return parsed(head + "-- steward:upgrade\n" + body).upgrade.checksum;
  };
  std::string plain = sha256("\nSELECT 1;  \n\nSELECT 2;");
  for (const char* body :
       {"\nSELECT 1;  \n\nSELECT 2;", "\nSELECT 1;  \n\nSELECT 2;\n",
        "\nSELECT 1;  \n\nSELECT 2;\n\n \t\n", "\r\nSELECT 1;  \r\n\r\nSELECT 2;\r\n\r\n",
        "\r\nSELECT 1;  \n\nSELECT 2;\r\n  ", "\r\r\nSELECT 1;  \r\r\n\nSELECT 2;\r\r\r"})
    EXPECT_EQ(checksum(body), plain) << body;
  EXPECT_EQ(checksum("SELECT 1; \n"), sha256("SELECT 1; "));
  EXPECT_EQ(checksum("SELECT 'a\rb';\r"), sha256("SELECT 'a\rb';"));
  EXPECT_EQ(checksum("\n \n"), sha256(""));
  EXPECT_EQ(checksum(""), sha256(""));
}

TEST(RevisionFile, drops_a_byte_order_mark) {
  File file = parsed("\xEF\xBB\xBF" + head + "-- steward:upgrade\nSELECT 1;\n");
  EXPECT_EQ(file.id, "a1");
  EXPECT_EQ(file.upgrade.offset, 3 + head.size() + 19);
}

TEST(RevisionFile, is_found_by_the_id_in_its_name) {
  std::string text = "-- revision: 20260101_x\n-- steward:upgrade\n";
  EXPECT_EQ(parse(text, "m/20260101_x.sql").id, "20260101_x");
  EXPECT_EQ(parse(text, "m/20260101_x_create.sql").id, "20260101_x");
  for (const char* path : {"m/20260101.sql", "m/20260101_xy.sql", "m/create.sql"}) {
    Error error = error_of(text, path);
    EXPECT_EQ(error.code(), "file_name_differs");
    EXPECT_EQ(error.place()->file, path);
  }
}

struct Bad {
  std::string text;
  const char* code;
  std::uint64_t line;
  std::uint64_t column;
};

TEST(RevisionFile, refuses_what_it_does_not_know_with_its_place) {
  const std::string up = "-- steward:upgrade\n";
  for (const Bad& bad : {
           Bad{"-- revison: a1\n" + up, "unknown_header", 1, 4},
           Bad{head + "-- Labels: x\n" + up, "unknown_header", 4, 4},
           Bad{head + "-- revises: b\n" + up, "repeated_header", 4, 4},
           Bad{"-- revision: a:b\n" + up, "bad_id", 1, 14},
           Bad{"-- revision:\n" + up, "bad_id", 1, 13},
           Bad{"-- revision: head\n" + up, "bad_id", 1, 14},
           Bad{head + "-- labels: a, b c\n" + up, "bad_id", 4, 12},
           Bad{head + "-- depends-on: b, b\n" + up, "repeated_id", 4, 16},
           Bad{head + "-- allow:\n" + up, "no_rule", 4, 10},
           Bad{"-- message: x\n" + up, "no_revision_id", 1, 1},
           Bad{head + "SELECT 1;\n" + up, "text_before_marker", 4, 1},
           Bad{head, "no_upgrade_section", 1, 1},
           Bad{head + "-- steward:upgrad\n", "unknown_marker", 4, 4},
           Bad{head + "-- steward: upgrade\n", "unknown_marker", 4, 4},
           Bad{head + up + "SELECT 1;\n-- steward:undo\n", "unknown_marker", 6, 4},
           Bad{head + up + up, "repeated_marker", 5, 1},
           Bad{head + up + "-- steward:verify\n-- steward:verify\n", "repeated_marker", 6, 1},
           Bad{head + up + "SELECT 1; -- steward:downgrade\n", "marker_not_alone", 5, 11},
           Bad{head + "-- steward:upgrade transaktion=off\n", "unknown_option", 4, 20},
           Bad{head + "-- steward:upgrade transaction=no\n", "bad_option", 4, 20},
           Bad{head + "-- steward:upgrade role = x\n", "bad_option", 4, 20},
           Bad{head + "-- steward:upgrade role=\"x\n", "bad_option", 4, 26},
           Bad{head + "-- steward:upgrade lock_timeout=soon\n", "bad_option", 4, 20},
           Bad{head + "-- steward:upgrade role=a role=b\n", "repeated_option", 4, 27},
           Bad{head + "-- steward:irreversible\n" + up, "no_reason", 4, 4},
           Bad{head + up + "-- steward:irreversible x\nSELECT 1;\n", "text_after_irreversible", 5,
               1},
           Bad{head + up + "-- steward:irreversible x\n-- steward:irreversible y\n",
               "repeated_marker", 6, 1},
           Bad{head + up + "SELECT 'a;\n", "unterminated_quote", 5, 8},
           Bad{head + up + "COPY t FROM stdin;\n1\n", "unterminated_copy", 5, 1},
           Bad{head + up + "COPY t FROM stdin\n-- steward:downgrade\n", "unterminated_copy", 5, 1},
           Bad{head + up + "SELECT 1;\n\\i other.sql\n", "psql_command", 6, 1},
           Bad{head + up + "SELECT 'a\0b';\n"s, "nul_byte", 5, 10},
           Bad{head + up + "SELECT '\xC3\xA9 \xE9';\n", "invalid_utf8", 5, 11},
           Bad{"\xEF\xBB\xBF-- revision: a1\xFF\n"s, "invalid_utf8", 1, 16},
           Bad{head + up + "SELECT '\xC3", "invalid_utf8", 5, 9},
       }) {
    Error error = error_of(bad.text);
    EXPECT_EQ(error.exit(), Exit::usage);
    EXPECT_EQ(error.code(), bad.code) << bad.text;
    ASSERT_TRUE(error.place());
    EXPECT_EQ(error.place()->file, "migrations/a1_create_t.sql");
    EXPECT_EQ(error.place()->line, bad.line) << bad.text;
    EXPECT_EQ(error.place()->column, bad.column) << bad.text;
  }
}

TEST(RevisionFile, refuses_a_downgrade_of_the_irreversible) {
  std::string text = head + "-- steward:upgrade\n-- steward:downgrade\n-- steward:irreversible x\n";
  EXPECT_EQ(error_of(text).code(), "irreversible_downgrade");
}

TEST(RevisionFile, shows_the_offending_line) {
  Error error = error_of(head + "-- steward:upgrade\nSELECT 1;\n\t\\gset\n");
  EXPECT_EQ(error.place()->excerpt, " \\gset");
}

TEST(RevisionFile, that_cannot_be_read_is_named) {
  try {
    read("nowhere/a1.sql");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), "cannot_read_file");
    EXPECT_EQ(error.exit(), Exit::usage);
  }
}

TEST(RevisionFile, gives_the_text_its_checksum_was_taken_of) {
  TemporaryFile disk(
      "\xEF\xBB\xBF-- revision: a1\r\n-- steward:upgrade\r\nSELECT\r\n 1;\r\n\r\n"
      "-- steward:downgrade\r\nSELECT 2; \r\n");
  File file = read(disk.path());
  EXPECT_EQ(text(file, file.upgrade), "SELECT\n 1;");
  EXPECT_EQ(text(file, *file.downgrade), "SELECT 2; ");
  Reader reader(file, file.upgrade);
  char buffer[3];
  std::string all;
  while (std::size_t count = reader.read(buffer, sizeof buffer)) all.append(buffer, count);
  EXPECT_EQ(all, "SELECT\n 1;");
  EXPECT_EQ(reader.checksum(), file.upgrade.checksum);
}

TEST(RevisionFile, that_changed_has_another_checksum_when_read_again) {
  std::string begin = "-- revision: a1\n-- steward:upgrade\n";
  TemporaryFile disk(begin + "SELECT 1;\n");
  File file = read(disk.path());
  for (const char* other : {"SELECT 2;\n", "SELEC", ""}) {
    disk.write(begin + other);
    Reader reader(file, file.upgrade);
    char buffer[100];
    while (reader.read(buffer, sizeof buffer) > 0) continue;
    EXPECT_NE(reader.checksum(), file.upgrade.checksum) << other;
  }
}

TEST(RevisionFile, of_any_size_has_the_checksum_of_its_text) {
  std::string body = "INSERT INTO t VALUES\r\n";
  for (int i = 0; i < 20000; ++i) body += "  ('" + std::to_string(i) + "'),\r\n";
  body += "  ('last');\r\n\r\n";
  TemporaryFile disk("-- revision: a1\n-- steward:upgrade\n" + body);
  File file = read(disk.path());
  std::string script = text(file, file.upgrade);
  EXPECT_EQ(sha256(script), file.upgrade.checksum);
  EXPECT_TRUE(script.ends_with("  ('last');"));
  EXPECT_EQ(script.find('\r'), std::string::npos);
}

TEST(ValidId, is_what_cannot_be_mistaken) {
  for (const char* id : {"a", "8f3a2c1d9e07", "20260101_x", "V1.2", "\xC3\xA9", "0001", "headless"})
    EXPECT_TRUE(valid_id(id)) << id;
  for (const char* id : {"", "a b", "a:b", "a@b", "a+1", "a-1", "a,b", "a'b", "a\"b", "a/b", "a\\b",
                         "a[b", "a)b", "a\nb", "head", "heads", "base", "current"})
    EXPECT_FALSE(valid_id(id)) << id;
  EXPECT_TRUE(valid_id(std::string(128, 'x')));
  EXPECT_FALSE(valid_id(std::string(129, 'x')));
}

TEST(Slug, keeps_letters_and_digits_and_cuts_at_a_word) {
  EXPECT_EQ(slug("Create todo_item and its owner index"), "create_todo_item_and_its_owner_index");
  EXPECT_EQ(slug("  Caf\xC3\xA9 -- 2nd!  "), "caf_2nd");
  EXPECT_EQ(slug("one two three four five six seven eight nine"),
            "one_two_three_four_five_six_seven_eight");
  EXPECT_EQ(slug(std::string(50, 'a')), std::string(40, 'a'));
  EXPECT_EQ(slug("!"), "revision");
}

TEST(NewId, is_twelve_hex_characters_and_new) {
  std::string id = new_id();
  EXPECT_EQ(id.size(), 12U);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_NE(id, new_id());
}

TEST(Compose, writes_a_file_ready_to_be_edited) {
  File file;
  file.id = "a1";
  file.message = "Create t";
  file.created = "2026-11-20T10:00:00Z";
  EXPECT_EQ(compose(file, "", ""),
            "-- revision: a1\n-- revises:\n-- message: Create t\n-- created: 2026-11-20T10:00:00Z\n"
            "-- steward:upgrade\n-- steward:downgrade\n");
}

rc::Gen<std::string> names() {
  auto character = rc::gen::element('a', 'b', '0', '9', '_', 'Z');
  return rc::gen::suchThat(rc::gen::nonEmpty(rc::gen::container<std::string>(character)),
                           [](const std::string& name) { return valid_id(name); });
}

rc::Gen<std::string> values() {
  auto part =
      rc::gen::element<std::string>("a", "word", " ", ":", "--", "\"", "\xC3\xA9", ",", "1");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(part),
                      [](const std::vector<std::string>& parts) {
                        std::string text;
                        for (const std::string& one : parts) text += one;
                        return std::string(trim(text));
                      });
}

std::vector<std::string> unique_names() {
  return *rc::gen::unique<std::vector<std::string>>(names());
}

TEST(ComposeProperty, is_undone_by_parse) {
  EXPECT_TRUE(rc::check([] {
    File file;
    file.id = *names();
    file.parents = unique_names();
    file.depends_on = unique_names();
    file.labels = unique_names();
    file.message = *values();
    file.created = *values();
    file.upgrade.options.transaction = *rc::gen::arbitrary<bool>();
    file.upgrade.options.role = *names();
    if (*rc::gen::arbitrary<bool>()) file.irreversible = *names();
    std::string upgrade = "SELECT " + quote_literal(*values()) + ";";
    std::string downgrade = "SELECT " + quote_identifier("x" + *values()) + "; -- end";
    File again =
        parse(compose(file, upgrade, downgrade), file.id + "_" + slug(file.message) + ".sql");
    RC_ASSERT(again.id == file.id);
    RC_ASSERT(again.parents == file.parents);
    RC_ASSERT(again.depends_on == file.depends_on);
    RC_ASSERT(again.labels == file.labels);
    RC_ASSERT(again.message == file.message);
    RC_ASSERT(again.created == file.created);
    RC_ASSERT(again.irreversible == file.irreversible);
    RC_ASSERT(again.upgrade.options.transaction == file.upgrade.options.transaction);
    RC_ASSERT(again.upgrade.options.role == file.upgrade.options.role);
    RC_ASSERT(again.upgrade.checksum == sha256(upgrade));
    RC_ASSERT(again.downgrade.has_value() != again.irreversible.has_value());
    if (again.downgrade) RC_ASSERT(again.downgrade->checksum == sha256(downgrade));
  }));
}

// The canonical form by its definition, line by line.
std::string canonical_by_lines(std::string_view script) {
  std::string text;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const std::size_t after = std::min(script.find_first_not_of('\r', i), script.size());
    if (script[i] != '\r' || (after < script.size() && script[after] != '\n')) text += script[i];
  }
  std::size_t size = text.size();
  for (;;) {
    std::size_t line = size == 0 ? 0 : text.rfind('\n', size - 1) + 1;
    if (size == 0 || !trim(std::string_view(text).substr(line, size - line)).empty()) break;
    size = line == 0 ? 0 : line - 1;
  }
  return text.substr(0, size);
}

std::string canonical_in_pieces(const std::string& text, std::size_t piece) {
  Canonical canonical;
  std::string result;
  auto add = [&](std::string_view certain) { result += certain; };
  for (std::size_t at = 0; at < text.size(); at += piece)
    canonical.feed(std::string_view(text).substr(at, piece), add);
  result += canonical.finish();
  return result;
}

TEST(CanonicalProperty, does_not_depend_on_how_the_text_comes) {
  EXPECT_TRUE(rc::check([] {
    auto text = *rc::gen::container<std::string>(rc::gen::element('a', ' ', '\n', '\r', '\t'));
    std::size_t piece = *rc::gen::inRange<std::size_t>(1, 6);
    const std::string result = canonical_in_pieces(text, piece);
    RC_ASSERT(result == canonical_by_lines(text));
    RC_ASSERT(canonical_length(result) == result.size());
    // What the ledger keeps is read like a file once more, with a line end behind it or without.
    RC_ASSERT(canonical_in_pieces(result, piece) == result);
    RC_ASSERT(canonical_in_pieces(result + "\n", piece) == result);
  }));
}

}  // namespace
}  // namespace steward::revision
