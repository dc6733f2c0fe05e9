#include "bridge/ingest/query_json.h"

#include "bridge/ingest/reply.h"

#include <absl/strings/str_format.h>
#include <absl/time/time.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace fluxgate {
namespace {

constexpr size_t kIndent = 4;

// Each piece repeats the columns. When the pieces hold this much, the rest of a series is one.
constexpr size_t kPiecesSizeMax = size_t{8} << 20;

std::string Rfc3339(int64_t time_ns) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", absl::FromUnixNanos(time_ns),
                          absl::UTCTimeZone());
}

// As Go's encoding/json: scientific below 1e-6 and from 1e21, with no leading zero of the exponent.
std::string JsonNumber(double value) {
  if (!std::isfinite(value)) {
    return "null";
  }
  const double size = std::fabs(value);
  const bool is_scientific = size != 0 && (size < 1e-6 || size >= 1e21);
  char digits[400];
  const auto end =
      std::to_chars(std::begin(digits), std::end(digits), value,
                    is_scientific ? std::chars_format::scientific : std::chars_format::fixed);
  std::string text(digits, end.ptr);
  const size_t zero = text.find("e-0");
  if (zero != std::string::npos) {
    text.erase(zero + 2, 1);
  }
  return text;
}

class JsonWriter {
 public:
  explicit JsonWriter(const QueryFormat& format) : format_(format) {}

  void AppendValue(const QueryValue& value);
  void AppendSeries(const QuerySeries& series, size_t begin, size_t end, bool is_partial);
  void AppendResultHead(const QueryResult& result);
  void AppendResultTail(const QueryResult& result);
  void Append(std::string_view text) { json_ += text; }

  std::string Take() { return std::move(json_); }

 private:
  template <typename List, typename AppendOne>
  void AppendList(const List& list, const AppendOne& append_one) {
    json_.push_back('[');
    bool is_first = true;
    for (const auto& one : list) {
      json_ += is_first ? "" : ",";
      is_first = false;
      append_one(one);
    }
    json_.push_back(']');
  }

  const QueryFormat& format_;
  std::string json_;
};

void JsonWriter::AppendValue(const QueryValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) {
    json_ += JsonString(*text);
  } else if (const auto* number = std::get_if<double>(&value)) {
    json_ += JsonNumber(*number);
  } else if (const auto* integer = std::get_if<int64_t>(&value)) {
    json_ += std::to_string(*integer);
  } else if (const auto* boolean = std::get_if<bool>(&value)) {
    json_ += *boolean ? "true" : "false";
  } else if (const auto* time = std::get_if<QueryTime>(&value)) {
    json_ += format_.epoch ? std::to_string(time->ns / influx::NanosecondsPer(*format_.epoch))
                           : JsonString(Rfc3339(time->ns));
  } else {
    json_ += "null";
  }
}

// The rows from `begin` to `end`.
void JsonWriter::AppendSeries(const QuerySeries& series, size_t begin, size_t end,
                              bool is_partial) {
  json_.push_back('{');
  if (!series.name.empty()) {
    json_ += "\"name\":" + JsonString(series.name) + ",";
  }
  json_ += "\"columns\":";
  AppendList(series.columns, [&](const std::string& column) { json_ += JsonString(column); });
  if (end > begin) {
    json_ += ",\"values\":";
    AppendList(std::span(series.rows).subspan(begin, end - begin), [&](const QueryRow& row) {
      AppendList(row, [&](const QueryValue& value) { AppendValue(value); });
    });
  }
  json_ += is_partial ? ",\"partial\":true}" : "}";
}

void JsonWriter::AppendResultHead(const QueryResult& result) {
  json_ += absl::StrFormat("{\"statement_id\":%d", result.statement);
}

void JsonWriter::AppendResultTail(const QueryResult& result) {
  if (!result.warning.empty()) {
    json_ += R"(,"messages":[{"level":"warning","text":)" + JsonString(result.warning) + "}]";
  }
  if (result.has_error()) {
    json_ += ",\"error\":" + JsonString(result.error);
  }
  json_.push_back('}');
}

