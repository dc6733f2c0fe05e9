#include "tests/reference/reference_value.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <set>

namespace fluxgate::reference {
namespace {

using influx::FieldType;

const char* const kInvalid = "invalid number";

bool IsNumeric(char byte) {
  return (byte >= '0' && byte <= '9') || byte == '.';
}

std::string ParseBoolean(const std::string& token, FieldOutcome* field) {
  static const std::set<std::string> kTrue = {"t", "T", "true", "True", "TRUE"};
  static const std::set<std::string> kFalse = {"f", "F", "false", "False", "FALSE"};
  if (kTrue.count(token) + kFalse.count(token) == 0) {
    return "invalid boolean";
  }
  field->type = FieldType::kBool;
  field->value = kTrue.count(token) == 1 ? "true" : "false";
  return "";
}

std::string ParseInteger(const std::string& token, bool is_signed, FieldOutcome* field) {
  if (token.back() != (is_signed ? 'i' : 'u') || (!is_signed && token[0] == '-')) {
    return kInvalid;
  }
  const std::string body = token.substr(0, token.size() - 1);
  errno = 0;
  field->type = is_signed ? FieldType::kInt : FieldType::kUint;
  field->value = is_signed ? std::to_string(std::strtoll(body.c_str(), nullptr, 10))
                           : std::to_string(std::strtoull(body.c_str(), nullptr, 10));
  if (errno != ERANGE) {
    return "";
  }
  const std::string kind = is_signed ? "integer " : "unsigned ";
  const std::string function = is_signed ? "ParseInt" : "ParseUint";
  return "unable to parse " + kind + body + ": strconv." + function + ": parsing \"" + body +
         "\": value out of range";
}

std::string ParseFloat(const std::string& token, bool scientific, FieldOutcome* field) {
  char* end = nullptr;
  const double number = std::strtod(token.c_str(), &end);
  const bool is_whole = end == token.c_str() + token.size();
  // Shorter ones are not checked, and need not be.
  if ((scientific || token.size() >= 25) && (!is_whole || std::isinf(number))) {
    return "invalid float";
  }
  field->type = FieldType::kFloat;
  field->value = is_whole ? FloatText(number) : "not a number: " + token;
  return "";
}

std::string ParseNumber(const std::string& b, FieldOutcome* field) {
  bool is_int = false;
  bool is_unsigned = false;
  bool decimal = false;
  bool scientific = false;
  for (size_t i = b[0] == '-' ? 1 : 0; i < b.size(); i++) {
    if (b[i] == 'i' && i > 0 && !is_int && !is_unsigned) {
      is_int = true;
      continue;
    }
    if (b[i] == 'u' && i > 0 && !is_int && !is_unsigned) {
      is_unsigned = true;
      continue;
    }
    if (b[i] == '.') {
      if (decimal) {
        return kInvalid;
      }
      decimal = true;
    }
    if (i > 0 && (b[i] == 'e' || b[i] == 'E')) {
      scientific = true;
      continue;
    }
    if (i > 0 && (b[i] == '+' || b[i] == '-') && (b[i - 1] == 'e' || b[i - 1] == 'E')) {
      continue;
    }
    if (!IsNumeric(b[i])) {
      return kInvalid;
    }
  }
  if ((is_int || is_unsigned) && (decimal || scientific)) {
    return kInvalid;
  }
  const size_t others = (is_int ? 1U : 0U) + (decimal ? 1U : 0U) + (b[0] == '-' ? 1U : 0U);
  if (b.size() == others) {
    return kInvalid;
  }
  return is_int || is_unsigned ? ParseInteger(b, is_int, field) : ParseFloat(b, scientific, field);
}

}  // namespace

std::string ParseValue(const std::string& token, FieldOutcome* field) {
  const char first = token[0];
  const bool is_number = IsNumeric(first) || first == '-' || first == 'N' || first == 'n';
  return is_number ? ParseNumber(token, field) : ParseBoolean(token, field);
}

}  // namespace fluxgate::reference
