// Reads the Prometheus text format 0.0.4 and OpenMetrics 1.0, slowly and strictly. The oracle of
// the encoders.
//
// Strict: what a lenient scraper lets pass is an error here: an odd order of the header lines,
// interleaved or repeated families, duplicate series, unsorted labels, blanks too many, a missing
// last line feed.
// Errors: the first one ends the reading and is in `error`, with the number of its line.
// Thread: compatible.
// Spec: prometheus.io exposition formats; OpenMetrics 1.0.0.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate::reference {

enum class ExpositionSyntax : uint8_t { kText, kOpenMetrics };

struct ExpositionSample {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  double value = 0;
  std::string value_text;
  std::optional<int64_t> time_ms;
};

struct ExpositionFamily {
  std::string name;
  std::string type;
  std::string unit;
  std::string help;
  std::vector<ExpositionSample> samples;
};

struct ParsedExposition {
  std::vector<ExpositionFamily> families;
  std::string error;  // empty when the body is valid
};

ParsedExposition ParseExposition(ExpositionSyntax syntax, std::string_view body);

}  // namespace fluxgate::reference
