// How a fuzz target says that two ways of reading the same input do not agree.
//
// Errors: ends the program, so that the fuzzer keeps the input.
// Thread: compatible.
#pragma once

#include "tests/protocol/cuts.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace fluxgate {

inline void RequireEqual(const std::string& actual, const std::string& expected) {
  if (actual != expected) {
    std::cerr << "expected:\n" << expected << "\nactual:\n" << actual << '\n';
    std::abort();
  }
}

// `read` must make the same of `input` whole, in two pieces, of which `choice` says the border,
// and, when it is no larger than `single_bytes_max`, byte by byte.
inline void RequireSameWhereverCut(
    const std::function<std::string(const std::vector<size_t>& cuts)>& read, size_t size,
    uint8_t choice, size_t single_bytes_max) {
  const std::string whole = read({});
  RequireEqual(read({size_t{choice} * size / 255}), whole);
  if (size <= single_bytes_max) {
    RequireEqual(read(EveryByte(size)), whole);
  }
}

}  // namespace fluxgate
