#include "tests/reference/line_outcome.h"

#include <absl/strings/escaping.h>

#include <array>
#include <charconv>

namespace fluxgate::reference {
namespace {

std::string Quoted(const std::string& text) {
  return "'" + absl::CHexEscape(text) + "'";
}

FieldOutcome FieldOutcomeOf(const influx::Field& field) {
  FieldOutcome outcome{std::string(field.key), field.type, ""};
  switch (field.type) {
    case influx::FieldType::kFloat:
      outcome.value = FloatText(field.float_value);
      break;
    case influx::FieldType::kInt:
      outcome.value = std::to_string(field.int_value);
      break;
    case influx::FieldType::kUint:
      outcome.value = std::to_string(field.uint_value);
      break;
    case influx::FieldType::kBool:
      outcome.value = field.bool_value ? "true" : "false";
      break;
    case influx::FieldType::kString:
      outcome.value = field.string_value;
      break;
  }
  return outcome;
}

}  // namespace

std::string FloatText(double value) {
  std::array<char, 64> buffer;
  const std::to_chars_result result =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

LineOutcome OutcomeOf(const influx::Point& point) {
  LineOutcome outcome;
  outcome.ok = true;
  outcome.line_number = point.line_number;
  outcome.text = point.text;
  outcome.series_key = point.series_key;
  outcome.measurement = point.measurement;
  for (const influx::Tag& tag : point.tags) {
    outcome.tags.emplace_back(tag.key, tag.value);
  }
  for (const influx::Field& field : point.fields) {
    outcome.fields.push_back(FieldOutcomeOf(field));
  }
  outcome.time_ns = point.time_ns;
  outcome.has_time = point.has_time;
  outcome.carriage_return = point.leniency.carriage_return;
  outcome.bare_value = point.leniency.bare_value;
  outcome.detected_precision = point.leniency.detected_precision;
  return outcome;
}

LineOutcome OutcomeOf(const influx::LineError& error) {
  LineOutcome outcome;
  outcome.line_number = error.line_number;
  outcome.column = error.column;
  outcome.message = influx::Message(error);
  return outcome;
}

namespace {

// The further fields of a line with many join those that came before.
void Append(const influx::LineReader& reader, influx::LineReader::Result result,
            std::vector<LineOutcome>* outcomes) {
  if (result == influx::LineReader::Result::kError) {
    outcomes->push_back(OutcomeOf(reader.error()));
  } else if (!reader.point().is_continuation) {
    outcomes->push_back(OutcomeOf(reader.point()));
  } else {
    for (const influx::Field& field : reader.point().fields) {
      outcomes->back().fields.push_back(FieldOutcomeOf(field));
    }
  }
}

}  // namespace

std::vector<LineOutcome> ReadLines(const influx::ReaderOptions& options, std::string_view bytes,
                                   const std::vector<size_t>& cuts) {
  std::vector<LineOutcome> outcomes;
  influx::LineReader reader(options);
  std::string kept;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const bool last = i == cuts.size();
    const size_t end = last ? bytes.size() : cuts[i];
    // A fresh string each time, so that a view that outlives its input is seen by the sanitizer.
    std::string piece = kept + std::string(bytes.substr(begin, end - begin));
    begin = end;
    reader.SetInput(piece, last);
    influx::LineReader::Result result = reader.Next();
    for (; result == influx::LineReader::Result::kPoint ||
           result == influx::LineReader::Result::kError;
         result = reader.Next()) {
      Append(reader, result, &outcomes);
    }
    kept = piece.substr(reader.consumed());
  }
  return outcomes;
}

std::ostream& operator<<(std::ostream& out, const LineOutcome& outcome) {
  out << "line " << outcome.line_number;
  if (!outcome.ok) {
    return out << " column " << outcome.column << ": " << Quoted(outcome.message);
  }
  out << " text " << Quoted(outcome.text) << " key " << Quoted(outcome.series_key)
      << " measurement " << Quoted(outcome.measurement) << " tags";
  for (const auto& [key, value] : outcome.tags) {
    out << ' ' << Quoted(key) << '=' << Quoted(value);
  }
  out << " fields";
  for (const FieldOutcome& field : outcome.fields) {
    out << ' ' << Quoted(field.key) << '=' << static_cast<int>(field.type) << ':'
        << Quoted(field.value);
  }
  return out << " time " << outcome.time_ns << (outcome.has_time ? " given" : "")
             << (outcome.carriage_return ? " CR" : "") << (outcome.bare_value ? " bare" : "")
             << (outcome.detected_precision ? " detected" : "");
}

}  // namespace fluxgate::reference
