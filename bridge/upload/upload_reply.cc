#include "bridge/upload/upload_reply.h"

#include <absl/strings/str_format.h>

#include <algorithm>

namespace fluxgate {
namespace {

// Adds to `text_size` the bytes of the messages told.
std::string BadLinesJson(const PartOutcome& part, size_t* text_size) {
  std::string json;
  for (const BadLines::Line& line : part.bad_lines) {
    if (*text_size >= UploadReply::kErrorTextSizeMax) {
      break;
    }
    *text_size += line.message.size();
    json += absl::StrFormat(R"(%s{"line":%d,"error":%s})", json.empty() ? "" : ",", line.number,
                            JsonString(line.message));
  }
  return json;
}

std::string DroppedJson(const PartOutcome& part) {
  std::string json;
  for (const auto& [reason, count] : part.dropped_samples) {
    json += absl::StrFormat(R"(%s%s:%d)", json.empty() ? "" : ",", JsonString(reason), count);
  }
  return json;
}

std::string PartJson(const PartOutcome& part, size_t* error_text_size) {
  return absl::StrFormat(
      R"({"name":%s,"filename":%s,"format":"%s","gzip":%s,"points":%d,"samples":%d,)"
      R"("rejected":%d,"errors":[%s],"dropped":{%s}%s})",
      JsonString(part.name), JsonString(part.filename), Name(part.format),
      part.is_gzip ? "true" : "false", part.points, part.samples, part.bad_line_count,
      BadLinesJson(part, error_text_size), DroppedJson(part),
      part.error.empty() ? "" : ",\"error\":" + JsonString(part.error));
}

}  // namespace

void UploadReply::Add(const PartOutcome& part) {
  points_ += part.points;
  bad_line_count_ += part.bad_line_count;
  has_errors_ |= !part.error.empty() || part.bad_line_count > 0;
  if (++part_count_ <= kPartsMax) {
    parts_ += (parts_.empty() ? "" : ",") + PartJson(part, &error_text_size_);
  }
}

Reply UploadReply::Finish(int error_status, std::string_view error) const {
  std::string json = absl::StrFormat(R"({"parts":[%s],)", parts_);
  if (part_count_ > kPartsMax) {
    json += absl::StrFormat(R"("further_parts":%d,)", part_count_ - kPartsMax);
  }
  json += absl::StrFormat(R"("points":%d,"rejected":%d)", points_, bad_line_count_);
  if (error_status != 0) {
    json += ",\"error\":" + JsonString(error);
  }
  const int status = error_status != 0 ? error_status : has_errors_ ? 400 : 200;
  return {
      .status = status, .content_type = "application/json", .body = json + "}\n", .headers = {}};
}

}  // namespace fluxgate
