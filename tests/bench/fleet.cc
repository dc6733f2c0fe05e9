#include "tests/bench/fleet.h"

#include "tests/bench/telegraf_fleet.h"
#include "tests/bench/tsbs_fleet.h"

namespace fluxgate::bench {
namespace {

std::vector<std::string> TsbsFamilies() {
  std::vector<std::string> families;
  for (size_t field = 0; field < kTsbsFields.size(); ++field) {
    families.push_back(TsbsFamily(field));
  }
  return families;
}

class TsbsFleet final : public Fleet {
 public:
  explicit TsbsFleet(ValueKind kind) : Fleet(TsbsFamilies()), kind_(kind) {}

  void AppendLine(uint32_t host, uint32_t round, int64_t time_ns, std::string* out) const override {
    AppendTsbsLine(host, round, time_ns, kind_, out);
  }
  void AppendLabels(uint32_t host, std::string* out) const override { AppendTsbsLabels(host, out); }
  std::optional<double> Value(uint32_t host, size_t family, uint32_t round) const override {
    return TsbsValue(host, family, round, kind_);
  }
  uint32_t SampleCount(uint32_t) const override { return kTsbsFields.size(); }
  std::optional<uint32_t> HostOf(std::string_view labels) const override {
    return TsbsHostOf(labels);
  }
  bool Owns(std::string_view exposition_line) const override {
    return exposition_line.starts_with("cpu_");
  }

 private:
  const ValueKind kind_;
};

}  // namespace

const Fleet& FleetOf(LineKind kind) {
  static const TsbsFleet integers(ValueKind::kInteger);
  static const TsbsFleet doubles(ValueKind::kDouble);
  switch (kind) {
    case LineKind::kTsbsIntegers:
      return integers;
    case LineKind::kTsbsDoubles:
      return doubles;
    case LineKind::kTelegraf:
      break;
  }
  return TelegrafFleet();
}

std::string LinesOf(const Fleet& fleet, uint32_t hosts, int64_t time_ns) {
  std::string lines;
  for (uint32_t host = 0; host < hosts; ++host) {
    fleet.AppendLine(host, 0, time_ns, &lines);
  }
  return lines;
}

}  // namespace fluxgate::bench
