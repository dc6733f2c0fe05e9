#include "bridge/upload/report_reader.h"

#include "bridge/upload/report_rules_file.h"

#include "tests/protocol/influx/read_cut.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate {
namespace {

constexpr std::string_view kHostReport =
    "Mem:        1863756      665300      157580\n"
    "Swap:       2720764       24832     2695932\n"
    "load_average: 0.16 0.08 0.08 1/460 32100\n"
    "rpm: 104\n"
    "date: Sun Jun 26 22:08:31 EDT 2022\n"
    "computer: lenovo120S.private.org\n"
    "disk: /dev/sda1 27G 22G 3.6G 86% /\n";

const ReportRules& HostRules() {
  static const absl::StatusOr<ReportRules> rules =
      LoadReportRules(UploadOptions{FLUXGATE_SOURCE_DIR "/deploy/reports/host-report.yaml"});
  return *rules;
}

std::string Read(std::string_view input, const ReportRules& rules = HostRules()) {
  return influx::ReadCut<ReportReader>(
      [&] { return ReportReader(&rules, influx::ReaderOptions()); }, input);
}

TEST(ReportReader, TheHostReport) {
  EXPECT_EQ(Read(kHostReport),
            "1: mem,host=lenovo120S.private.org total=1863756,used=665300,free=157580 "
            "1656295711000000000\n"
            "2: swap,host=lenovo120S.private.org total=2720764,used=24832,free=2695932 "
            "1656295711000000000\n"
            "3: load,host=lenovo120S.private.org "
            "load1=0.16,load5=0.08,load15=0.08,running=1,total=460 1656295711000000000\n"
            "4: fan,host=lenovo120S.private.org rpm=104 1656295711000000000\n"
            "7: disk,device=/dev/sda1,host=lenovo120S.private.org,path=/ "
            "size=28991029248,used=23622320128,free=3865470566.4,used_percent=86 "
            "1656295711000000000\n");
}

TEST(ReportReader, IndentedWithCarriageReturnsAndBlankLines) {
  EXPECT_EQ(Read("\r\n   rpm: 104 \r\n\n\tcomputer: a\r"), "2: fan,host=a rpm=104\n");
}

TEST(ReportReader, BadLinesAreTold) {
  EXPECT_EQ(Read("hello\nrpm: fast\nrpm: 1\ndate: tomorrow\n"),
            "1,1: !no rule matches\n"
            "2,1: !invalid value: \"fast\"\n"
            "4,1: !bad timestamp\n"
            "3: fan rpm=1\n");
}

TEST(ReportReader, LinesOfALimitedSize) {
  influx::ReaderOptions options;
  options.max_line_size = 20;
  const std::string input = "rpm: 1\n" + std::string(100, 'x') + "\nrpm: 2";
  const std::string expected =
      "2,1: !max line size exceeded: 21 > 20\n1: fan rpm=1\n3: fan rpm=2\n";
  EXPECT_EQ(
      influx::ReadCut<ReportReader>([&] { return ReportReader(&HostRules(), options); }, input),
      expected);
}

TEST(ReportReader, PointsOfALimitedNumber) {
  std::string input;
  for (size_t i = 0; i <= ReportReader::kPointsMax; ++i) {
    input += "rpm: 1\n";
  }
  ReportReader reader(&HostRules(), influx::ReaderOptions());
  const std::string text = influx::ReadText<ReportReader>(&reader, input, {});
  EXPECT_EQ(text.substr(0, text.find('\n')), "10001,1: !too many points in one report");
}

TEST(ReportReader, TextsOfALimitedSize) {
  const auto rules = ParseReportRules(
      "rules:\n- {name: h, pattern: 'h=(?P<h>.*)', report_tags: {h: $h}}\n"
      "- {name: v, pattern: '(?P<k>\\w+)=(?P<v>.*)', measurement: m, tags: {k: $k}, fields: {v: "
      "$v}}");
  ASSERT_TRUE(rules.ok()) << rules.status();
  const std::string large(60'000, 'x');
  // The tag that takes the place of another counts alone.
  std::string input = "h=" + large + "\nh=" + large + "\n";
  for (int i = 0; i < 17; ++i) {
    input += large + "=2\n";
  }
  ReportReader reader(&*rules, influx::ReaderOptions());
  const std::string text = influx::ReadText<ReportReader>(&reader, input, {});
  // `m,h=...,k=...` and the field's key.
  const size_t size = 1 + 3 + large.size() + 3 + large.size() + 4 + 1;
  EXPECT_TRUE(
      text.starts_with("19,1: !too many points in one report\n"
                       "3,1: !max key length exceeded: " +
                       std::to_string(size) + " > 65535\n4,1:"))
      << text.substr(0, 200);
}

// Without them nobody knows whose points they are.
TEST(ReportReader, TagsThatAreTooLongAreThoseOfNoPoint) {
  const std::string host(70'000, 'h');
  EXPECT_EQ(Read("computer: a\nrpm: 1\n"), "2: fan,host=a rpm=1\n");
  ReportReader reader(&HostRules(), influx::ReaderOptions());
  EXPECT_EQ(influx::ReadText<ReportReader>(&reader, "computer: " + host + "\nrpm: 1\n", {}),
            "1,1: !max key length exceeded: 70004 > 65535\n"
            "2,1: !max key length exceeded: 70004 > 65535\n");
}

TEST(ReportReader, TagsOfAllPointsOfALimitedSize) {
  const std::string host(60'000, 'h');
  std::string input = "computer: " + host + "\n";
  const size_t points = ReportReader::kMadeSizeMax / (host.size() + 4);
  for (size_t i = 0; i <= points; ++i) {
    input += "rpm: 1\n";
  }
  ReportReader reader(&HostRules(), influx::ReaderOptions());
  const std::string text = influx::ReadText<ReportReader>(&reader, input, {});
  const size_t last = points + 2;
  EXPECT_NE(text.find("\n" + std::to_string(last - 1) + ": fan,host=hhh"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\n" + std::to_string(last) + ",1: !too many points in one report\n"));
  EXPECT_EQ(reader.made_size(), points * (host.size() + 4));
}

TEST(ReportReader, ATagOfALineStandsInPlaceOfTheReports) {
  const auto rules = ParseReportRules(
      "rules:\n- {name: h, pattern: 'h=(?P<h>.*)', report_tags: {'h,': $h}}\n"
      "- {name: v, pattern: '(?P<k>\\w*)=(?P<v>.*)', measurement: m, tags: {'h,': $k}, fields: {v: "
      "$v}}");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(Read("h=a\nb=1\n=2\nc=3\n", *rules), "2: m,h\\,=b v=1\n3: m v=2\n4: m,h\\,=c v=3\n");
}

// What comes of a report that breaks off behind `input`.
std::string ReadBrokenOff(std::string_view input) {
  ReportReader reader(&HostRules(), influx::ReaderOptions());
  reader.SetInput(input, false);
  std::string text;
  for (const bool at_the_end : {false, true}) {
    for (ReportReader::Result result = reader.Next();
         result != ReportReader::Result::kNeedMore && result != ReportReader::Result::kEnd;
         result = reader.Next()) {
      text += result == ReportReader::Result::kPoint   ? influx::PointText(reader.point())
              : result == ReportReader::Result::kError ? influx::ErrorText(reader.error())
                                                       : "";
    }
    if (!at_the_end) {
      reader.EndEarly();
    }
  }
  return text;
}

TEST(ReportReader, BrokenOffWithAllThatItsPointsNeed) {
  EXPECT_EQ(
      ReadBrokenOff("rpm: 1\ncomputer: a\ndate: Sun Jun 26 22:08:31 EDT 2022\nrpm: 2\nrpm: 3"),
      "1: fan,host=a rpm=1 1656295711000000000\n4: fan,host=a rpm=2 1656295711000000000\n");
}

TEST(ReportReader, BrokenOffBeforeItsHostOrDate) {
  EXPECT_EQ(ReadBrokenOff("rpm: 1\ncomputer: a\nrpm: 2\ndate: Sun"),
            "1,1: !the report ends before its tags and date\n"
            "3,1: !the report ends before its tags and date\n");
  EXPECT_EQ(ReadBrokenOff("rpm: 1\ndate: Sun Jun 26 22:08:31 EDT 2022\n"),
            "1,1: !the report ends before its tags and date\n");
  EXPECT_EQ(ReadBrokenOff("computer: a\n"), "");
}

TEST(ReportReader, ADateWithoutAYear) {
  const auto rules = ParseReportRules(
      "rules:\n- {name: v, pattern: 'v=(?P<v>.*)', measurement: m, fields: {v: $v}}\n"
      "- {name: t, pattern: 't=(?P<t>.*)', time: {text: $t, format: '%b %d %H:%M:%S'}}");
  ASSERT_TRUE(rules.ok()) << rules.status();
  influx::ReaderOptions options;
  options.default_time_ns = 1656295711000000000;
  ReportReader reader(&*rules, options);
  EXPECT_EQ(influx::ReadText<ReportReader>(&reader, "v=1\nt=Jun 26 22:08:31\n", {}),
            "1: m v=1 1656281311000000000\n");
}

TEST(ReportReader, IgnoredLines) {
  const auto rules = ParseReportRules(
      "rules:\n- {name: t, pattern: '--.*', ignore: true}\n"
      "- {name: v, pattern: '(?P<k>\\w+)=(?P<v>.*)', measurement: m, tags: {k: $k}, fields: {v: "
      "$v}}");
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(Read("-- title\na=1\nb=2", *rules), "2: m,k=a v=1\n3: m,k=b v=2\n");
}

}  // namespace
}  // namespace fluxgate
