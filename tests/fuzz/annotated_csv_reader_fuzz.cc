// AnnotatedCsvReader on any bytes: whole, in two pieces and byte by byte it finds the same points
// and errors, and what it calls a point is one that line protocol takes.
//
// The first byte chooses where the rest, which is the file, is cut.
#include "protocol/influx/annotated_csv_reader.h"
#include "protocol/influx/series_key.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {
namespace {

using influx::AnnotatedCsvReader;

std::string PointText(const influx::Point& point) {
  std::string_view measurement;
  std::vector<influx::Tag> tags;
  if (influx::ParseSeriesKey(point.series_key, true, &measurement, &tags) ||
      measurement != point.measurement || tags.size() != point.tags.size()) {
    std::cerr << "no series key: " << point.series_key << '\n';
    std::abort();
  }
  std::string text = std::to_string(point.line_number) + ": " + std::string(point.series_key);
  for (const influx::Field& field : point.fields) {
    text += " " + std::string(field.key) + "=" + std::string(field.string_value) +
            std::to_string(field.int_value);
  }
  return text + " " + std::to_string(point.time_ns) + "\n";
}

std::string Read(std::string_view file, const std::vector<size_t>& cuts) {
  influx::ReaderOptions options;
  options.max_line_size = 200;
  AnnotatedCsvReader reader(options);
  std::string out;
  std::string unread;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : file.size();
    unread.append(file.substr(begin, end - begin));
    begin = end;
    reader.SetInput(unread, i == cuts.size());
    for (;;) {
      const AnnotatedCsvReader::Result result = reader.Next();
      if (result == AnnotatedCsvReader::Result::kPoint) {
        out += PointText(reader.point());
      } else if (result == AnnotatedCsvReader::Result::kError) {
        out += std::to_string(reader.error().line_number) + "," +
               std::to_string(reader.error().column) + Message(reader.error()) + "\n";
      } else {
        break;
      }
    }
    unread.erase(0, reader.consumed());
    if (unread.size() > options.max_line_size + 2) {
      std::abort();
    }
  }
  return out;
}

void RequireEqual(const std::string& actual, const std::string& expected) {
  if (actual != expected) {
    std::cerr << "expected:\n" << expected << "\nactual:\n" << actual << '\n';
    std::abort();
  }
}

}  // namespace
}  // namespace fluxgate

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace fluxgate;
  if (size < 1) {
    return 0;
  }
  const std::string file(bytes + 1, bytes + size);
  const std::string whole = Read(file, {});
  RequireEqual(Read(file, {size_t{bytes[0]} * file.size() / 255}), whole);
  if (file.size() <= 1024) {
    std::vector<size_t> every;
    for (size_t i = 1; i < file.size(); ++i) {
      every.push_back(i);
    }
    RequireEqual(Read(file, every), whole);
  }
  return 0;
}
