#include "bridge/ingest/query_form.h"

#include "bridge/ingest/url_query.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include <algorithm>

namespace fluxgate {
namespace {

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase({a.data(), a.size()}, {b.data(), b.size()});
}

std::string_view Trim(std::string_view text) {
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.front()))) {
    text.remove_prefix(1);
  }
  while (!text.empty() && absl::ascii_isspace(static_cast<unsigned char>(text.back()))) {
    text.remove_suffix(1);
  }
  return text;
}

// Takes what stands before `mark` off `rest`, the mark with it; all of it where there is none.
std::string_view TakeUntil(std::string_view mark, std::string_view* rest) {
  const size_t end = rest->find(mark);
  const std::string_view taken = rest->substr(0, end);
  rest->remove_prefix(end == std::string_view::npos ? rest->size() : end + mark.size());
  return taken;
}

// The parameter `name` of a header value such as `form-data; name="q"`.
std::string FindHeaderParameter(std::string_view value, std::string_view name) {
  TakeUntil(";", &value);
  while (!value.empty()) {
    std::string_view text = TakeUntil(";", &value);
    const std::string_view key = Trim(TakeUntil("=", &text));
    text = Trim(text);
    if (EqualsIgnoreCase(key, name)) {
      const bool is_quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
      return std::string(is_quoted ? text.substr(1, text.size() - 2) : text);
    }
  }
  return {};
}

// The name of a part from its header lines.
std::string PartName(std::string_view head) {
  while (!head.empty()) {
    std::string_view value = TakeUntil("\r\n", &head);
    if (EqualsIgnoreCase(Trim(TakeUntil(":", &value)), "content-disposition")) {
      return FindHeaderParameter(value, "name");
    }
  }
  return {};
}

std::string FindPart(std::string_view body, std::string_view boundary, std::string_view name) {
  const std::string delimiter = "\r\n--" + std::string(boundary);
  if (!body.starts_with(std::string_view(delimiter).substr(2))) {
    TakeUntil(delimiter, &body);
  } else {
    body.remove_prefix(delimiter.size() - 2);
  }
  while (!body.empty() && !body.starts_with("--")) {
    TakeUntil("\r\n", &body);
    std::string_view part = TakeUntil(delimiter, &body);
    const bool has_head = part.find("\r\n\r\n") != std::string_view::npos;
    const std::string_view head = TakeUntil("\r\n\r\n", &part);
    if (has_head && PartName(head) == name) {
      return std::string(part);
    }
  }
  return {};
}

}  // namespace

QueryForm::QueryForm(std::string_view url_query, std::string_view content_type,
                     std::string_view body)
    : url_query_(url_query) {
  const std::string_view type = Trim(content_type.substr(0, content_type.find(';')));
  if (type.empty() || EqualsIgnoreCase(type, "application/x-www-form-urlencoded")) {
    form_ = body;
  } else if (EqualsIgnoreCase(type, "multipart/form-data")) {
    boundary_ = FindHeaderParameter(content_type, "boundary");
    multipart_ = boundary_.empty() ? std::string_view() : body;
  }
}

std::string QueryForm::Find(std::string_view name) const {
  for (const std::string_view text : {form_, url_query_}) {
    if (std::optional<std::string> value = FindUrlParameter(text, name)) {
      return *std::move(value);
    }
  }
  return FindPart(multipart_, boundary_, name);
}

std::string QueryForm::FindInUrl(std::string_view name) const {
  return FindUrlParameter(url_query_, name).value_or("");
}

}  // namespace fluxgate
