#include "protocol/prometheus/number_format.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace fluxgate::prom {
namespace {

// Go's 'g' writes decimal exponents from -4 to 5 plainly. Comparing the value is the same as
// comparing the exponent of its shortest digits, because both bounds are doubles with one digit and
// so no other double is written as one of them.
constexpr double kPlainMin = 1e-4;
constexpr double kPlainEnd = 1e6;

char* Write(std::string_view text, char* to) {
  return std::copy(text.begin(), text.end(), to);
}

// Most samples are such numbers: counts, percents, states.
bool IsPlainInteger(double value) {
  return value > -kPlainEnd && value < kPlainEnd &&
         value == static_cast<double>(static_cast<int32_t>(value));
}

char* WriteNonFinite(double value, char* to) {
  if (std::isnan(value)) {
    return Write("NaN", to);
  }
  return Write(value > 0 ? "+Inf" : "-Inf", to);
}

// std::to_chars has the shortest digits and Go's exponent form (sign and at least two digits); only
// its choice between plain and scientific differs.
char* WriteShortest(double value, char* to) {
  if (!std::isfinite(value)) {
    return WriteNonFinite(value, to);
  }
  const double magnitude = std::fabs(value);
  const bool plain = magnitude >= kPlainMin && magnitude < kPlainEnd;
  const auto format = plain ? std::chars_format::fixed : std::chars_format::scientific;
  return std::to_chars(to, to + kNumberSizeMax, value, format).ptr;
}

// Appends what `write(value, to)` writes.
template <typename Value>
void AppendWritten(char* (*write)(Value, char*), Value value, std::string* out) {
  char text[kNumberSizeMax];
  out->append(text, write(value, text));
}

}  // namespace

char* WriteTextNumber(double value, char* to) {
  return IsPlainInteger(value) ? WriteInteger(static_cast<int32_t>(value), to)
                               : WriteShortest(value, to);
}

char* WriteOpenMetricsNumber(double value, char* to) {
  return IsPlainInteger(value) ? Write(".0", WriteInteger(static_cast<int32_t>(value), to))
                               : WriteShortest(value, to);
}

char* WriteInteger(int64_t value, char* to) {
  return std::to_chars(to, to + kNumberSizeMax, value).ptr;
}

void AppendTextNumber(double value, std::string* out) {
  AppendWritten(WriteTextNumber, value, out);
}

void AppendOpenMetricsNumber(double value, std::string* out) {
  AppendWritten(WriteOpenMetricsNumber, value, out);
}

void AppendGoFloat(double value, std::string* out) {
  if (value == 0 && std::signbit(value)) {
    out->append("-0");
    return;
  }
  AppendTextNumber(value, out);
}

void AppendInteger(int64_t value, std::string* out) {
  AppendWritten(WriteInteger, value, out);
}

}  // namespace fluxgate::prom
