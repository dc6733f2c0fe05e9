// AnnotatedCsvReader on any bytes: whole, in two pieces and byte by byte it finds the same points
// and errors, and what it calls a point is one that line protocol takes.
//
// The first byte chooses where the rest, which is the file, is cut.
#include "protocol/influx/annotated_csv_reader.h"
#include "protocol/influx/series_key.h"

#include "tests/fuzz/agreement.h"
#include "tests/protocol/influx/point_text.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

std::string RequireSeriesKey(const AnnotatedCsvReader& reader) {
  const Point& point = reader.point();
  std::string_view measurement;
  std::vector<Tag> tags;
  if (ParseSeriesKey(point.series_key, true, &measurement, &tags) ||
      measurement != point.measurement || tags.size() != point.tags.size()) {
    std::cerr << "no series key: " << point.series_key << '\n';
    std::abort();
  }
  return {};
}

std::string Read(std::string_view file, const std::vector<size_t>& cuts) {
  ReaderOptions options;
  options.max_line_size = 200;
  AnnotatedCsvReader reader(options);
  return ReadText<AnnotatedCsvReader>(&reader, file, cuts, &RequireSeriesKey,
                                      options.max_line_size + 2);
}

}  // namespace
}  // namespace fluxgate::influx

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string file(bytes + 1, bytes + size);
  fluxgate::RequireSameWhereverCut(
      [&](const std::vector<size_t>& cuts) { return fluxgate::influx::Read(file, cuts); },
      file.size(), bytes[0], 1024);
  return 0;
}
