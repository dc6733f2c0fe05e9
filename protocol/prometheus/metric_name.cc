#include "protocol/prometheus/metric_name.h"

#include "protocol/prometheus/utf8.h"

#include <algorithm>

namespace fluxgate::prom {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

bool IsLabelNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || IsDigit(c);
}

bool IsMetricNameByte(char c) {
  return IsLabelNameByte(c) || c == ':';
}

}  // namespace

void AppendSanitized(std::string_view text, std::string* out) {
  if (out->empty() && !text.empty() && IsDigit(text.front())) {
    out->push_back('_');
  }
  while (!text.empty()) {
    const size_t size = std::max<size_t>(Utf8SequenceSize(text), 1);
    out->push_back(IsLabelNameByte(text.front()) ? text.front() : '_');
    text.remove_prefix(size);
  }
}

bool IsMetricName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) && std::ranges::all_of(name, IsMetricNameByte);
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && !IsDigit(name.front()) && std::ranges::all_of(name, IsLabelNameByte);
}

}  // namespace fluxgate::prom
