// Sample values as text.
//
// Thread: compatible (pure functions).
// Bounds: at most kNumberSizeMax bytes are appended.
// Spec: Go strconv.FormatFloat(v, 'g', -1, 64) as Prometheus client libraries print it: the
// shortest digits that round-trip, scientific when the decimal exponent is below -4 or at least 6
// (observed: 999999, but 1e+06 and 1.2345675e+06; 123456.789 stays plain), at least two exponent
// digits, sign always; OpenMetrics 1.0 canonical numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace fluxgate::prom {

inline constexpr size_t kNumberSizeMax = 32;

// `NaN`, `+Inf`, `-Inf` for those; negative zero is written `0`.
void AppendTextNumber(double value, std::string* out);

// The same digits, with `.0` where there would be neither `.` nor exponent; negative zero is `0.0`.
void AppendOpenMetricsNumber(double value, std::string* out);

// Shortest 'g' form as Go prints it, negative zero as `-0`.
void AppendGoFloat(double value, std::string* out);

// Decimal digits of `value`.
void AppendInteger(int64_t value, std::string* out);

// The same into a buffer with kNumberSizeMax bytes free at `to`; each returns the end of what it
// wrote.
char* WriteTextNumber(double value, char* to);
char* WriteOpenMetricsNumber(double value, char* to);
char* WriteInteger(int64_t value, char* to);

}  // namespace fluxgate::prom