std::string Finished(std::string json, const QueryFormat& format) {
  return (format.is_pretty ? IndentJson(json) : std::move(json)) + "\n";
}

std::string WholeJson(std::span<const QueryResult> results, const QueryFormat& format) {
  if (results.empty()) {
    return "{}";
  }
  JsonWriter writer(format);
  writer.Append("{\"results\":[");
  for (const QueryResult& result : results) {
    writer.Append(&result == &results.front() ? "" : ",");
    writer.AppendResultHead(result);
    for (const QuerySeries& series : result.series) {
      writer.Append(&series == &result.series.front() ? ",\"series\":[" : ",");
      writer.AppendSeries(series, 0, series.rows.size(), series.is_partial);
    }
    writer.Append(result.series.empty() ? "" : "]");
    writer.AppendResultTail(result);
  }
  writer.Append("]}");
  return writer.Take();
}

// A document of its own for one piece of a series; without a series for a result that has none.
std::string PieceJson(const QueryResult& result, const QuerySeries* series, size_t begin,
                      size_t end, const QueryFormat& format) {
  JsonWriter writer(format);
  writer.Append("{\"results\":[");
  writer.AppendResultHead(result);
  const bool is_cut = series != nullptr && end < series->rows.size();
  if (series != nullptr) {
    writer.Append(",\"series\":[");
    writer.AppendSeries(*series, begin, end, is_cut || series->is_partial);
    writer.Append("]");
  }
  writer.Append(is_cut ? ",\"partial\":true" : "");
  writer.AppendResultTail(result);
  writer.Append("]}");
  return Finished(writer.Take(), format);
}

std::string ChunkedJson(std::span<const QueryResult> results, const QueryFormat& format) {
  std::string json;
  for (const QueryResult& result : results) {
    if (result.series.empty()) {
      json += PieceJson(result, nullptr, 0, 0, format);
    }
    for (const QuerySeries& series : result.series) {
      const size_t rows = series.rows.size();
      const size_t step = result.splits_rows ? format.chunk_rows : std::max<size_t>(rows, 1);
      size_t begin = 0;
      do {
        const size_t left = rows - begin;
        const size_t end = begin + (json.size() < kPiecesSizeMax ? std::min(step, left) : left);
        json += PieceJson(result, &series, begin, end, format);
        begin = end;
      } while (begin < rows);
    }
  }
  return json;
}

}  // namespace

std::string QueryJson(std::span<const QueryResult> results, const QueryFormat& format) {
  return format.chunk_rows > 0 && !results.empty() ? ChunkedJson(results, format)
                                                   : Finished(WholeJson(results, format), format);
}

std::string IndentJson(std::string_view json) {
  std::string text;
  size_t level = 0;
  bool in_string = false;
  const auto end_line = [&] {
    text.push_back('\n');
    text.append(level * kIndent, ' ');
  };
  for (size_t i = 0; i < json.size(); ++i) {
    const char byte = json[i];
    const bool is_empty = i + 1 < json.size() && (json[i + 1] == ']' || json[i + 1] == '}');
    if (in_string || byte == '"') {
      text.push_back(byte);
      if (in_string && byte == '\\') {
        text.push_back(json[++i]);
      } else if (byte == '"') {
        in_string = !in_string;
      }
    } else if ((byte == '{' || byte == '[') && is_empty) {
      text.push_back(byte);
      text.push_back(json[++i]);
    } else if (byte == '{' || byte == '[') {
      text.push_back(byte);
      ++level;
      end_line();
    } else if (byte == '}' || byte == ']') {
      --level;
      end_line();
      text.push_back(byte);
    } else {
      text.push_back(byte);
      if (byte == ',') {
        end_line();
      } else if (byte == ':') {
        text.push_back(' ');
      }
    }
  }
  return text;
}

}  // namespace fluxgate
