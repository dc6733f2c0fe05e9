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

size_t QueryBudget::TextCost(std::string_view text) {
  const auto plain = static_cast<size_t>(std::ranges::count_if(text, IsPlain));
  return kCellSize + plain + (text.size() - plain) * kEscapeSizeMax;
}

size_t QueryBudget::CellsCost(size_t count) {
  return count * kCellSize;
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
