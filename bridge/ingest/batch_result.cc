#include "bridge/ingest/batch_result.h"

#include <algorithm>

namespace fluxgate {

void BadLines::Add(uint64_t line_number, std::string_view message) {
  ++count_;
  if (is_full()) {
    return;
  }
  const size_t size = std::min(message.size(), kTextSizeMax - text_size_);
  text_size_ += size;
  lines_.push_back({line_number, std::string(message.substr(0, size))});
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

Reply BatchReply(WriteProtocol protocol, const BatchResult& result) {
  Reply reply;
  if (result.bad_lines.count() > 0) {
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

}  // namespace fluxgate
