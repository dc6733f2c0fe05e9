#include "tests/bench/fleet.h"

#include "protocol/influx/line_reader.h"

#include "tests/bench/series_check.h"

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr uint32_t kHosts = 23;
constexpr uint32_t kRound = 3;
constexpr int64_t kTimeNs = 1'700'000'000'000'000'000;

class FleetTest : public testing::TestWithParam<LineKind> {
 protected:
  const Fleet& fleet_ = FleetOf(GetParam());
};

// What a server must show of the fleet, `shown` being the values' round.
std::string PageOf(const Fleet& fleet, uint32_t shown) {
  std::string page = "# a comment\nother_series 1\n";
  for (size_t family = 0; family < fleet.families().size(); ++family) {
    for (uint32_t host = 0; host < kHosts; ++host) {
      const std::optional<double> value = fleet.Value(host, family, shown);
      if (value) {
        std::string labels;
        fleet.AppendLabels(host, &labels);
        absl::StrAppendFormat(&page, "%s{%s} %.17g\n", fleet.families()[family], labels, *value);
      }
    }
  }
  return page;
}

std::string Verdict(const std::string& page, LineKind kind) {
  const std::vector<uint32_t> last_rounds(kHosts, kRound);
  SeriesCheck check(&last_rounds, kind);
  check.Take(page);
  return check.Finish();
}

TEST_P(FleetTest, LinesAreGoodAndHoldTheSamplesThatAreCounted) {
  for (uint32_t host = 0; host < kHosts; ++host) {
    std::string line;
    fleet_.AppendLine(host, kRound, kTimeNs, &line);
    influx::LineReader reader{influx::ReaderOptions()};
    reader.SetInput(line, true);
    ASSERT_EQ(reader.Next(), influx::LineReader::Result::kPoint) << line;
    uint32_t samples = 0;
    for (const influx::Field& field : reader.point().fields) {
      samples += field.type == influx::FieldType::kString ? 0 : 1;
    }
    EXPECT_EQ(samples, fleet_.SampleCount(host)) << line;
    EXPECT_NE(reader.Next(), influx::LineReader::Result::kPoint);
  }
}

TEST_P(FleetTest, LabelsNameTheirHost) {
  for (const uint32_t host : {0u, 1u, 2u, 3u, 4u, 99u, 1'234'567u}) {
    std::string labels;
    fleet_.AppendLabels(host, &labels);
    EXPECT_EQ(fleet_.HostOf(labels), host) << labels;
  }
  EXPECT_EQ(fleet_.HostOf("a=\"b\""), std::nullopt);
}

TEST_P(FleetTest, IsCheckedWhole) {
  const std::string page = PageOf(fleet_, kRound);
  EXPECT_EQ(Verdict(page, GetParam()), "");
  EXPECT_NE(Verdict(PageOf(fleet_, kRound + 1), GetParam()), "");
  const size_t last_line = page.rfind('\n', page.size() - 2) + 1;
  EXPECT_NE(Verdict(page.substr(0, last_line), GetParam()), "");
}

INSTANTIATE_TEST_SUITE_P(Kinds, FleetTest,
                         testing::Values(LineKind::kTsbsIntegers, LineKind::kTsbsDoubles,
                                         LineKind::kTelegraf));

TEST(TelegrafFleet, SendsAllTypesAndEscapes) {
  const std::string lines = LinesOf(FleetOf(LineKind::kTelegraf), 5, kTimeNs);
  for (const char* part : {"host=web\\ 0", "\\\"SET a, b\\\"", "realtime=", "total=", "i,", "."}) {
    EXPECT_NE(lines.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace fluxgate::bench
