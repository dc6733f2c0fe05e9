// The hosts of a TSBS "cpu-only" load: their lines, and what those lines must become.
//
// Everything follows from host and round alone, so that a check can work out what was sent without
// keeping it.
// Encodings: lines are line protocol with 10 tags, 10 fields and a time in ns; labels are rendered
// as fluxgate and influxdb_exporter write them, sorted by name.
// Thread: compatible (pure functions).
// Spec: the Time Series Benchmark Suite's cpu-only use case.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate::bench {

// Integers from 0 to 100, as TSBS has them, or doubles with all their digits.
enum class ValueKind : uint8_t { kInteger, kDouble };

inline constexpr std::array<std::string_view, 10> kTsbsFields = {
    "usage_user", "usage_system",  "usage_idle",  "usage_nice",  "usage_iowait",
    "usage_irq",  "usage_softirq", "usage_steal", "usage_guest", "usage_guest_nice"};

// Appends the line of `host` in `round`, with its line feed.
void AppendTsbsLine(uint32_t host, uint32_t round, int64_t time_ns, ValueKind kind,
                    std::string* out);

// Appends the labels of `host`: `arch="x64",...`.
void AppendTsbsLabels(uint32_t host, std::string* out);

double TsbsValue(uint32_t host, size_t field, uint32_t round, ValueKind kind);

// The family that a field becomes.
std::string TsbsFamily(size_t field);

// Appends the exposition of `hosts` hosts in `round`.
void AppendTsbsPage(uint32_t hosts, uint32_t round, ValueKind kind, std::string* out);

// The host that a rendered label set names; nullopt when it names none.
std::optional<uint32_t> TsbsHostOf(std::string_view labels);

}  // namespace fluxgate::bench
