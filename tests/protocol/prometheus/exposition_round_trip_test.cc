#include "protocol/prometheus/exposition_format.h"
#include "protocol/prometheus/label_set.h"

#include "tests/reference/reference_exposition_parser.h"
#include "tests/reference/reference_utf8.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>

namespace fluxgate::prom {
namespace {

using reference::ExpositionFamily;
using reference::ExpositionSample;
using reference::ExpositionSyntax;
using reference::ParsedExposition;

// What is encoded: FamilyHeader with its strings, and samples with their labels still apart.
struct Family {
  std::string name;
  MetricType type = MetricType::kUnknown;
  std::string help;
  std::string unit;
  std::vector<std::string> suffixes;
  std::vector<ExpositionSample> samples;
};

ExpositionSyntax SyntaxOf(ExpositionFormat format) {
  return format == ExpositionFormat::kText ? ExpositionSyntax::kText
                                           : ExpositionSyntax::kOpenMetrics;
}

std::string RandomText(std::mt19937_64* random, size_t size_max) {
  static constexpr std::string_view kNasty("\\\"\n\r\t\0\x7F{},= #na", 15);
  std::string text;
  const size_t size = (*random)() % (size_max + 1);
  while (text.size() < size) {
    const uint64_t pick = (*random)() % 8;
    if (pick < 5) {
      text += kNasty[(*random)() % kNasty.size()];
    } else if (pick < 7) {
      reference::AppendCodePoint(static_cast<uint32_t>((*random)() % 0x800), &text);
    } else {
      reference::AppendCodePoint(static_cast<uint32_t>(0xE000 + (*random)() % 0x102000), &text);
    }
  }
  return text;
}

double RandomValue(std::mt19937_64* random) {
  switch ((*random)() % 4) {
    case 0:
      return static_cast<double>((*random)() % 2000) - 1000;
    case 1:
      return static_cast<double>((*random)() % 100'000) / 100;
    default:
      return std::bit_cast<double>((*random)());  // also infinities and NaN
  }
}

std::optional<int64_t> RandomTime(std::mt19937_64* random) {
  if ((*random)() % 2 == 0) {
    return std::nullopt;
  }
  return static_cast<int64_t>((*random)()) >> ((*random)() % 63);
}

ExpositionSample RandomSample(const std::string& name, size_t number, std::mt19937_64* random) {
  ExpositionSample sample;
  sample.name = name;
  for (const char* label : {"A", "_b", "host", "le2"}) {
    if ((*random)() % 2 == 0) {
      sample.labels.emplace_back(label, RandomText(random, 12));
    }
  }
  sample.labels.emplace_back("z", std::to_string(number));  // no series twice
  sample.value = RandomValue(random);
  sample.time_ms = RandomTime(random);
  return sample;
}

Family RandomFamily(size_t number, std::mt19937_64* random) {
  static const std::vector<std::string> kSuffixes[] = {
      {""}, {""}, {""}, {"_sum", "_count"}, {"", "_sum", "_count"}};
  static const char* const kNameEnds[] = {"", "_total", "_seconds", "_seconds_total", ":x"};
  Family family;
  family.name = "m" + std::to_string(number) + kNameEnds[(*random)() % 5];
  family.type = static_cast<MetricType>((*random)() % 5);
  family.help = RandomText(random, 20);
  family.unit = (*random)() % 2 == 0 ? "seconds" : "";
  family.suffixes = kSuffixes[static_cast<size_t>(family.type)];
  const size_t count = (*random)() % 6;
  for (size_t i = 0; i < count; ++i) {
    const std::string& suffix = family.suffixes[i % family.suffixes.size()];
    family.samples.push_back(RandomSample(family.name + suffix, i, random));
  }
  return family;
}

void AppendTo(ExpositionFormat format, const Family& family, std::string* out) {
  const FamilyHeader header = {family.name, family.type, family.help, family.unit};
  const FamilyEncoder encoder(format, header);
  encoder.AppendHeader(out);
  for (const ExpositionSample& sample : family.samples) {
    std::string labels;
    for (const auto& [name, value] : sample.labels) {
      AppendLabel(name, value, &labels);
    }
    const std::string suffix = sample.name.substr(family.name.size());
    encoder.AppendSample(suffix, labels, sample.value, sample.time_ms, out);
  }
}

// The header that a reader must find, by the rules of each format.
ExpositionFamily ExpectedHeader(ExpositionFormat format, const Family& family) {
  static const char* const kTypes[] = {"unknown", "gauge", "counter", "histogram", "summary"};
  ExpositionFamily expected = {.name = family.name,
                               .type = kTypes[static_cast<size_t>(family.type)],
                               .unit = {},
                               .help = family.help,
                               .samples = {}};
  if (format == ExpositionFormat::kText) {
    expected.type = expected.type == "unknown" ? "untyped" : expected.type;
    return expected;
  }
  if (expected.type == "counter" && family.name.ends_with("_total")) {
    expected.name.resize(family.name.size() - 6);
  } else if (expected.type == "counter") {
    expected.type = "unknown";
  }
  expected.unit = expected.name.ends_with("_seconds") ? family.unit : "";
  return expected;
}

void ExpectSameSample(const ExpositionSample& parsed, const ExpositionSample& sample) {
  EXPECT_EQ(parsed.name, sample.name);
  EXPECT_EQ(parsed.labels, sample.labels);
  EXPECT_EQ(parsed.time_ms, sample.time_ms);
  EXPECT_EQ(std::isnan(parsed.value), std::isnan(sample.value));
  if (!std::isnan(sample.value)) {
    EXPECT_EQ(parsed.value, sample.value);
  }
}

void ExpectSameFamily(const ExpositionFamily& parsed, const ExpositionFamily& header,
                      const Family& family) {
  EXPECT_EQ(parsed.name, header.name);
  EXPECT_EQ(parsed.type, header.type);
  EXPECT_EQ(parsed.unit, header.unit);
  EXPECT_EQ(parsed.help, header.help);
  ASSERT_EQ(parsed.samples.size(), family.samples.size());
  for (size_t i = 0; i < family.samples.size(); ++i) {
    ExpectSameSample(parsed.samples[i], family.samples[i]);
  }
}

void ExpectRoundTrip(ExpositionFormat format, const std::vector<Family>& families) {
  std::string body;
  for (const Family& family : families) {
    AppendTo(format, family, &body);
  }
  AppendEnd(format, &body);
  const ParsedExposition parsed = reference::ParseExposition(SyntaxOf(format), body);
  ASSERT_EQ(parsed.error, "") << body;
  ASSERT_EQ(parsed.families.size(), families.size()) << body;
  for (size_t i = 0; i < families.size(); ++i) {
    ExpectSameFamily(parsed.families[i], ExpectedHeader(format, families[i]), families[i]);
  }
}

TEST(ExpositionRoundTrip, RandomFamiliesAreReadBackAsTheyWere) {
  for (const auto format : {ExpositionFormat::kText, ExpositionFormat::kOpenMetrics}) {
    std::mt19937_64 random(20240601);
    for (int round = 0; round < 500 && !testing::Test::HasFailure(); ++round) {
      std::vector<Family> families;
      const size_t count = random() % 5;
      for (size_t i = 0; i < count; ++i) {
        families.push_back(RandomFamily(i, &random));
      }
      ExpectRoundTrip(format, families);
    }
  }
}

TEST(ExpositionRoundTrip, EveryCharacterOfALabelValueAndOfHelpSurvives) {
  for (const auto format : {ExpositionFormat::kText, ExpositionFormat::kOpenMetrics}) {
    for (uint32_t code = 0; code < 0x3000; code += code < 0x200 ? 1 : 97) {
      Family family = {.name = "m",
                       .type = MetricType::kUnknown,
                       .help = "h",
                       .unit = {},
                       .suffixes = {""},
                       .samples = {}};
      std::string value;
      reference::AppendCodePoint(code, &value);
      family.help += value;
      family.samples.push_back({.name = "m",
                                .labels = {{"a", value}, {"b", "x" + value + "y"}},
                                .value = 1,
                                .value_text = {},
                                .time_ms = {}});
      ExpectRoundTrip(format, {family});
    }
  }
}

// The oracle itself: were it lenient, the tests above would show nothing.
TEST(ReferenceExpositionParser, RejectsTextThatIsNotStrict) {
  for (const char* body : {"m 1\n",
                           "# TYPE m untyped",
                           "# TYPE m unknown\n",
                           "# TYPE m untyped\n\n",
                           "# TYPE m untyped\nm 1",
                           "# TYPE m untyped\nm  1\n",
                           "# TYPE m untyped\nm 1 \n",
                           "# TYPE m untyped\nm 1\r\n",
                           "# TYPE m untyped\nm{} 1\n",
                           "# TYPE m untyped\nn 1\n",
                           "# TYPE m untyped\nm{b=\"\",a=\"\"} 1\n",
                           "# TYPE m untyped\nm{a=\"\",a=\"\"} 1\n",
                           "# TYPE m untyped\nm{a=\"\",} 1\n",
                           "# TYPE m untyped\nm{a=\"\\t\"} 1\n",
                           "# TYPE m untyped\nm{a=\"x} 1\n",
                           "# TYPE m untyped\nm{a=\"\xFF\"} 1\n",
                           "# TYPE m untyped\nm{1=\"\"} 1\n",
                           "# TYPE m untyped\nm 1\nm 2\n",
                           "# TYPE m untyped\nm 01\n",
                           "# TYPE m untyped\nm 1e6\n",
                           "# TYPE m untyped\nm inf\n",
                           "# TYPE m untyped\nm 1 1.5\n",
                           "# TYPE m untyped\n# HELP m x\n",
                           "# HELP m x\n# HELP m y\n# TYPE m untyped\n",
                           "# HELP m x\n",
                           "# EOF\n",
                           "# TYPE m untyped\n# TYPE n untyped\n# TYPE m untyped\n",
                           "# HELP m \\x\n# TYPE m gauge\n",
                           "# TYPE m untyped\nm 1\n# HELP m x\n",
                           "# TYPE h histogram\nh 1\n"}) {
    EXPECT_NE(reference::ParseExposition(ExpositionSyntax::kText, body).error, "") << body;
  }
}

TEST(ReferenceExpositionParser, RejectsOpenMetricsThatIsNotStrict) {
  for (const char* body :
       {"", "# TYPE m unknown\n", "# TYPE m untyped\n# EOF\n", "# TYPE m unknown\nm 1\n# EOF\n",
        "# EOF\n# TYPE m unknown\n", "# EOF", "# HELP m x\n# TYPE m unknown\n# EOF\n",
        "# TYPE m counter\nm 1.0\n# EOF\n", "# TYPE m_total counter\nm_total 1.0\n# EOF\n",
        "# TYPE m unknown\n# HELP m \"\n# EOF\n", "# TYPE m gauge\n# UNIT m seconds\n# EOF\n",
        "# TYPE m unknown\nm 1.0 1.2345\n# EOF\n",
        "# TYPE m counter\n# TYPE m_created gauge\n# EOF\n"}) {
    EXPECT_NE(reference::ParseExposition(ExpositionSyntax::kOpenMetrics, body).error, "") << body;
  }
}

}  // namespace
}  // namespace fluxgate::prom
