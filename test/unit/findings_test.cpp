// How findings are read: as text, JSON lines, annotations, SARIF, JUnit, and against a baseline.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runner/error.h"
#include "runner/report/baseline.h"
#include "runner/report/format.h"
#include "runner/report/junit.h"
#include "runner/report/sarif.h"

namespace steward::report {
namespace {

const terminal::Style plain{};

Finding finding(const std::string& rule, Severity severity, const std::string& object) {
  Finding one;
  one.rule = rule;
  one.severity = severity;
  one.object = object;
  one.object_type = "table";
  one.message = object + " is wrong";
  one.hint = "mend " + object;
  return one;
}

// An error with a fix, a warning, a note that is waived.
Findings sample() {
  Findings findings;
  findings.family = "hygiene";
  findings.rules = {{"bad", Severity::error, "What is bad"},
                    {"odd", Severity::warning, "What is odd"},
                    {"unused", Severity::note, "What nobody has"}};
  findings.found = {finding("bad", Severity::error, "public.a"),
                    finding("odd", Severity::warning, "public.b"),
                    finding("odd", Severity::note, "public.c")};
  findings.found[0].fix = "DROP INDEX a;\nDROP INDEX b;";
  findings.found[2].waiver = "it is <old> & known";
  return findings;
}

TEST(Findings, are_grouped_with_the_fix_under_each) {
  EXPECT_EQ(as_text(sample(), plain),
            "error bad  What is bad\n"
            "  public.a\n"
            "    public.a is wrong\n"
            "    fix: DROP INDEX a;\n"
            "         DROP INDEX b;\n"
            "\n"
            "warning odd  What is odd\n"
            "  public.b\n"
            "    public.b is wrong\n"
            "    hint: mend public.b\n"
            "\n"
            "1 error, 1 warning; 1 waived\n");
  EXPECT_EQ(as_text(Findings{}, plain), "nothing found\n");
}

TEST(Findings, say_once_what_is_to_be_done_for_a_group_and_fit_the_terminal) {
  Findings findings;
  for (const char* object : {"a", "b", "c"}) {
    Finding one;
    one.rule = "odd";
    one.object = object;
    one.message = "a message of quite a few words for " + one.object;
    one.hint = one.object == "c" ? "another" : "do the same to each of them";
    findings.found.push_back(one);
  }
  terminal::Style narrow;
  narrow.moving = true;
  narrow.width = 32;
  EXPECT_EQ(as_text(findings, narrow),
            "warning odd  \n"
            "  a\n"
            "    a message of quite a few\n"
            "    words for a\n"
            "    hint: do the same to each of\n"
            "          them\n"
            "  b\n"
            "    a message of quite a few\n"
            "    words for b\n"
            "  c\n"
            "    a message of quite a few\n"
            "    words for c\n"
            "    hint: another\n"
            "\n"
            "3 warnings\n");
}

TEST(Findings, do_not_let_a_name_steer_the_terminal) {
  Findings findings = sample();
  findings.found[0].object = "public.\x1b[2J";
  findings.found[0].message = "\x1b[2J";
  EXPECT_EQ(as_text(findings, plain).find('\x1b'), std::string::npos);
}

TEST(Findings, fail_at_a_severity_or_worse_unless_waived_or_known) {
  Findings findings = sample();
  EXPECT_TRUE(reaches(findings, Severity::error));
  findings.found[0].known = true;
  EXPECT_FALSE(reaches(findings, Severity::error));
  EXPECT_TRUE(reaches(findings, Severity::warning));
  EXPECT_FALSE(reaches(findings, std::nullopt));
  findings.found[1].waiver = "yes";
  EXPECT_FALSE(reaches(findings, Severity::note));
}

TEST(Findings, are_asked_for_in_the_same_words_by_every_verb) {
  for (const char* format : {"text", "json", "sarif", "github", "junit"}) require_format(format);
  EXPECT_THROW(require_format(""), Error);
  EXPECT_THROW(require_format("poem"), Error);
  EXPECT_EQ(require_limit("note"), Severity::note);
  EXPECT_EQ(require_limit("never"), std::nullopt);
  EXPECT_THROW(require_limit("anything"), Error);
}

TEST(Findings, are_json_line_by_line) {
  const std::string text = as_json_lines(sample());
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3);
  const Json last = Json::parse(text.substr(text.rfind('\n', text.size() - 2) + 1));
  EXPECT_EQ(last["object"], "public.c");
  EXPECT_EQ(last["waiver"], "it is <old> & known");
  EXPECT_FALSE(last.contains("fix"));
}

TEST(Findings, are_annotations_with_what_github_reads_specially_escaped) {
  Findings findings = sample();
  findings.file = "steward.toml";
  findings.found[0].object = "a,b:c";
  EXPECT_EQ(as_github(findings),
            "::error title=bad a%2Cb%3Ac,file=steward.toml::public.a is wrong%0Afix: DROP INDEX "
            "a;%0ADROP INDEX b;\n"
            "::warning title=odd public.b,file=steward.toml::public.b is wrong%0Ahint: mend "
            "public.b\n");
}

// The shape that the published schema of 2.1.0 asks for, where we use it.
TEST(Sarif, has_the_shape_of_the_standard) {
  Findings findings = sample();
  findings.found[1].known = true;
  findings.found[1].file = "migrations/a.sql";
  findings.found[1].line = 7;
  const Json log = as_sarif(findings, "1.2.3");
  EXPECT_EQ(log["version"], "2.1.0");
  ASSERT_EQ(log["runs"].size(), 1u);
  const Json& driver = log["runs"][0]["tool"]["driver"];
  EXPECT_EQ(driver["name"], "steward");
  EXPECT_EQ(driver["semanticVersion"], "1.2.3");
  ASSERT_EQ(driver["rules"].size(), 2u) << "only rules with findings";
  const Json& results = log["runs"][0]["results"];
  ASSERT_EQ(results.size(), 3u);
  for (const Json& result : results) {
    const Json& rule = driver["rules"][result["ruleIndex"].get<std::size_t>()];
    EXPECT_EQ(rule["id"], result["ruleId"]);
    EXPECT_TRUE(rule["shortDescription"]["text"].is_string());
    EXPECT_TRUE(result["message"]["text"].is_string());
    const std::string level = result["level"];
    EXPECT_TRUE(level == "error" || level == "warning" || level == "note") << level;
    EXPECT_EQ(result["partialFingerprints"]["ruleAndObject/v1"].get<std::string>().size(), 64u);
    EXPECT_TRUE(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"].is_string());
  }
  EXPECT_FALSE(results[0]["locations"][0].contains("physicalLocation"));
  const Json& place = results[1]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "migrations/a.sql");
  EXPECT_EQ(place["region"]["startLine"], 7);
  EXPECT_EQ(results[1]["baselineState"], "unchanged");
  EXPECT_EQ(results[2]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(results[2]["suppressions"][0]["justification"], "it is <old> & known");
}

TEST(Sarif, keeps_a_fingerprint_when_the_message_changes) {
  Findings findings = sample();
  const auto fingerprint = [&findings] {
    return as_sarif(findings, "1")["runs"][0]["results"][0]["partialFingerprints"];
  };
  const Json before = fingerprint();
  findings.found[0].message = "said otherwise";
  EXPECT_EQ(fingerprint(), before);
  findings.found[0].object = "public.z";
  EXPECT_NE(fingerprint(), before);
}

TEST(Junit, tells_failed_passed_and_skipped) {
  EXPECT_EQ(
      as_junit(sample(), Severity::error),
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites tests=\"3\" failures=\"1\" skipped=\"1\">\n"
      "  <testsuite name=\"steward hygiene\" tests=\"3\" failures=\"1\" skipped=\"1\">\n"
      "    <testcase classname=\"bad\" name=\"public.a\"><failure type=\"error\" "
      "message=\"public.a is wrong\">fix: DROP INDEX a;&#10;DROP INDEX b;</failure></testcase>\n"
      "    <testcase classname=\"odd\" name=\"public.b\"><system-out>public.b is "
      "wrong</system-out></testcase>\n"
      "    <testcase classname=\"odd\" name=\"public.c\"><skipped message=\"waived: it is "
      "&lt;old&gt; &amp; known\"/></testcase>\n"
      "  </testsuite>\n"
      "</testsuites>\n");
}

class BaselineFile : public testing::Test {
 protected:
  ~BaselineFile() override { std::filesystem::remove(path_); }
  void write(const std::string& text) const { std::ofstream(path_) << text; }
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() /
      ("steward-baseline-" + std::to_string(testing::UnitTest::GetInstance()->random_seed()) +
       testing::UnitTest::GetInstance()->current_test_info()->name());
};

TEST_F(BaselineFile, comes_back_as_it_was_written) {
  const Baseline before = {{"odd", "public.\"b\n\""}, {"bad", "public.a"}};
  write_baseline(path_, before);
  EXPECT_EQ(read_baseline(path_), before);
  write_baseline(path_, {});
  EXPECT_TRUE(read_baseline(path_).empty());
}

TEST_F(BaselineFile, that_is_none_is_refused) {
  for (const char* text : {"", "[]", "{}", R"({"version": 2, "findings": []})",
                           R"({"version": 1, "findings": [{"rule": 1}]})"}) {
    write(text);
    try {
      read_baseline(path_);
      FAIL() << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), "bad_baseline") << text;
    }
  }
}

TEST(Baseline, knows_what_was_there_and_tells_what_is_gone) {
  Findings findings = sample();
  EXPECT_EQ(baseline_of(findings), (Baseline{{"bad", "public.a"}, {"odd", "public.b"}}));
  const Baseline gone = mark_known(findings, {{"bad", "public.a"}, {"odd", "public.z"}});
  EXPECT_EQ(gone, (Baseline{{"odd", "public.z"}}));
  EXPECT_TRUE(findings.found[0].known);
  EXPECT_FALSE(findings.found[1].known);
  EXPECT_EQ(tally(findings).words(), "1 warning; 1 waived; 1 in the baseline");
}

}  // namespace
}  // namespace steward::report
