// Reads text with one of the readers of points, cut in every way.
//
// Thread: compatible.
#pragma once

#include "tests/protocol/cuts.h"
#include "tests/protocol/influx/point_text.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace fluxgate::influx {

// The same whole, cut anywhere, and byte by byte.
template <typename Reader>
std::string ReadCut(const std::function<Reader()>& make, std::string_view input,
                    const std::function<std::string(const Reader&)>& extra = {}) {
  Reader first = make();
  const std::string whole = ReadText<Reader>(&first, input, {}, extra);
  for (size_t i = 1; i < input.size(); ++i) {
    Reader reader = make();
    EXPECT_EQ(ReadText<Reader>(&reader, input, {i}, extra), whole) << "cut at " << i;
  }
  Reader last = make();
  EXPECT_EQ(ReadText<Reader>(&last, input, EveryByte(input.size()), extra), whole)
      << "byte by byte";
  return whole;
}

}  // namespace fluxgate::influx
