// LineReader against the reference parser, on any bytes.
//
// The first two bytes choose the options and where the rest is cut; the rest is the input. Reading
// it whole, reading it in two pieces and reading it byte by byte must agree with the reference in
// every point, message, column and line number; so must deferred tags.
#include "protocol/influx/line_reader.h"
#include "protocol/influx/series_key.h"

#include "tests/protocol/cuts.h"
#include "tests/reference/line_outcome.h"
#include "tests/reference/reference_line_parser.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

using influx::LineReader;
using influx::ReaderOptions;
using reference::LineOutcome;

void RequireEqual(const std::vector<LineOutcome>& actual, const std::vector<LineOutcome>& expected,
                  const char* what) {
  if (actual == expected) {
    return;
  }
  std::cerr << what << " differs\nexpected:\n";
  for (const LineOutcome& outcome : expected) {
    std::cerr << "  " << outcome << '\n';
  }
  std::cerr << "actual:\n";
  for (const LineOutcome& outcome : actual) {
    std::cerr << "  " << outcome << '\n';
  }
  std::abort();
}

ReaderOptions OptionsOf(uint8_t choice) {
  ReaderOptions options;
  options.strict = (choice & 1) != 0;
  options.precision = static_cast<influx::Precision>((choice >> 1) % 7);
  options.max_line_size = (choice & 16) != 0 ? size_t{choice} : size_t{1} << 20;
  options.fields_max = (choice & 64) != 0 ? 2 : options.fields_max;
  options.default_time_ns = (choice & 32) != 0 ? 1'700'000'000'123'456'789 : -1;
  return options;
}

// As a caller of deferred tags sees it: a good line with a bad key has its key's error.
std::vector<LineOutcome> ReadDeferred(ReaderOptions options, const std::string& input) {
  options.defer_tags = true;
  options.fields_max = ReaderOptions().fields_max;
  std::vector<LineOutcome> outcomes;
  std::vector<influx::Tag> tags;
  LineReader reader(options);
  reader.SetInput(input, true);
  for (LineReader::Result result = reader.Next(); result != LineReader::Result::kEnd;
       result = reader.Next()) {
    if (result == LineReader::Result::kError) {
      outcomes.push_back(reference::OutcomeOf(reader.error()));
      continue;
    }
    influx::Point point = reader.point();
    if (auto error = influx::ParseSeriesKey(point.series_key, true, &point.measurement, &tags)) {
      error->line_number = point.line_number;
      error->text = point.text;
      error->column += point.indent;
      outcomes.push_back(reference::OutcomeOf(*error));
      continue;
    }
    point.tags = tags;
    outcomes.push_back(reference::OutcomeOf(point));
  }
  return outcomes;
}

}  // namespace
}  // namespace fluxgate

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace fluxgate;
  if (size < 2) {
    return 0;
  }
  const ReaderOptions options = OptionsOf(bytes[0]);
  const std::string input(bytes + 2, bytes + size);
  const size_t cut = size_t{bytes[1]} * input.size() / 255;
  const std::vector<LineOutcome> expected = reference::ParseLines(options, input);
  RequireEqual(reference::ReadLines(options, input), expected, "whole input");
  RequireEqual(reference::ReadLines(options, input, {cut}), expected, "input in two pieces");
  RequireEqual(ReadDeferred(options, input), expected, "deferred tags");
  if (input.size() <= 512) {
    RequireEqual(reference::ReadLines(options, input, EveryByte(input.size())), expected,
                 "single bytes");
  }
  return 0;
}
