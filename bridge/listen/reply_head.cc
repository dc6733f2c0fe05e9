#include "bridge/listen/reply_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <string>
#include <system_error>
#include <utility>

namespace fluxgate {
namespace {

constexpr std::array<std::pair<int, std::string_view>, 19> kReasons = {{
    {200, "OK"},
    {201, "Created"},
    {204, "No Content"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {413, "Request Entity Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {422, "Unprocessable Entity"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

std::string_view ReasonOf(int status) {
  const auto* found = std::ranges::find(kReasons, status, &decltype(kReasons)::value_type::first);
  return found == kReasons.end() ? "Unknown" : found->second;
}

void AppendNumber(uint64_t value, int base, std::string* out) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value, base);
  out->append(std::begin(digits), end.ptr);
}

void AppendHeaderLine(std::string_view name, std::string_view value, std::string* out) {
  out->append(name).append(": ");
  const size_t begin = out->size();
  out->append(value);
  std::replace_if(
      out->begin() + static_cast<std::ptrdiff_t>(begin), out->end(),
      [](char byte) { return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f; }, ' ');
  out->append("\r\n");
}

}  // namespace

ReplyRenderer::ReplyRenderer(std::string_view reported_version, uint64_t seed)
    : server_lines_([&] {
        std::string lines;
        AppendHeaderLine("X-Influxdb-Version", reported_version, &lines);
        AppendHeaderLine("X-Influxdb-Build", "OSS", &lines);
        return lines;
      }()),
      request_ids_(seed) {}

void ReplyRenderer::AppendReply(const RequestHead& head, const Reply& reply, bool close,
                                int64_t now_ns, std::string* out) {
  AppendStart(head, reply.status, close, now_ns, out);
  for (const auto& [name, value] : reply.headers) {
    AppendHeaderLine(name, value, out);
  }
  if (!reply.content_type.empty()) {
    AppendHeaderLine("Content-Type", reply.content_type, out);
  }
  if (reply.status != 204) {
    out->append("Content-Length: ");
    AppendNumber(reply.body.size(), 10, out);
    out->append("\r\n");
  }
  out->append("\r\n");
  if (reply.status != 204 && head.method != HttpMethod::kHead) {
    out->append(reply.body);
  }
}

void ReplyRenderer::AppendScrapeHead(const RequestHead& head, std::string_view content_type,
                                     bool gzip, bool close, int64_t now_ns, std::string* out) {
  AppendStart(head, 200, close, now_ns, out);
  AppendHeaderLine("Content-Type", content_type, out);
  if (gzip) {
    out->append("Content-Encoding: gzip\r\n");
  }
  out->append("Vary: Accept, Accept-Encoding\r\n");
  if (!head.http_1_0) {
    out->append("Transfer-Encoding: chunked\r\n");
  }
  out->append("\r\n");
}

void ReplyRenderer::AppendStart(const RequestHead& head, int status, bool close, int64_t now_ns,
                                std::string* out) {
  out->append("HTTP/1.1 ");
  AppendNumber(static_cast<uint64_t>(status), 10, out);
  out->append(" ").append(ReasonOf(status)).append("\r\n");
  out->append(server_lines_);
  request_id_.clear();
  request_ids_.Append(head, now_ns, &request_id_);
  out->append("Request-Id: ").append(request_id_).append("\r\n");
  out->append("X-Request-Id: ").append(request_id_).append("\r\n");
  out->append("Date: ").append(Date(now_ns)).append("\r\n");
  if (close) {
    out->append("Connection: close\r\n");
  } else if (head.http_1_0) {
    out->append("Connection: keep-alive\r\n");
  }
}

std::string_view ReplyRenderer::Date(int64_t now_ns) {
  const int64_t seconds = now_ns / 1'000'000'000;
  if (seconds != date_seconds_) {
    const std::time_t time = seconds;
    std::tm parts{};
    gmtime_r(&time, &parts);
    char text[40];
    const size_t size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    date_.assign(text, size);
    date_seconds_ = seconds;
  }
  return date_;
}

void AppendChunkSize(size_t size, std::string* out) {
  AppendNumber(size, 16, out);
  out->append("\r\n");
}

}  // namespace fluxgate
