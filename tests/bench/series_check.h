// Compares an exposition with what a load must have left behind: each series once, with the
// value sent last.
//
// Only lines that begin with a measurement of the load are looked at. The text is taken in pieces
// and not kept. Bounds: one line, and a bit a series. Thread: compatible. Spec: Prometheus text
// format 0.0.4, OpenMetrics 1.0.
#pragma once

#include "tests/bench/fleet.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::bench {

class SeriesCheck {
 public:
  // last_rounds[host] is the round whose values must be seen; the vector outlives the check.
  SeriesCheck(const std::vector<uint32_t>* last_rounds, LineKind kind);

  void Take(std::string_view bytes);

  // After the last piece: what was wrong first, and how much; empty when nothing was.
  std::string Finish();

  uint64_t series() const { return series_; }

 private:
  void TakeLine(std::string_view line);
  std::string_view Complaint(std::string_view line);
  bool EnterFamily(std::string_view name);

  const std::vector<uint32_t>& last_rounds_;
  const Fleet& fleet_;
  std::vector<bool> seen_;  // family * hosts + host
  std::vector<bool> entered_;
  size_t family_;  // that is being read; as many as there are for none
  std::string partial_;
  std::string labels_;
  uint64_t series_ = 0;
  uint64_t bad_lines_ = 0;
  std::string first_complaint_;
};

}  // namespace fluxgate::bench
