#include "bridge/ingest/query.h"

#include "protocol/influx/influxql_parser.h"

#include "bridge/ingest/query_condition.h"
#include "bridge/ingest/query_csv.h"
#include "bridge/ingest/query_json.h"
#include "bridge/ingest/query_parameters.h"
#include "bridge/ingest/query_pattern.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kChunkRowsUsual = 10'000;

struct EpochName {
  std::string_view name;
  influx::Precision precision;
};

// Any other name that is not empty means nanoseconds.
constexpr EpochName kEpochs[] = {
    {"u", influx::Precision::kMicrosecond}, {"ms", influx::Precision::kMillisecond},
    {"s", influx::Precision::kSecond},      {"m", influx::Precision::kMinute},
    {"h", influx::Precision::kHour},
};

std::optional<influx::Precision> ParseEpoch(std::string_view name) {
  for (const EpochName& epoch : kEpochs) {
    if (epoch.name == name) {
      return epoch.precision;
    }
  }
  return name.empty() ? std::nullopt : std::optional(influx::Precision::kNanosecond);
}

size_t ChunkRows(const QueryForm& form) {
  if (form.Find("chunked") != "true") {
    return 0;
  }
  const std::string text = form.Find("chunk_size");
  size_t rows = 0;
  std::from_chars(text.data(), text.data() + text.size(), rows);
  return rows > 0 ? rows : kChunkRowsUsual;
}

bool WantsCsv(std::string_view accept) {
  return accept == "application/csv" || accept == "text/csv";
}

Reply ErrorReply(int status, std::string_view message, bool is_csv, bool is_pretty) {
  Reply reply = V1Error(status, message);
  if (is_csv) {
    reply.content_type = "text/csv";
    reply.body = ErrorCsv(message);
  } else if (is_pretty) {
    reply.body.pop_back();
    reply.body = IndentJson(reply.body) + "\n";
  }
  return reply;
}

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n\v\f");
  const size_t end = text.find_last_not_of(" \t\r\n\v\f");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

// What is wrong with the query, if anything is.
std::string CheckQuery(const influx::ParsedQuery& query) {
  if (!query.error.empty()) {
    return query.error;
  }
  const auto is_long = [](const influx::Statement& statement) {
    return statement.condition.size() > kConditionStepsMax;
  };
  if (std::ranges::any_of(query.statements, is_long)) {
    return absl::StrFormat("more than %d steps in a condition", kConditionStepsMax);
  }
  return CheckPatterns(query.statements);
}

}  // namespace

Reply AnswerQuery(const QueryForm& form, std::string_view accept, bool is_read_only,
                  const QueryContext& context) {
  const bool is_csv = WantsCsv(accept);
  const QueryFormat format{.epoch = ParseEpoch(form.Find("epoch")),
                           .is_pretty = form.FindInUrl("pretty") == "true",
                           .chunk_rows = ChunkRows(form)};
  const std::string text = form.Find("q");
  if (text.size() > kQueryTextSizeMax) {
    return ErrorReply(413, "Request Entity Too Large", is_csv, format.is_pretty);
  }
  const std::string_view trimmed = TrimBlanks(text);
  if (trimmed.empty()) {
    return ErrorReply(400, "missing required parameter \"q\"", is_csv, format.is_pretty);
  }
  influx::BoundParameters parameters;
  if (const std::string error = ReadQueryParameters(form.Find("params"), &parameters);
      !error.empty()) {
    return ErrorReply(400, error, is_csv, format.is_pretty);
  }
  const influx::ParsedQuery query =
      influx::ParseInfluxql(trimmed, kQueryStatementsMax, &parameters);
  if (const std::string error = CheckQuery(query); !error.empty()) {
    return ErrorReply(400, "error parsing query: " + error, is_csv, format.is_pretty);
  }
  const std::vector<QueryResult> results =
      ExecuteStatements(query.statements, form.Find("db"), is_read_only, context);
  return {.status = 200,
          .content_type = is_csv ? "text/csv" : "application/json",
          .body = is_csv ? QueryCsv(results, format) : QueryJson(results, format),
          .headers = {}};
}

}  // namespace fluxgate
