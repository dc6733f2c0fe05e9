#include "bridge/ingest/query_result.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

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

size_t QueryBudget::DigitsCost(double number) {
  constexpr size_t kOtherDigits = 20;  // sign, point and what is not a zero
  constexpr size_t kPerMille = 302;    // digits of a power of two: log 2
  if (number == 0 || !std::isfinite(number)) {
    return 0;
  }
  const auto power = static_cast<size_t>(std::abs(std::ilogb(number)));
  const size_t size = kOtherDigits + power * kPerMille / 1000;
  return size > kCellSize ? size - kCellSize : 0;
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
