#include "bridge/ingest/batch_result.h"

#include "bridge/mapping/drop_reason.h"

#include <algorithm>

namespace fluxgate {

namespace {

constexpr std::string_view kLimitReasons[] = {
    drop_reason::kMetricNameTooLong,
    drop_reason::kTooManyLabels,
    drop_reason::kLabelNameTooLong,
    drop_reason::kLabelValueTooLong,
};

std::string LineJson(const BadLines::Line& line) {
  return "{\"original_line\":" + JsonString(line.start) +
         ",\"line_number\":" + std::to_string(line.number) +
         ",\"error_message\":" + JsonString(line.message) + "}";
}

Reply V3LineError(std::string_view error, std::string_view data) {
  Reply reply = V3Error(400, error);
  reply.body = "{\"error\":" + JsonString(error) + ",\"data\":" + std::string(data) + "}\n";
  return reply;
}

}  // namespace

void BadLines::Add(uint64_t line_number, std::string_view message, std::string_view start) {
  ++count_;
  if (is_full()) {
    return;
  }
  const size_t size = std::min(message.size(), kTextSizeMax - text_size_);
  text_size_ += size;
  lines_.push_back({line_number, std::string(message.substr(0, size)),
                    std::string(start.substr(0, kStartSizeMax))});
  if (size < message.size()) {
    lines_.back().message += "...";
  }
}

std::string BadLines::Text(bool with_line_numbers) const {
  std::string text;
  for (const Line& line : lines_) {
    if (!text.empty()) {
      text += '\n';
    }
    if (with_line_numbers) {
      text += "line " + std::to_string(line.number) + ": ";
    }
    text += line.message;
  }
  if (count_ > lines_.size()) {
    text += "\nand " + std::to_string(count_ - lines_.size()) + " more";
  }
  return text;
}

influx::LineError Shortened(const influx::LineError& error) {
  influx::LineError shortened = error;
  shortened.text = error.text.substr(0, BadLines::kTextSizeMax);
  shortened.token = error.token.substr(0, BadLines::kTextSizeMax);
  return shortened;
}

bool HitsLimit(const ReasonCounts& dropped_samples) {
  return std::ranges::any_of(
      kLimitReasons, [&](std::string_view reason) { return dropped_samples.contains(reason); });
}

Reply BatchReply(WriteProtocol protocol, const BatchResult& result) {
  Reply reply;
  if (result.bad_lines.count() > 0 && protocol == WriteProtocol::kHttpV3) {
    std::string lines;
    for (const BadLines::Line& line : result.bad_lines.lines()) {
      lines.append(lines.empty() ? "" : ",").append(LineJson(line));
    }
    reply = V3LineError("partial write of line protocol occurred", "[" + lines + "]");
  } else if (result.bad_lines.count() > 0) {
    const bool is_v2 = protocol == WriteProtocol::kHttpV2;
    std::string text = result.bad_lines.Text(is_v2);
    if (result.totals.points > 0) {
      // InfluxDB's "dropped" counts what its storage refused; parsing is not part of it.
      text = "partial write: " + text + " dropped=0";
    }
    reply = is_v2 ? V2Error(400, text) : V1Error(400, text);
  }
  if (result.totals.historic_points > 0) {
    reply.headers.emplace_back("X-Fluxgate-Historic",
                               std::to_string(result.totals.historic_points));
  }
  return reply;
}

Reply AtomicReply(const BatchResult& result) {
  return V3LineError("line protocol parsing error", LineJson(result.bad_lines.lines().front()));
}

}  // namespace fluxgate
