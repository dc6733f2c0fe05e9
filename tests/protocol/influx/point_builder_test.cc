#include "protocol/influx/point_builder.h"

#include "protocol/influx/series_key.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fluxgate::influx {
namespace {

Field Number(double value) {
  Field field;
  field.float_value = value;
  return field;
}

TEST(PointBuilder, EscapesAndSorts) {
  PointBuilder builder;
  builder.Clear();
  builder.SetMeasurement("a b,c");
  builder.AddTag("z", "1");
  builder.AddTag("k=", "x, y\\");
  builder.AddTag("none", "");
  builder.AddField("f \"g\"", Number(2));
  builder.AddStringField("s", "q\"\\");
  Point point;
  ASSERT_EQ(builder.Build(&point), std::nullopt);
  EXPECT_EQ(point.series_key, "a\\ b\\,c,k\\==x\\,\\ y,z=1");
  EXPECT_EQ(point.measurement, "a\\ b\\,c");
  ASSERT_EQ(point.tags.size(), 2U);
  EXPECT_EQ(point.tags[0].value, "x\\,\\ y");
  ASSERT_EQ(point.fields.size(), 2U);
  EXPECT_EQ(point.fields[0].key, "f\\ \\\"g\\\"");
  EXPECT_EQ(point.fields[0].float_value, 2);
  EXPECT_EQ(point.fields[1].string_value, "q\\\"\\\\");
  std::string_view measurement;
  std::vector<Tag> tags;
  EXPECT_FALSE(ParseSeriesKey(point.series_key, true, &measurement, &tags));
  EXPECT_EQ(tags.size(), 2U);
}

TEST(PointBuilder, WhatMakesNoPoint) {
  PointBuilder builder;
  Point point;
  builder.Clear();
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kMissingMeasurement);
  builder.SetMeasurement("m");
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kMissingFields);
  builder.AddField("f", Number(1));
  EXPECT_EQ(builder.Build(&point), std::nullopt);
  builder.AddTag("t", "1");
  builder.AddTag("t", "2");
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kDuplicateTags);
  builder.Clear();
  builder.SetMeasurement("m");
  builder.AddTag("\\", "1");
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kMissingTagKey);
  builder.Clear();
  builder.SetMeasurement("m");
  builder.AddField("", Number(1));
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kMissingFieldKey);
  builder.Clear();
  builder.SetMeasurement(std::string(kSeriesKeySizeMax, 'm'));
  builder.AddField("f", Number(1));
  EXPECT_EQ(builder.Build(&point), LineErrorCode::kKeyTooLong);
}

}  // namespace
}  // namespace fluxgate::influx
