#include "bridge/listen/request_head.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace fluxgate {
namespace {

constexpr std::array<std::pair<std::string_view, HttpMethod>, 6> kMethods = {{
    {"POST", HttpMethod::kPost},
    {"GET", HttpMethod::kGet},
    {"PUT", HttpMethod::kPut},
    {"DELETE", HttpMethod::kDelete},
    {"HEAD", HttpMethod::kHead},
    {"OPTIONS", HttpMethod::kOptions},
}};

// Memory that one text keeps for the next request.
constexpr size_t kKeptSizeMax = 1024;

void AppendCollapsed(std::string_view path, std::string* out) {
  std::ranges::unique_copy(path, std::back_inserter(*out),
                           [](char left, char right) { return left == '/' && right == '/'; });
}

// Takes `scheme://authority` off a target in absolute form, as sent to a proxy.
std::string_view WithoutAuthority(std::string_view target) {
  if (target.starts_with('/')) {
    return target;
  }
  const size_t scheme_end = target.find("://");
  if (scheme_end == std::string_view::npos || scheme_end > target.find('?')) {
    return target;
  }
  const std::string_view rest = target.substr(scheme_end + 3);
  const size_t path_begin = rest.find_first_of("/?");
  return path_begin == std::string_view::npos ? "/" : rest.substr(path_begin);
}

}  // namespace

void RequestHead::Clear() {
  method = HttpMethod::kOther;
  http_1_0 = false;
  keep_alive = true;
  expects_continue = false;
  unknown_expectation = false;
  chunked = false;
  unknown_transfer_coding = false;
  content_length.reset();
  for (std::string* text : {&path, &query, &accept, &accept_encoding, &content_encoding,
                            &content_type, &origin, &x_request_id, &request_id}) {
    text->clear();
    if (text->capacity() > kKeptSizeMax) {
      text->shrink_to_fit();
    }
  }
}

HttpMethod ParseMethod(std::string_view name) {
  const auto* found = std::ranges::find(kMethods, name, &decltype(kMethods)::value_type::first);
  return found == kMethods.end() ? HttpMethod::kOther : found->second;
}

void SplitTarget(std::string_view target, std::string* path, std::string* query) {
  target = WithoutAuthority(target.substr(0, target.find('#')));
  const size_t mark = target.find('?');
  path->clear();
  AppendCollapsed(target.substr(0, mark), path);
  if (path->empty()) {
    path->push_back('/');
  }
  query->assign(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
}

std::string CollapseSlashes(std::string_view path) {
  std::string collapsed;
  AppendCollapsed(path, &collapsed);
  return collapsed;
}

}  // namespace fluxgate
