#include "bridge/ingest/query_parameters.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace fluxgate {
namespace {

using influx::BoundParameters;

std::string ErrorOf(std::string_view json) {
  BoundParameters ignored;
  return ReadQueryParameters(json, &ignored);
}

// "TYPE text" of the only parameter.
std::string Bound(std::string_view value) {
  BoundParameters parameters;
  const std::string json = "{\"h\":" + std::string(value) + "}";
  EXPECT_EQ(ReadQueryParameters(json, &parameters), "");
  const influx::BoundParameter& parameter = parameters.at("h");
  return std::string(TokenName(parameter.type)) + " " + parameter.text;
}

TEST(QueryParameters, StandForLiterals) {
  EXPECT_EQ(Bound(R"("\u00e4 'x'")"), "STRING \xC3\xA4 'x'");
  EXPECT_EQ(Bound("5"), "INTEGER 5");
  EXPECT_EQ(Bound("-5"), "NUMBER -5");
  EXPECT_EQ(Bound("1.5"), "NUMBER 1.5");
  EXPECT_EQ(Bound("true"), "TRUE ");
  EXPECT_EQ(Bound("false"), "FALSE ");
}

TEST(QueryParameters, ObjectsSayWhatTheyAre) {
  EXPECT_EQ(Bound(R"({"identifier":"cpu"})"), "IDENT cpu");
  EXPECT_EQ(Bound(R"({"ident":"cpu"})"), "IDENT cpu");
  EXPECT_EQ(Bound(R"({"regex":"c.u"})"), "REGEX c.u");
  EXPECT_EQ(Bound(R"({"string":"a"})"), "STRING a");
  EXPECT_EQ(Bound(R"({"duration":"10s"})"), "DURATIONVAL 10s");
  EXPECT_EQ(Bound(R"({"duration":10})"), "DURATIONVAL 10ns");
}

TEST(QueryParameters, MayBeMissing) {
  BoundParameters parameters;
  EXPECT_EQ(ReadQueryParameters("", &parameters), "");
  EXPECT_EQ(ReadQueryParameters("null", &parameters), "");
  EXPECT_TRUE(parameters.empty());
}

TEST(QueryParameters, SomeCannotBeBound) {
  EXPECT_EQ(Bound("null"), "BOUNDPARAM unable to bind parameter with type <nil>");
  EXPECT_EQ(Bound("[1]"), "BOUNDPARAM unable to bind parameter with type []interface {}");
  EXPECT_EQ(Bound("{}"), "BOUNDPARAM bound object parameter value must have exactly one entry");
  EXPECT_EQ(Bound(R"({"foo":"a"})"), "BOUNDPARAM unknown bind object type: foo");
  EXPECT_EQ(Bound(R"({"identifier":1})"), "BOUNDPARAM identifier must be a string value");
  EXPECT_EQ(Bound(R"({"duration":true})"),
            "BOUNDPARAM duration literal must be a string or integer value");
}

TEST(QueryParameters, AreAnObject) {
  constexpr std::string_view kTypes[][2] = {
      {"[]", "array"}, {"\"x\"", "string"}, {"true", "bool"}, {"1", "number"}};
  for (const auto& [json, type] : kTypes) {
    EXPECT_EQ(ErrorOf(json), "error parsing query parameters: json: cannot unmarshal " +
                                 std::string(type) +
                                 " into Go value of type map[string]interface {}");
  }
  EXPECT_TRUE(ErrorOf("{").starts_with("error parsing query parameters: "));
  EXPECT_TRUE(ErrorOf(std::string(60'000, '[')).starts_with("error parsing query parameters: "));
  EXPECT_EQ(ErrorOf(R"({"h":9223372036854775808})"),
            "error parsing json value: strconv.ParseInt: parsing \"9223372036854775808\": "
            "value out of range");
}

}  // namespace
}  // namespace fluxgate
