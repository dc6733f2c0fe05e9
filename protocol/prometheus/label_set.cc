#include "protocol/prometheus/label_set.h"

#include <algorithm>

namespace fluxgate::prom {
namespace {

bool NeedsEscape(char c) {
  return c == '\\' || c == '"' || c == '\n';
}

// The raw text up to the closing quote, which is taken off `rest` too; false when there is none.
bool TakeQuoted(std::string_view* rest, std::string_view* raw) {
  size_t at = rest->find_first_of("\\\"");
  while (at != std::string_view::npos && (*rest)[at] == '\\') {
    at = rest->find_first_of("\\\"", at + 2);
  }
  if (at == std::string_view::npos) {
    return false;
  }
  *raw = rest->substr(0, at);
  rest->remove_prefix(at + 1);
  return true;
}

// A backslash is never the last byte of `raw`: TakeQuoted steps over pairs.
void Unescape(std::string_view raw, std::string* out) {
  out->clear();
  for (size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\') {
      out->push_back(raw[i]);
      continue;
    }
    ++i;
    out->push_back(raw[i] == 'n' ? '\n' : raw[i]);
  }
}

}  // namespace

void AppendLabel(std::string_view name, std::string_view value, std::string* rendered) {
  if (!rendered->empty()) {
    rendered->push_back(',');
  }
  rendered->append(name).append("=\"");
  AppendEscapedLabelValue(value, rendered);
  rendered->push_back('"');
}

void AppendEscapedLabelValue(std::string_view text, std::string* out) {
  while (!text.empty()) {
    const auto escaped = std::ranges::find_if(text, NeedsEscape);
    const auto plain_size = static_cast<size_t>(escaped - text.begin());
    out->append(text.substr(0, plain_size));
    if (plain_size == text.size()) {
      return;
    }
    out->push_back('\\');
    out->push_back(*escaped == '\n' ? 'n' : *escaped);
    text.remove_prefix(plain_size + 1);
  }
}

bool TakeLabel(std::string_view* rest, std::string_view* name, std::string_view* value,
               std::string* scratch) {
  const size_t name_size = rest->find("=\"");
  if (name_size == std::string_view::npos) {
    return false;
  }
  *name = rest->substr(0, name_size);
  rest->remove_prefix(name_size + 2);
  if (!TakeQuoted(rest, value)) {
    return false;
  }
  if (value->find('\\') != std::string_view::npos) {
    Unescape(*value, scratch);
    *value = *scratch;
  }
  if (!rest->empty()) {
    rest->remove_prefix(1);
  }
  return true;
}

}  // namespace fluxgate::prom
