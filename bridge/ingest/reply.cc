#include "bridge/ingest/reply.h"

#include "protocol/prometheus/utf8.h"

#include <algorithm>
#include <cstddef>

namespace fluxgate {
namespace {

constexpr size_t kErrorHeaderSizeMax = 1024;

struct PlatformCode {
  int status;
  std::string_view code;
};

// The codes of InfluxDB 2.x by HTTP status.
constexpr PlatformCode kPlatformCodes[] = {
    {400, "invalid"},
    {401, "unauthorized"},
    {403, "forbidden"},
    {404, "not found"},
    {405, "method not allowed"},
    {413, "request too large"},
    {422, "unprocessable entity"},
    {429, "too many requests"},
    {500, "internal error"},
    {501, "not implemented"},
    {503, "unavailable"},
};

std::string_view PlatformCodeOf(int status) {
  const auto* found = std::ranges::find(kPlatformCodes, status, &PlatformCode::status);
  if (found != std::end(kPlatformCodes)) {
    return found->code;
  }
  return status < 500 ? "invalid" : "internal error";
}

// Messages quote lines of the sender: no byte of them may end the header or reach a terminal.
std::string AsHeaderValue(std::string_view message) {
  std::string value(message.substr(0, kErrorHeaderSizeMax));
  for (char& byte : value) {
    if (static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f) {
      byte = ' ';
    }
  }
  return value;
}

void AppendUnicodeEscape(unsigned code, std::string* out) {
  constexpr std::string_view kHexDigits = "0123456789abcdef";
  out->append("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) {
    out->push_back(kHexDigits[(code >> shift) & 0xF]);
  }
}

// U+2028 and U+2029 end a line in JavaScript.
constexpr std::string_view kLineSeparator = "\xE2\x80\xA8";
constexpr std::string_view kParagraphSeparator = "\xE2\x80\xA9";

void AppendAscii(char byte, std::string* out) {
  switch (byte) {
    case '"':
    case '\\':
      out->push_back('\\');
      out->push_back(byte);
      return;
    case '\n':
      out->append("\\n");
      return;
    case '\r':
      out->append("\\r");
      return;
    case '\t':
      out->append("\\t");
      return;
    default:
      break;
  }
  if (byte < 0x20 || byte == '<' || byte == '>' || byte == '&') {
    AppendUnicodeEscape(static_cast<unsigned char>(byte), out);
  } else {
    out->push_back(byte);
  }
}

// Appends the character at the start of `text`, which is not empty, and returns its size.
size_t AppendCharacter(std::string_view text, std::string* out) {
  const size_t size = prom::Utf8SequenceSize(text);
  const std::string_view sequence = text.substr(0, size);
  if (size == 0) {
    out->append("\\ufffd");
    return 1;
  }
  if (size == 1) {
    AppendAscii(text.front(), out);
  } else if (sequence == kLineSeparator) {
    out->append("\\u2028");
  } else if (sequence == kParagraphSeparator) {
    out->append("\\u2029");
  } else {
    out->append(sequence);
  }
  return size;
}

}  // namespace

std::string JsonString(std::string_view text) {
  std::string json;
  json.reserve(text.size() + 2);
  json.push_back('"');
  while (!text.empty()) {
    text.remove_prefix(AppendCharacter(text, &json));
  }
  json.push_back('"');
  return json;
}

Reply V1Error(int status, std::string_view message) {
  return {.status = status,
          .content_type = "application/json",
          .body = "{\"error\":" + JsonString(message) + "}\n",
          .headers = {{"X-Influxdb-Error", AsHeaderValue(message)}}};
}

Reply V2Error(int status, std::string_view message) {
  return V2Error(status, PlatformCodeOf(status), message);
}

Reply V2Error(int status, std::string_view code, std::string_view message) {
  return {.status = status,
          .content_type = "application/json; charset=utf-8",
          .body = "{\"code\":" + JsonString(code) + ",\"message\":" + JsonString(message) + "}\n",
          .headers = {{"X-Platform-Error-Code", std::string(code)}}};
}

Reply V3Error(int status, std::string_view message) {
  return {.status = status,
          .content_type = "application/json",
          .body = "{\"error\":" + JsonString(message) + "}\n",
          .headers = {}};
}

}  // namespace fluxgate
