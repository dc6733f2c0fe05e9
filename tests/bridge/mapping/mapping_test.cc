#include "bridge/mapping/mapping.h"

#include "protocol/influx/series_key.h"
#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/metric_name.h"
#include "protocol/prometheus/utf8.h"

#include "bridge/mapping/drop_reason.h"

#include <gtest/gtest.h>

#include <random>

namespace fluxgate {
namespace {

SeriesTarget Map(const Mapping& mapping, std::string_view key) {
  std::string_view measurement;
  std::vector<influx::Tag> tags;
  EXPECT_FALSE(influx::ParseSeriesKey(key, true, &measurement, &tags).has_value()) << key;
  SeriesTarget target;
  mapping.MapSeries(measurement, tags, &target);
  return target;
}

SeriesTarget Map(std::string_view key) {
  return Map(Mapping({}), key);
}

std::string Family(std::string_view table, std::string_view field_key) {
  std::string family;
  EXPECT_EQ(Mapping({}).MapField(table, field_key, &family), "");
  return family;
}

struct NameCase {
  std::string_view measurement;
  std::string_view field;
  std::string_view family;
};

constexpr NameCase kNames[] = {
    {"cpu", "usage", "cpu_usage"},
    {"cpu", "value", "cpu"},
    {"cpu", "Value", "cpu_Value"},
    {"cpu", "value2", "cpu_value2"},
    {"a-b.c", "d/e", "a_b_c_d_e"},
    {"a:b", "c:d", "a_b_c_d"},
    {"1x", "value", "_1x"},
    {"1x", "2y", "_1x_2y"},
    {"x", "2y", "x_2y"},
    {"9", "value", "_9"},
    {"_x", "_y", "_x__y"},
    {"größe", "wärme", "gr__e_w_rme"},
    {"µ", "value", "_"},
    {"日本", "語", "____"},
    {"\xF0\x9F\x98\x80", "value", "_"},
    {"\xFF\xFE", "value", "__"},
    {"\xC3", "value", "_"},
    {"a\\ b", "c\\,d\\=e", "a_b_c_d_e"},
    {"a\\,b", "val\\ ue", "a_b_val_ue"},
    {"a\\b", "c", "a_b_c"},
    {"\"q\"", "value", "_q_"},
    {"a\tb", "value", "a_b"},
};

TEST(Mapping, NamesOfFamilies) {
  for (const NameCase& c : kNames) {
    SeriesTarget target;
    Mapping({}).MapSeries(c.measurement, {}, &target);
    EXPECT_EQ(Family(target.table, c.field), c.family) << c.measurement << " " << c.field;
  }
}

struct LabelCase {
  std::string_view key;
  std::string_view labels;
  KeyAdjustments adjustments;
};

const LabelCase kLabels[] = {
    {"m", "", {}},
    {"m,b=2,a=1", R"(a="1",b="2")", {}},
    {"m,a-b=1", R"(a_b="1")", {}},
    {"m,1a=1", R"(_1a="1")", {}},
    {"m,a:b=1", R"(a_b="1")", {}},
    {"m,tür=1", R"(t_r="1")", {}},
    {"m,日=1", R"(_="1")", {}},
    {"m,a\\ b=c\\,d\\=e\\ f", R"(a_b="c,d=e f")", {}},
    {"m,a=q\"z", R"(a="q\"z")", {}},
    {"m,a=x\\\\y", R"(a="x\\\\y")", {}},
    // Sorted after sanitising: `A` < `Z` < `_` < `a`.
    {"m,a=1,-b=2,Z=3", R"(Z="3",_b="2",a="1")", {}},
    // Of colliding keys the last in raw order wins: `-` < `.` < `_`.
    {"m,a_b=3,a.b=2,a-b=1", R"(a_b="3")", {.colliding_labels = 2}},
    {"m,a.b=2,a-b=1", R"(a_b="2")", {.colliding_labels = 1}},
    {"m,é=1,è=2,ê=3", R"(_="3")", {.colliding_labels = 2}},
    {"m,__name__=x", "", {.dropped_name_tags = 1}},
    {"m,__name__=x,a=1", R"(a="1")", {.dropped_name_tags = 1}},
    {"m,--name--=x", R"(_name__="x")", {.renamed_labels = 1}},
    {"m,__x=1", R"(_x="1")", {.renamed_labels = 1}},
    {"m,___x=1", R"(_x="1")", {.renamed_labels = 1}},
    {"m,--x=1", R"(_x="1")", {.renamed_labels = 1}},
    {"m,__x=1,_x=2", R"(_x="2")", {.colliding_labels = 1, .renamed_labels = 1}},
    {"m,__x=1,-x=2", R"(_x="2")", {.colliding_labels = 1, .renamed_labels = 1}},
    {"m,__x=1,--x=2", R"(_x="1")", {.colliding_labels = 1, .renamed_labels = 2}},
    {"m,__=1", R"(_="1")", {.renamed_labels = 1}},
    {"m,____=1,_=2", R"(_="2")", {.colliding_labels = 1, .renamed_labels = 1}},
    {"m,_1=1", R"(_1="1")", {}},
    {"m,__1=1", R"(_1="1")", {.renamed_labels = 1}},
    {"m,a=M\xFCnchen", R"(a="München")", {.windows_1252_bytes = 1}},
    {"m,a=\x80\xE9\x81", "a=\"€é\xC2\x81\"", {.windows_1252_bytes = 3}},
    {"m,a=M\xC3\xBCnchen", R"(a="München")", {}},
    {"m,a=x\xE2\x82", "a=\"xâ‚\"", {.windows_1252_bytes = 2}},
    {"m,a=l1\\\nl2", R"(a="l1\\\nl2")", {}},
};

TEST(Mapping, LabelsOfSeries) {
  for (const LabelCase& c : kLabels) {
    const SeriesTarget target = Map(c.key);
    EXPECT_EQ(target.labels, c.labels) << c.key;
    EXPECT_EQ(target.drop_reason, "") << c.key;
    EXPECT_EQ(target.adjustments.colliding_labels, c.adjustments.colliding_labels) << c.key;
    EXPECT_EQ(target.adjustments.dropped_name_tags, c.adjustments.dropped_name_tags) << c.key;
    EXPECT_EQ(target.adjustments.renamed_labels, c.adjustments.renamed_labels) << c.key;
    EXPECT_EQ(target.adjustments.windows_1252_bytes, c.adjustments.windows_1252_bytes) << c.key;
  }
}

TEST(Mapping, TargetCanBeUsedAgain) {
  const Mapping mapping({});
  SeriesTarget target = Map(mapping, "m,__x=\xFF");
  std::string_view measurement;
  std::vector<influx::Tag> tags;
  ASSERT_FALSE(influx::ParseSeriesKey("n,a=1", true, &measurement, &tags).has_value());
  mapping.MapSeries(measurement, tags, &target);
  EXPECT_EQ(target.table, "n");
  EXPECT_EQ(target.labels, R"(a="1")");
  EXPECT_EQ(target.adjustments.renamed_labels, 0U);
  EXPECT_EQ(target.adjustments.windows_1252_bytes, 0U);
}

// Each limit: one below it and at it pass, one above does not.
TEST(Mapping, NumberOfLabelsIsLimited) {
  MappingOptions options;
  options.labels_per_series_max = 3;
  const Mapping mapping(options);
  EXPECT_EQ(Map(mapping, "m,a=1,b=1").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,a=1,b=1,c=1").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,a=1,b=1,c=1,d=1").drop_reason, drop_reason::kTooManyLabels);
  EXPECT_EQ(Map(mapping, "m,a=1,b=1,c-=1,c.=2").drop_reason, "") << "three are left";
}

TEST(Mapping, LimitOfZeroIsNone) {
  const Mapping mapping({0, 0, 0, 0, {}});
  EXPECT_EQ(Map(mapping, "m,a=1,b=" + std::string(20'000, 'x')).drop_reason, "");
  std::string family;
  EXPECT_EQ(mapping.MapField("m", std::string(20'000, 'x'), &family), "");
}

TEST(Mapping, LabelSizesAreLimitedInBytesAsShown) {
  MappingOptions options;
  options.label_name_size_max = 3;
  options.label_value_size_max = 4;
  const Mapping mapping(options);
  EXPECT_EQ(Map(mapping, "m,ab=1").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,abc=1").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,abcd=1").drop_reason, drop_reason::kLabelNameTooLong);
  EXPECT_EQ(Map(mapping, "m,日日日=1").drop_reason, "") << "three characters";
  EXPECT_EQ(Map(mapping, "m,12=1").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,123=1").drop_reason, drop_reason::kLabelNameTooLong) << "_123";
  EXPECT_EQ(Map(mapping, "m,a=123").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,a=1234").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,a=12345").drop_reason, drop_reason::kLabelValueTooLong);
  EXPECT_EQ(Map(mapping, "m,a=\xFF\xFF").drop_reason, "");
  EXPECT_EQ(Map(mapping, "m,a=\xFF\xFF\xFF").drop_reason, drop_reason::kLabelValueTooLong);
  EXPECT_EQ(Map(mapping, "m,a=\\ \\ \\ \\ ").drop_reason, "") << "four spaces";
}

TEST(Mapping, SizeOfFamilyNamesIsLimited) {
  MappingOptions options;
  options.metric_name_size_max = 5;
  const Mapping mapping(options);
  std::string family;
  EXPECT_EQ(mapping.MapField("ab", "c", &family), "");
  EXPECT_EQ(mapping.MapField("ab", "cd", &family), "");
  EXPECT_EQ(mapping.MapField("ab", "cde", &family), drop_reason::kMetricNameTooLong);
  EXPECT_EQ(mapping.MapField("abcde", "value", &family), "");
  EXPECT_EQ(mapping.MapField("abcdef", "value", &family), drop_reason::kMetricNameTooLong);
  EXPECT_EQ(mapping.MapField("ab", "日日", &family), "");
}

TEST(Mapping, FamiliesOfOursAreReserved) {
  MappingOptions options;
  options.reserved_families = {"a_b", "own", "x"};
  const Mapping mapping(options);
  std::string family;
  EXPECT_EQ(mapping.MapField("a", "b", &family), drop_reason::kReservedName);
  EXPECT_EQ(mapping.MapField("a_b", "value", &family), drop_reason::kReservedName);
  EXPECT_EQ(mapping.MapField("own", "value", &family), drop_reason::kReservedName);
  EXPECT_EQ(mapping.MapField("own", "b", &family), "");
  EXPECT_EQ(mapping.MapField("a", "value", &family), "");
}

TEST(Mapping, ValuesOfFields) {
  influx::Field field;
  field.float_value = -1.5;
  EXPECT_EQ(SampleValue(field), -1.5);
  field.type = influx::FieldType::kInt;
  field.int_value = INT64_MIN;
  EXPECT_EQ(SampleValue(field), -9223372036854775808.0);
  field.type = influx::FieldType::kUint;
  field.uint_value = UINT64_MAX;
  EXPECT_EQ(SampleValue(field), 18446744073709551615.0);
  field.type = influx::FieldType::kBool;
  field.bool_value = true;
  EXPECT_EQ(SampleValue(field), 1);
  field.bool_value = false;
  EXPECT_EQ(SampleValue(field), 0);
}

// Any bytes make legal names, and labels that are sorted, unique and not reserved.
TEST(Mapping, WhateverComesInIsLegal) {
  std::mt19937_64 random(1);
  const auto any_text = [&](bool is_value) {
    constexpr std::string_view kPieces[] = {"_",  "-",    "a",    "Z",        "0",        ":",
                                            "é",  "日",   "\xFF", "\xF0\x9F", "__name__", "__",
                                            "\t", "\x01", "\x7F", "\"",       "\\ ",      "\\,"};
    std::string text;
    for (size_t pieces = 1 + random() % 4; pieces > 0; --pieces) {
      text += random() % 3 == 0 ? std::string(1, static_cast<char>(0x80 + random() % 0x80))
                                : std::string(kPieces[random() % std::size(kPieces)]);
    }
    return is_value ? text + "v" : text;
  };
  const Mapping mapping({});
  for (int i = 0; i < 20'000; ++i) {
    std::string key = any_text(true);
    for (size_t tags = random() % 5; tags > 0; --tags) {
      key += "," + any_text(false) + "=" + any_text(true);
    }
    std::string_view measurement;
    std::vector<influx::Tag> tags;
    if (influx::ParseSeriesKey(key, true, &measurement, &tags)) {
      continue;  // two equal tags
    }
    SeriesTarget target;
    mapping.MapSeries(measurement, tags, &target);
    ASSERT_EQ(target.drop_reason, "");
    std::string family;
    ASSERT_EQ(mapping.MapField(target.table, any_text(true), &family), "");
    ASSERT_TRUE(prom::IsMetricName(family)) << family;
    ASSERT_EQ(family.find(':'), std::string::npos);
    ASSERT_TRUE(prom::IsUtf8(target.labels));
    std::string_view rest = target.labels;
    std::string_view name;
    std::string_view value;
    std::string scratch;
    std::string last;
    size_t labels = 0;
    for (; prom::TakeLabel(&rest, &name, &value, &scratch); ++labels) {
      ASSERT_TRUE(prom::IsLabelName(name)) << target.labels;
      ASSERT_FALSE(name.starts_with("__")) << target.labels;
      ASSERT_LT(last, name) << target.labels;
      ASSERT_FALSE(value.empty());
      last = name;
    }
    ASSERT_EQ(rest, "");
    ASSERT_EQ(labels + target.adjustments.colliding_labels + target.adjustments.dropped_name_tags,
              tags.size());
  }
}

// Sanitised names stay as they are when they come back in.
TEST(Mapping, LegalNamesAreNotChanged) {
  for (const std::string_view name : {"a", "_a", "a_b9", "_", "A_"}) {
    SeriesTarget target;
    Mapping({}).MapSeries(name, {}, &target);
    EXPECT_EQ(target.table, name);
    EXPECT_EQ(Map("m," + std::string(name) + "=1").labels, std::string(name) + "=\"1\"");
  }
}

}  // namespace
}  // namespace fluxgate
