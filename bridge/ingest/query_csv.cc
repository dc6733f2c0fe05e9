#include "bridge/ingest/query_csv.h"

#include <charconv>
#include <vector>

namespace fluxgate {
namespace {

// As Go's encoding/csv quotes.
std::string CsvText(std::string_view text) {
  const bool is_plain = text.find_first_of(",\"\r\n") == std::string_view::npos &&
                        !text.starts_with(' ') && !text.starts_with('\t') && text != "\\.";
  if (is_plain) {
    return std::string(text);
  }
  std::string quoted = "\"";
  for (const char byte : text) {
    quoted += byte == '"' ? "\"\"" : std::string(1, byte);
  }
  return quoted + "\"";
}

std::string CsvNumber(double value) {
  char digits[400];
  const auto end =
      std::to_chars(std::begin(digits), std::end(digits), value, std::chars_format::fixed);
  return {digits, end.ptr};
}

std::string CsvValue(const QueryValue& value, const QueryFormat& format) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    return CsvText(*text);
  }
  if (const auto* number = std::get_if<double>(&value)) {
    return CsvNumber(*number);
  }
  if (const auto* integer = std::get_if<int64_t>(&value)) {
    return std::to_string(*integer);
  }
  if (const auto* boolean = std::get_if<bool>(&value)) {
    return *boolean ? "true" : "false";
  }
  if (const auto* time = std::get_if<QueryTime>(&value)) {
    return std::to_string(
        time->ns / influx::NanosecondsPer(format.epoch.value_or(influx::Precision::kNanosecond)));
  }
  return {};
}

void AppendHeader(const QuerySeries& series, std::string* csv) {
  *csv += csv->empty() ? "" : "\n";
  *csv += "name,tags";
  for (const std::string& column : series.columns) {
    *csv += "," + CsvText(column);
  }
  csv->push_back('\n');
}

}  // namespace

std::string QueryCsv(std::span<const QueryResult> results, const QueryFormat& format) {
  std::string csv;
  for (const QueryResult& result : results) {
    const std::vector<std::string>* columns = nullptr;
    for (const QuerySeries& series : result.series) {
      if (columns == nullptr || *columns != series.columns) {
        AppendHeader(series, &csv);
        columns = &series.columns;
      }
      for (const QueryRow& row : series.rows) {
        csv += CsvText(series.name) + ",";
        for (const QueryValue& value : row) {
          csv += "," + CsvValue(value, format);
        }
        csv.push_back('\n');
      }
    }
  }
  return csv;
}

std::string ErrorCsv(std::string_view message) {
  return "error\n" + CsvText(message) + "\n";
}

}  // namespace fluxgate
