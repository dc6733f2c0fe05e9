#include "bridge/upload/point_source.h"

#include "bridge/upload/report_rules_file.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate {
namespace {

UploadFormat Detect(std::string_view head) {
  static const absl::StatusOr<ReportRules> rules =
      LoadReportRules(UploadOptions{FLUXGATE_SOURCE_DIR "/deploy/reports/host-report.yaml"});
  return DetectFormat(head, &*rules);
}

TEST(DetectFormat, EachForm) {
  EXPECT_EQ(Detect(""), UploadFormat::kEmpty);
  EXPECT_EQ(Detect(" \r\n\t"), UploadFormat::kLineProtocol);
  EXPECT_EQ(Detect("#datatype measurement,double\n"), UploadFormat::kAnnotatedCsv);
  EXPECT_EQ(Detect("# DDL\n"), UploadFormat::kExport);
  EXPECT_EQ(Detect("cpu,host=a v=1\n"), UploadFormat::kLineProtocol);
  EXPECT_EQ(Detect("rpm: 104\ncpu,host=a v=1\n"), UploadFormat::kLineProtocol);
  EXPECT_EQ(Detect("rpm: 104\ncomputer: a\n"), UploadFormat::kReport);
  EXPECT_EQ(Detect("swap,host=a 0.85 1656472338\n"), UploadFormat::kLineProtocol);
  EXPECT_EQ(Detect("neither\n"), UploadFormat::kLineProtocol);
}

TEST(DetectFormat, ALineOfManyFieldsIsOneLine) {
  std::string head = "cpu a=1";
  for (int i = 0; i < 100; ++i) {
    head += ",b=1";
  }
  EXPECT_EQ(Detect(head + "\nrpm: 1\ncpu v=1\ncpu v=1\n"), UploadFormat::kLineProtocol);
}

TEST(DetectFormat, WithoutRulesNoReport) {
  EXPECT_EQ(DetectFormat("computer: a\n", nullptr), UploadFormat::kLineProtocol);
}

TEST(UploadFormat, Names) {
  EXPECT_EQ(Name(UploadFormat::kEmpty), "empty");
  EXPECT_EQ(Name(UploadFormat::kAnnotatedCsv), "annotated_csv");
  EXPECT_EQ(Name(UploadFormat::kExport), "export");
  EXPECT_EQ(Name(UploadFormat::kLineProtocol), "line_protocol");
  EXPECT_EQ(Name(UploadFormat::kReport), "report");
}

}  // namespace
}  // namespace fluxgate
