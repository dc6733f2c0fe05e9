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

bool QueryBudget::TakeSlots(size_t count) {
  return Take(count, &slots_left_);
}

bool QueryBudget::TakeText(std::string_view text) {
  const auto plain = static_cast<size_t>(std::ranges::count_if(text, IsPlain));
  return Take(kCellSize + plain + (text.size() - plain) * kEscapeSizeMax, &bytes_left_);
}

bool QueryBudget::TakeCells(size_t count) {
  return Take(count * kCellSize, &bytes_left_);
}

bool QueryBudget::Take(size_t cost, size_t* left) {
  used_up_ = used_up_ || cost > *left;
  *left -= std::min(cost, *left);
  return !used_up_;
}

}  // namespace fluxgate
