#include "tests/bench/tsbs_fleet.h"

#include "protocol/prometheus/number_format.h"

#include "tests/bench/mix.h"

#include <absl/strings/str_format.h>

#include <charconv>

namespace fluxgate::bench {
namespace {

constexpr std::array<std::string_view, 9> kRegions = {
    "us-east-1",      "us-west-1",      "us-west-2",      "eu-west-1", "eu-central-1",
    "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1"};
constexpr std::array<std::string_view, 3> kSystems = {"Ubuntu16.10", "Ubuntu16.04LTS",
                                                      "Ubuntu15.10"};
constexpr std::array<std::string_view, 2> kArchitectures = {"x64", "x86"};
constexpr std::array<std::string_view, 4> kTeams = {"SF", "NYC", "LON", "CHI"};
constexpr std::array<std::string_view, 3> kEnvironments = {"production", "staging", "test"};

struct HostTags {
  std::string_view region;
  char zone;
  unsigned rack;
  std::string_view system;
  std::string_view architecture;
  std::string_view team;
  unsigned service;
  unsigned service_version;
  std::string_view environment;
};

HostTags TagsOf(uint32_t host) {
  uint64_t seed = Mix(host);
  auto pick = [&seed](size_t count) {
    seed = Mix(seed);
    return static_cast<unsigned>(seed % count);
  };
  HostTags tags;
  tags.region = kRegions[pick(kRegions.size())];
  tags.zone = static_cast<char>('a' + pick(3));
  tags.rack = pick(100);
  tags.system = kSystems[pick(kSystems.size())];
  tags.architecture = kArchitectures[pick(kArchitectures.size())];
  tags.team = kTeams[pick(kTeams.size())];
  tags.service = pick(20);
  tags.service_version = pick(2);
  tags.environment = kEnvironments[pick(kEnvironments.size())];
  return tags;
}

void AppendField(uint32_t host, size_t field, uint32_t round, ValueKind kind, std::string* out) {
  const double value = TsbsValue(host, field, round, kind);
  absl::StrAppendFormat(out, "%s=", kTsbsFields[field]);
  if (kind == ValueKind::kInteger) {
    prom::AppendInteger(static_cast<int64_t>(value), out);
    out->push_back('i');
  } else {
    prom::AppendGoFloat(value, out);
  }
}

}  // namespace

void AppendTsbsLine(uint32_t host, uint32_t round, int64_t time_ns, ValueKind kind,
                    std::string* out) {
  const HostTags tags = TagsOf(host);
  absl::StrAppendFormat(
      out,
      "cpu,hostname=host_%d,region=%s,datacenter=%s%c,rack=%d,os=%s,arch=%s,team=%s,service=%d,"
      "service_version=%d,service_environment=%s",
      host, tags.region, tags.region, tags.zone, tags.rack, tags.system, tags.architecture,
      tags.team, tags.service, tags.service_version, tags.environment);
  for (size_t field = 0; field < kTsbsFields.size(); ++field) {
    out->push_back(field == 0 ? ' ' : ',');
    AppendField(host, field, round, kind, out);
  }
  absl::StrAppendFormat(out, " %d\n", time_ns);
}

void AppendTsbsLabels(uint32_t host, std::string* out) {
  const HostTags tags = TagsOf(host);
  absl::StrAppendFormat(
      out,
      R"(arch="%s",datacenter="%s%c",hostname="host_%d",os="%s",rack="%d",region="%s",)"
      R"(service="%d",service_environment="%s",service_version="%d",team="%s")",
      tags.architecture, tags.region, tags.zone, host, tags.system, tags.rack, tags.region,
      tags.service, tags.environment, tags.service_version, tags.team);
}

double TsbsValue(uint32_t host, size_t field, uint32_t round, ValueKind kind) {
  const uint64_t bits =
      Mix((uint64_t{host} * kTsbsFields.size() + field) ^ (uint64_t{round} << 40));
  if (kind == ValueKind::kInteger) {
    return static_cast<double>(bits % 101);
  }
  return static_cast<double>(bits >> 11) * 0x1p-53 * 100;
}

std::string TsbsFamily(size_t field) {
  return absl::StrFormat("cpu_%s", kTsbsFields[field]);
}

void AppendTsbsPage(uint32_t hosts, uint32_t round, ValueKind kind, std::string* out) {
  for (size_t field = 0; field < kTsbsFields.size(); ++field) {
    const std::string family = TsbsFamily(field);
    absl::StrAppendFormat(out, "# HELP %s InfluxDB Metric\n# TYPE %s untyped\n", family, family);
    for (uint32_t host = 0; host < hosts; ++host) {
      out->append(family).push_back('{');
      AppendTsbsLabels(host, out);
      out->append("} ");
      prom::AppendTextNumber(TsbsValue(host, field, round, kind), out);
      out->push_back('\n');
    }
  }
}

std::optional<uint32_t> TsbsHostOf(std::string_view labels) {
  constexpr std::string_view kBefore = "hostname=\"host_";
  const size_t begin = labels.find(kBefore);
  if (begin == std::string_view::npos) {
    return std::nullopt;
  }
  uint32_t host = 0;
  const char* digits = labels.data() + begin + kBefore.size();
  const std::from_chars_result read = std::from_chars(digits, labels.data() + labels.size(), host);
  return read.ec == std::errc() ? std::optional(host) : std::nullopt;
}

}  // namespace fluxgate::bench
