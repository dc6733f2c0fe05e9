#include "bridge/ingest/query_result.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr size_t kCellSize = sizeof(QueryValue);
constexpr size_t kEscapeSizeMax = 6;  // of a byte in JSON

bool IsPlain(char byte) {
  return byte >= ' ' && byte != '<' && byte != '>' && byte != '&' && byte != '\\' && byte != '"';
}

}  // namespace

bool QueryBudget::TakeText(std::string_view text) {
  const auto plain = static_cast<size_t>(std::ranges::count_if(text, IsPlain));
  return Take(kCellSize + plain + (text.size() - plain) * kEscapeSizeMax, &bytes_left_);
}

bool QueryBudget::TakeCells(size_t count) {
  return Take(count * kCellSize, &bytes_left_);
}

bool QueryBudget::Take(size_t cost, size_t* left) {
  const bool is_left = cost <= *left;
  *left -= is_left ? cost : *left;
  if (!is_left) {
    UseUp();
  }
  return is_left;
}

}  // namespace fluxgate
