#include "protocol/prometheus/label_set.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <utility>
#include <vector>

namespace fluxgate::prom {
namespace {

using Labels = std::vector<std::pair<std::string, std::string>>;

std::string Render(const Labels& labels) {
  std::string rendered;
  for (const auto& [name, value] : labels) {
    AppendLabel(name, value, &rendered);
  }
  return rendered;
}

Labels TakeAll(std::string_view rest) {
  Labels labels;
  std::string_view name;
  std::string_view value;
  std::string scratch;
  while (TakeLabel(&rest, &name, &value, &scratch)) {
    labels.emplace_back(name, value);
  }
  EXPECT_EQ(rest, "");
  return labels;
}

TEST(LabelSet, LabelsAreSeparatedByCommas) {
  EXPECT_EQ(Render({}), "");
  EXPECT_EQ(Render({{"a", "b"}}), R"(a="b")");
  EXPECT_EQ(Render({{"a", "b"}, {"c", "d e"}}), R"(a="b",c="d e")");
}

TEST(LabelSet, BackslashQuoteAndLineFeedAreEscaped) {
  EXPECT_EQ(Render({{"p", "C:\\x\"y\"\nz"}}), R"(p="C:\\x\"y\"\nz")");
  EXPECT_EQ(Render({{"p", "\\n"}}), R"(p="\\n")");
}

TEST(LabelSet, OtherBytesStandAsTheyAre) {
  const std::string value("a\0\r\t\x7F é,=}{", 12);
  EXPECT_EQ(Render({{"p", value}}), "p=\"" + value + "\"");
}

TEST(LabelSet, EmptyTextHasNoLabels) {
  EXPECT_TRUE(TakeAll("").empty());
}

TEST(LabelSet, ValueWithoutEscapeIsAViewOfTheRenderedText) {
  const std::string rendered = R"(host="a",path="C:\\")";
  std::string_view rest = rendered;
  std::string_view name;
  std::string_view value;
  std::string scratch = "untouched";
  ASSERT_TRUE(TakeLabel(&rest, &name, &value, &scratch));
  EXPECT_EQ(value.data(), rendered.data() + 6);
  EXPECT_EQ(scratch, "untouched");
  ASSERT_TRUE(TakeLabel(&rest, &name, &value, &scratch));
  EXPECT_EQ(value, "C:\\");
  EXPECT_EQ(value.data(), scratch.data());
}

TEST(LabelSet, DelimitersInsideAValueDoNotEndIt) {
  const Labels labels = {{"a", R"(x",b="y)"}, {"b", R"(\",)"}, {"c", "=\"{}"}};
  EXPECT_EQ(TakeAll(Render(labels)), labels);
}

TEST(LabelSet, TextThatIsNotRenderedIsRefusedWithoutReadingPastIt) {
  for (std::string_view text : {"a", "a=", "a=\"", "a=\"x", "a=\"x\\", "a=\"x\\\""}) {
    std::string_view rest = text;
    std::string_view name;
    std::string_view value;
    std::string scratch;
    EXPECT_FALSE(TakeLabel(&rest, &name, &value, &scratch)) << text;
  }
}

std::string RandomValue(std::mt19937* random) {
  static constexpr std::string_view kAlphabet("\\\"\nn,=ab", 8);
  std::string value;
  const size_t size = (*random)() % 6;
  for (size_t i = 0; i < size; ++i) {
    value += kAlphabet[(*random)() % kAlphabet.size()];
  }
  return value;
}

TEST(LabelSet, RandomSetsRoundTripAndEqualTextMeansEqualSets) {
  std::mt19937 random(11);
  std::map<std::string, Labels> by_text;
  for (int i = 0; i < 50'000; ++i) {
    Labels labels;
    for (const char* name : {"a", "b", "c"}) {
      if (random() % 2 == 0) {
        labels.emplace_back(name, RandomValue(&random));
      }
    }
    const std::string rendered = Render(labels);
    ASSERT_EQ(TakeAll(rendered), labels) << rendered;
    const auto [found, added] = by_text.emplace(rendered, labels);
    ASSERT_EQ(found->second, labels) << rendered;
  }
}

}  // namespace
}  // namespace fluxgate::prom
