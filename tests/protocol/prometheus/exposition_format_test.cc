#include "protocol/prometheus/exposition_format.h"

#include <gtest/gtest.h>

#include <limits>

namespace fluxgate::prom {
namespace {

constexpr auto kText = ExpositionFormat::kText;
constexpr auto kOpenMetrics = ExpositionFormat::kOpenMetrics;

std::string Header(ExpositionFormat format, const FamilyHeader& header) {
  std::string out;
  FamilyEncoder(format, header).AppendHeader(&out);
  return out;
}

std::string Sample(ExpositionFormat format, const FamilyHeader& header, std::string_view suffix,
                   std::string_view labels, double value,
                   std::optional<int64_t> time_ms = std::nullopt) {
  std::string out;
  FamilyEncoder(format, header).AppendSample(suffix, labels, value, time_ms, &out);
  return out;
}

FamilyHeader Unknown(std::string_view name) {
  return {.name = name, .type = MetricType::kUnknown, .help = {}, .unit = {}};
}

std::string Time(ExpositionFormat format, int64_t time_ms) {
  const std::string line = Sample(format, Unknown("m"), "", "", 1, time_ms);
  const size_t start = line.rfind(' ') + 1;
  return line.substr(start, line.size() - start - 1);
}

TEST(TextFormat, HelpStandsBeforeType) {
  EXPECT_EQ(Header(kText, {"cpu", MetricType::kUnknown, "InfluxDB Metric", {}}),
            "# HELP cpu InfluxDB Metric\n# TYPE cpu untyped\n");
}

TEST(TextFormat, TypeNames) {
  const std::pair<MetricType, const char*> names[] = {{MetricType::kUnknown, "untyped"},
                                                      {MetricType::kGauge, "gauge"},
                                                      {MetricType::kCounter, "counter"},
                                                      {MetricType::kHistogram, "histogram"},
                                                      {MetricType::kSummary, "summary"}};
  for (const auto& [type, name] : names) {
    EXPECT_EQ(Header(kText, {"m", type, {}, {}}), "# TYPE m " + std::string(name) + "\n");
  }
}

TEST(TextFormat, CounterKeepsItsWholeName) {
  EXPECT_EQ(Header(kText, {"x_total", MetricType::kCounter, "h", "seconds"}),
            "# HELP x_total h\n# TYPE x_total counter\n");
}

TEST(TextFormat, HelpEscapesBackslashAndLineFeedOnly) {
  EXPECT_EQ(Header(kText, {"m", MetricType::kGauge, "a\\b\n\"c\"", {}}),
            "# HELP m a\\\\b\\n\"c\"\n# TYPE m gauge\n");
}

TEST(TextFormat, SampleLines) {
  EXPECT_EQ(Sample(kText, Unknown("m"), "", "", 1), "m 1\n");
  EXPECT_EQ(Sample(kText, Unknown("m"), "", R"(a="b",c="d")", 0.5), "m{a=\"b\",c=\"d\"} 0.5\n");
  EXPECT_EQ(Sample(kText, Unknown("m"), "", R"(a="b")", 2, 1'700'000'000'123),
            "m{a=\"b\"} 2 1700000000123\n");
  EXPECT_EQ(Sample(kText, {"h", MetricType::kHistogram, {}, {}}, "_bucket", R"(le="+Inf")", 1e6),
            "h_bucket{le=\"+Inf\"} 1e+06\n");
}

TEST(TextFormat, TimeIsInMilliseconds) {
  EXPECT_EQ(Time(kText, 0), "0");
  EXPECT_EQ(Time(kText, -1), "-1");
  EXPECT_EQ(Time(kText, 1'700'000'000'000), "1700000000000");
}

TEST(OpenMetricsFormat, TypeUnitAndHelpInThatOrder) {
  EXPECT_EQ(Header(kOpenMetrics, {"x_seconds", MetricType::kGauge, "help", "seconds"}),
            "# TYPE x_seconds gauge\n# UNIT x_seconds seconds\n# HELP x_seconds help\n");
}

TEST(OpenMetricsFormat, TypeNames) {
  const std::pair<MetricType, const char*> names[] = {{MetricType::kUnknown, "unknown"},
                                                      {MetricType::kGauge, "gauge"},
                                                      {MetricType::kHistogram, "histogram"},
                                                      {MetricType::kSummary, "summary"}};
  for (const auto& [type, name] : names) {
    EXPECT_EQ(Header(kOpenMetrics, {"m", type, {}, {}}), "# TYPE m " + std::string(name) + "\n");
  }
}

TEST(OpenMetricsFormat, CounterFamilyIsNamedWithoutTotal) {
  const FamilyHeader counter = {"x_seconds_total", MetricType::kCounter, "h", "seconds"};
  EXPECT_EQ(Header(kOpenMetrics, counter),
            "# TYPE x_seconds counter\n# UNIT x_seconds seconds\n# HELP x_seconds h\n");
  EXPECT_EQ(Sample(kOpenMetrics, counter, "", "", 3), "x_seconds_total 3.0\n");
}

TEST(OpenMetricsFormat, CounterWithoutTotalIsUnknown) {
  for (const std::string_view name : {"x", "xtotal", "_total"}) {
    const FamilyHeader counter = {name, MetricType::kCounter, "h", {}};
    EXPECT_EQ(Header(kOpenMetrics, counter),
              "# TYPE " + std::string(name) + " unknown\n# HELP " + std::string(name) + " h\n");
    EXPECT_EQ(Sample(kOpenMetrics, counter, "", "", 3), std::string(name) + " 3.0\n");
  }
}

TEST(OpenMetricsFormat, OtherTypeKeepsATotalSuffix) {
  EXPECT_EQ(Header(kOpenMetrics, Unknown("x_total")), "# TYPE x_total unknown\n");
}

TEST(OpenMetricsFormat, UnitThatIsNotTheEndOfTheNameIsLeftOut) {
  for (const std::string_view name : {"x", "xx_yseconds", "seconds", "_seconds", "x_seconds_y"}) {
    const std::string header = Header(kOpenMetrics, {name, MetricType::kGauge, {}, "seconds"});
    EXPECT_EQ(header, "# TYPE " + std::string(name) + " gauge\n");
  }
}

TEST(OpenMetricsFormat, HelpEscapesQuotesToo) {
  EXPECT_EQ(Header(kOpenMetrics, {"m", MetricType::kGauge, "a\\b\n\"c\"", {}}),
            "# TYPE m gauge\n# HELP m a\\\\b\\n\\\"c\\\"\n");
}

TEST(OpenMetricsFormat, SampleLines) {
  EXPECT_EQ(Sample(kOpenMetrics, Unknown("m"), "", "", 1), "m 1.0\n");
  EXPECT_EQ(Sample(kOpenMetrics, Unknown("m"), "", R"(a="b")", 1e6, 1'700'000'000'123),
            "m{a=\"b\"} 1e+06 1700000000.123\n");
}

TEST(OpenMetricsFormat, TimeIsInSecondsWithTheDecimalsItNeeds) {
  EXPECT_EQ(Time(kOpenMetrics, 0), "0");
  EXPECT_EQ(Time(kOpenMetrics, 1'700'000'000'000), "1700000000");
  EXPECT_EQ(Time(kOpenMetrics, 1'700'000'000'500), "1700000000.5");
  EXPECT_EQ(Time(kOpenMetrics, 1'700'000'000'120), "1700000000.12");
  EXPECT_EQ(Time(kOpenMetrics, 1'700'000'000'001), "1700000000.001");
  EXPECT_EQ(Time(kOpenMetrics, 10), "0.01");
  EXPECT_EQ(Time(kOpenMetrics, -1), "-0.001");
  EXPECT_EQ(Time(kOpenMetrics, -1500), "-1.5");
  EXPECT_EQ(Time(kOpenMetrics, -1000), "-1");
  EXPECT_EQ(Time(kOpenMetrics, std::numeric_limits<int64_t>::min()), "-9223372036854775.808");
  EXPECT_EQ(Time(kOpenMetrics, std::numeric_limits<int64_t>::max()), "9223372036854775.807");
}

// The longest number and time together must fit what a sample line reserves.
TEST(FamilyEncoder, LongestLineIsWhole) {
  const std::string labels = "a=\"" + std::string(70'000, 'x') + "\"";
  std::string out = "before\n";
  const FamilyHeader header = Unknown("m");
  FamilyEncoder(kOpenMetrics, header)
      .AppendSample("", labels, -std::numeric_limits<double>::max(),
                    std::numeric_limits<int64_t>::min(), &out);
  EXPECT_EQ(out, "before\nm{" + labels + "} -1.7976931348623157e+308 -9223372036854775.808\n");
}

TEST(FamilyEncoder, SamplesAreAppendedInTheOrderCalled) {
  const FamilyHeader header = {"m", MetricType::kUnknown, "h", {}};
  const FamilyEncoder encoder(kText, header);
  std::string out;
  encoder.AppendHeader(&out);
  encoder.AppendSample("", R"(k="2")", 2, std::nullopt, &out);
  encoder.AppendSample("", R"(k="1")", 1, std::nullopt, &out);
  EXPECT_EQ(out, "# HELP m h\n# TYPE m untyped\nm{k=\"2\"} 2\nm{k=\"1\"} 1\n");
}

TEST(FamilyEncoder, WholeFamily) {
  MetricFamily family = {
      .name = "d_seconds", .type = MetricType::kHistogram, .help = "D.", .samples = {}};
  family.samples = {{"_bucket", R"(le="+Inf")", 2}, {"_sum", "", 0.5}, {"_count", "", 2}};
  std::string text;
  AppendFamily(kText, family, &text);
  EXPECT_EQ(text,
            "# HELP d_seconds D.\n# TYPE d_seconds histogram\nd_seconds_bucket{le=\"+Inf\"} 2\n"
            "d_seconds_sum 0.5\nd_seconds_count 2\n");
  std::string open_metrics;
  AppendFamily(kOpenMetrics, family, &open_metrics);
  EXPECT_EQ(open_metrics,
            "# TYPE d_seconds histogram\n# HELP d_seconds D.\nd_seconds_bucket{le=\"+Inf\"} 2.0\n"
            "d_seconds_sum 0.5\nd_seconds_count 2.0\n");
}

TEST(Exposition, EndsWithEofInOpenMetricsOnly) {
  std::string out;
  AppendEnd(kText, &out);
  EXPECT_EQ(out, "");
  AppendEnd(kOpenMetrics, &out);
  EXPECT_EQ(out, "# EOF\n");
}

}  // namespace
}  // namespace fluxgate::prom
