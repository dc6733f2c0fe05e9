#include "bridge/upload/report_rules_file.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

std::string ErrorOf(const std::string& yaml) {
  return std::string(ParseReportRules(yaml).status().message());
}

std::string Rule(const std::string& rest) {
  return "rules:\n- name: r\n  pattern: '(?P<a>.*)'\n" + rest;
}

TEST(ReportRulesFile, TheShippedExampleIsGood) {
  const auto rules =
      LoadReportRules(UploadOptions{FLUXGATE_SOURCE_DIR "/deploy/reports/host-report.yaml"});
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_FALSE(rules->empty());
}

TEST(ReportRulesFile, NoFileNoRules) {
  EXPECT_TRUE(LoadReportRules(UploadOptions())->empty());
  EXPECT_EQ(LoadReportRules(UploadOptions{"/nowhere"}).status().message(),
            "/nowhere: No such file or directory");
  EXPECT_EQ(LoadReportRules(UploadOptions{"/etc"}).status().message(), "/etc: Is a directory");
  EXPECT_EQ(LoadReportRules(UploadOptions{"/dev/null"}).status().message(),
            "/dev/null: line 1: the file is not a mapping");
}

TEST(ReportRulesFile, SaysWhatIsWrong) {
  EXPECT_EQ(ErrorOf(""), "line 1: the file is not a mapping");
  EXPECT_EQ(ErrorOf("rules: ["), "line 1: end of sequence flow not found");
  EXPECT_EQ(ErrorOf("rules: []"), "there are no rules");
  EXPECT_EQ(ErrorOf("rule: []"), "line 1: the file has no key \"rule\"");
  EXPECT_EQ(ErrorOf("timezone: Nowhere/Land\nrules: []"),
            "timezone: \"Nowhere/Land\" is unknown here");
  EXPECT_EQ(ErrorOf("zones: {X: y}\nrules: []"), "zones, X: \"y\" is unknown here");
  EXPECT_EQ(ErrorOf("rules:\n- pattern: a"), "line 2: rule 1 has no name");
  EXPECT_EQ(ErrorOf("rules:\n- name: r"), "rule \"r\" has no pattern");
  EXPECT_EQ(ErrorOf("rules:\n- name: r\n  pattern: 'a(b'"),
            "rule \"r\": pattern, position 2: missing ): a(b");
  EXPECT_EQ(ErrorOf(Rule("  colour: red")), "line 4: rule \"r\" has no key \"colour\"");
  EXPECT_EQ(ErrorOf(Rule("  measurement: m")),
            "rule \"r\": a measurement needs fields, and fields a measurement");
  EXPECT_EQ(ErrorOf(Rule("  measurement: m\n  fields: {v: $x}")),
            "rule \"r\": field v: the pattern has no group \"x\" (?P<x>...)");
  EXPECT_EQ(ErrorOf(Rule("")),
            "rule \"r\": makes nothing of its lines (ignore: true passes over them)");
  EXPECT_EQ(ErrorOf(Rule("  ignore: true\n  report_tags: {h: $a}")),
            "rule \"r\": ignores its lines and uses them");
  EXPECT_EQ(ErrorOf(Rule("  time: {text: $a}")), "rule \"r\": time has no format");
  EXPECT_EQ(ErrorOf(Rule("  time: {format: '%Y'}")), "rule \"r\": time has no text");
  EXPECT_EQ(ErrorOf(Rule("  ignore: true")), "");
}

}  // namespace
}  // namespace fluxgate
