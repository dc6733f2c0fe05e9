#include "bridge/ingest/query_parameters.h"

#include <absl/strings/str_format.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace fluxgate {
namespace {

namespace json = boost::json;

using influx::BoundParameter;
using influx::TokenType;

std::string_view View(const auto& text) {
  return {text.data(), text.size()};
}

std::string NumberText(auto number) {
  char text[32];
  return {text, std::to_chars(std::begin(text), std::end(text), number).ptr};
}

// InfluxDB says this of anything but an object.
std::string NoObject(const json::value& value) {
  const std::string_view kind = value.is_array()    ? "array"
                                : value.is_string() ? "string"
                                : value.is_bool()   ? "bool"
                                                    : "number";
  return absl::StrFormat("json: cannot unmarshal %s into Go value of type map[string]interface {}",
                         kind);
}

// A value that cannot be bound is told where it is used, in InfluxDB's words.
void Refuse(std::string_view reason, BoundParameter* parameter) {
  parameter->type = TokenType::kBoundParameter;
  parameter->text = reason;
}

void RefuseType(std::string_view type, BoundParameter* parameter) {
  Refuse(absl::StrFormat("unable to bind parameter with type %s", type), parameter);
}

// An object says what its only value is, such as {"identifier": "cpu"}.
struct ObjectForm {
  std::string_view key;
  TokenType type;
  std::string_view complaint;  // about anything but a string
};

constexpr ObjectForm kObjectForms[] = {
    {"ident", TokenType::kIdentifier, "identifier must be a string value"},
    {"identifier", TokenType::kIdentifier, "identifier must be a string value"},
    {"regex", TokenType::kRegex, "regex literal must be a string value"},
    {"string", TokenType::kString, "string literal must be a string value"},
    {"duration", TokenType::kDuration, "duration literal must be a string or integer value"},
};

void ReadObject(const json::object& object, BoundParameter* parameter) {
  if (object.size() != 1) {
    return Refuse("bound object parameter value must have exactly one entry", parameter);
  }
  const std::string_view key = View(object.begin()->key());
  const json::value& value = object.begin()->value();
  const auto* const form = std::ranges::find(kObjectForms, key, &ObjectForm::key);
  if (form == std::end(kObjectForms)) {
    return Refuse(absl::StrFormat("unknown bind object type: %s", key), parameter);
  }
  parameter->type = form->type;
  if (value.is_string()) {
    parameter->text = View(value.get_string());
  } else if (form->type == TokenType::kDuration && value.is_int64()) {
    parameter->text = absl::StrFormat("%dns", value.get_int64());
  } else {
    Refuse(form->complaint, parameter);
  }
}

BoundParameter ReadParameter(const json::value& value) {
  BoundParameter parameter;
  switch (value.kind()) {
    case json::kind::string:
      parameter.type = TokenType::kString;
      parameter.text = View(value.get_string());
      break;
    case json::kind::bool_:
      parameter.type = value.get_bool() ? TokenType::kTrue : TokenType::kFalse;
      break;
    case json::kind::int64:
      // A sign is no part of an integer's token.
      parameter.type = value.get_int64() >= 0 ? TokenType::kInteger : TokenType::kNumber;
      parameter.text = NumberText(value.get_int64());
      break;
    case json::kind::uint64:
      parameter.type = TokenType::kInteger;
      parameter.text = NumberText(value.get_uint64());
      break;
    case json::kind::double_:
      parameter.type = TokenType::kNumber;
      parameter.text = NumberText(value.get_double());
      break;
    case json::kind::null:
      RefuseType("<nil>", &parameter);
      break;
    case json::kind::array:
      RefuseType("[]interface {}", &parameter);
      break;
    case json::kind::object:
      ReadObject(value.get_object(), &parameter);
      break;
  }
  return parameter;
}

}  // namespace

std::string ReadQueryParameters(std::string_view text, influx::BoundParameters* parameters) {
  if (text.empty()) {
    return {};
  }
  boost::system::error_code error;
  const json::value value = json::parse({text.data(), text.size()}, error);
  if (error || (!value.is_object() && !value.is_null())) {
    return "error parsing query parameters: " + (error ? error.message() : NoObject(value));
  }
  if (value.is_null()) {
    return {};
  }
  for (const auto& [name, each] : value.get_object()) {
    if (each.is_uint64()) {
      return absl::StrFormat(
          "error parsing json value: strconv.ParseInt: parsing \"%d\": value out of range",
          each.get_uint64());
    }
    parameters->insert_or_assign(std::string(View(name)), ReadParameter(each));
  }
  return {};
}

}  // namespace fluxgate
