#include "protocol/influx/csv_column_type.h"

#include "tests/protocol/influx/point_text.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate::influx {
namespace {

// The field as line protocol writes it, or `!reason`.
std::string FieldOf(std::string_view type, std::string_view text) {
  PointBuilder builder;
  builder.Clear();
  builder.SetMeasurement("m");
  if (AddCsvField(*ParseCsvType(type), "f", text, &builder)) {
    return "!";
  }
  Point point;
  EXPECT_EQ(builder.Build(&point), std::nullopt);
  return FieldText(point.fields[0]);
}

TEST(CsvType, Names) {
  EXPECT_EQ(ParseCsvType("dateTime:RFC3339")->parameter, "RFC3339");
  EXPECT_EQ(ParseCsvType("time")->kind, CsvKind::kTime);
  EXPECT_EQ(ParseCsvType("")->kind, CsvKind::kNone);
  EXPECT_FALSE(ParseCsvType("float"));
  EXPECT_TRUE(IsFieldKind(CsvKind::kField));
  EXPECT_TRUE(IsFieldKind(CsvKind::kDuration));
  EXPECT_FALSE(IsFieldKind(CsvKind::kTag));
}

TEST(CsvType, Numbers) {
  EXPECT_EQ(FieldOf("double", "1.5"), "1.5");
  EXPECT_EQ(FieldOf("double", "+2"), "2");
  EXPECT_EQ(FieldOf("double:,.", "1.234,5"), "1234.5");
  EXPECT_EQ(FieldOf("double", "1i"), "!");
  EXPECT_EQ(FieldOf("double", "+Inf"), "!");
  EXPECT_EQ(FieldOf("long", "-7.9"), "-7i");
  EXPECT_EQ(FieldOf("long:strict", "7.9"), "!");
  EXPECT_EQ(FieldOf("long:strict,_", "1_000"), "1000i");
  EXPECT_EQ(FieldOf("long", "9223372036854775808"), "!");
  EXPECT_EQ(FieldOf("unsignedLong", "18446744073709551615"), "18446744073709551615u");
  EXPECT_EQ(FieldOf("unsignedLong", "-1"), "!");
}

TEST(CsvType, BooleansStringsDurationsAndGuesses) {
  EXPECT_EQ(FieldOf("boolean", "YES"), "true");
  EXPECT_EQ(FieldOf("boolean", "0"), "false");
  EXPECT_EQ(FieldOf("boolean", "2"), "!");
  EXPECT_EQ(FieldOf("boolean:y,Y:n,N", "Y"), "true");
  EXPECT_EQ(FieldOf("boolean:y,Y:n,N", "yes"), "!");
  EXPECT_EQ(FieldOf("string", "1"), "\"1\"");
  EXPECT_EQ(FieldOf("base64Binary", "YQ=="), "\"YQ==\"");
  EXPECT_EQ(FieldOf("duration", "-1.5s"), "-1500000000i");
  EXPECT_EQ(FieldOf("duration", "1d2ns"), "86400000000002i");
  EXPECT_EQ(FieldOf("duration", "1x"), "!");
  EXPECT_EQ(FieldOf("duration", "-"), "!");
  EXPECT_EQ(FieldOf("field", "12i"), "12i");
  EXPECT_EQ(FieldOf("field", "true"), "true");
  EXPECT_EQ(FieldOf("field", "\"q\""), "\"q\"");
  EXPECT_EQ(FieldOf("field", "word"), "\"word\"");
}

TEST(CsvType, ParametersOfALimitedSize) {
  EXPECT_TRUE(ParseCsvType("double:" + std::string(kCsvParameterSizeMax, '.')));
  EXPECT_FALSE(ParseCsvType("double:" + std::string(kCsvParameterSizeMax + 1, '.')));
  EXPECT_FALSE(ParseCsvType("dateTime:" + std::string(kCsvParameterSizeMax + 1, '0')));
}

TEST(CsvType, Times) {
  const auto time = [](std::string_view type, std::string_view text, Precision precision) {
    return ParseCsvTime(*ParseCsvType(type), text, precision, 0);
  };
  const Precision unset = Precision::kUnspecified;
  EXPECT_EQ(time("dateTime", "2020-01-01T00:00:00Z", unset), 1577836800000000000);
  EXPECT_EQ(time("dateTime", "1577836800000", unset), 1577836800000000000);
  EXPECT_EQ(time("dateTime:number", "5", Precision::kSecond), 5000000000);
  EXPECT_EQ(time("dateTime:number", "2020-01-01T00:00:00Z", unset), std::nullopt);
  EXPECT_EQ(time("dateTime:RFC3339", "5", unset), std::nullopt);
  EXPECT_EQ(time("dateTime:2006-01-02", "2020-01-01", unset), 1577836800000000000);
}

}  // namespace
}  // namespace fluxgate::influx
