// The senders of a load: the lines that they write, and the series that those must become.
//
// Everything follows from host and round alone, so that a check can work out what was sent without
// keeping it. Hosts count from 0, and any number of them may be asked for; each has label sets of
// its own.
// Encodings: labels are rendered as fluxgate and influxdb_exporter write them, sorted by name.
// Lifetime: fleets live as long as the program.
// Thread: immutable.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::bench {

enum class LineKind : uint8_t {
  kTsbsIntegers,  // TSBS cpu-only: 10 tags, 10 fields
  kTsbsDoubles,   // the same with doubles that have all their digits
  kTelegraf,      // five Telegraf plugins in turn: floats, integers, booleans, strings, escapes
};

class Fleet {
 public:
  explicit Fleet(std::vector<std::string> families) : families_(std::move(families)) {}
  virtual ~Fleet() = default;

  // Appends the line of `host` in `round`, with its line feed.
  virtual void AppendLine(uint32_t host, uint32_t round, int64_t time_ns,
                          std::string* out) const = 0;

  // Appends the labels that all series of `host` have.
  virtual void AppendLabels(uint32_t host, std::string* out) const = 0;

  // The value of `host` in one of families(); nullopt when it has no such series.
  virtual std::optional<double> Value(uint32_t host, size_t family, uint32_t round) const = 0;

  // The series of `host`, which are the samples of one of its lines: strings are none.
  virtual uint32_t SampleCount(uint32_t host) const = 0;

  // The host that a rendered label set names; nullopt when it names none.
  virtual std::optional<uint32_t> HostOf(std::string_view labels) const = 0;

  // Whether an exposition's line belongs to this fleet, by the measurement in front of its name.
  virtual bool Owns(std::string_view exposition_line) const = 0;

  // Those of all hosts, each once.
  const std::vector<std::string>& families() const { return families_; }

 private:
  const std::vector<std::string> families_;
};

const Fleet& FleetOf(LineKind kind);

// The lines of hosts 0 to before `hosts` in round 0.
std::string LinesOf(const Fleet& fleet, uint32_t hosts, int64_t time_ns);

}  // namespace fluxgate::bench
