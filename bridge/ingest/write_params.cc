#include "bridge/ingest/write_params.h"

#include "protocol/prometheus/duration.h"
#include "protocol/prometheus/utf8.h"

#include "bridge/cache/group_registry.h"
#include "bridge/ingest/url_query.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>

namespace fluxgate {
namespace {

constexpr std::string_view kConsistencyLevels[] = {"", "any", "one", "quorum", "all"};

std::string Find(std::string_view query, std::string_view name) {
  return FindUrlParameter(query, name).value_or("");
}

// InfluxDB 1.x knows u, and read us as ns. The Go client for 1.x knows no u; told us, it sends
// nanoseconds. Other clients mean microseconds.
constexpr std::string_view kAmbiguousInV1 = "us";

std::optional<Reply> ParseV1(std::string_view query, WriteParams* params) {
  params->database = Find(query, "db");
  params->retention_policy = Find(query, "rp");
  const std::string precision_name = Find(query, "precision");
  const std::optional<influx::Precision> precision = influx::ParsePrecision(precision_name);
  if (!precision) {
    return V1Error(400, "invalid precision \"" + precision_name + "\" (use n, u, ms, s, m or h)");
  }
  params->precision =
      precision_name == kAmbiguousInV1 ? influx::Precision::kMicrosecondOrNanosecond : *precision;
  const std::string consistency = absl::AsciiStrToLower(Find(query, "consistency"));
  if (std::ranges::find(kConsistencyLevels, consistency) == std::end(kConsistencyLevels)) {
    return V1Error(400, "invalid consistency level");
  }
  return std::nullopt;
}

std::optional<Reply> ParseV2(std::string_view query, WriteParams* params) {
  const std::string bucket = Find(query, "bucket");
  const size_t slash = std::min(bucket.find('/'), bucket.size());
  params->database = bucket.substr(0, slash);
  params->retention_policy = bucket.substr(std::min(slash + 1, bucket.size()));
  params->org = Find(query, "org");
  const auto precision = influx::ParsePrecision(Find(query, "precision"));
  if (!precision) {
    return V2Error(400, "invalid precision; valid precision units are ns, us, ms, and s");
  }
  params->precision = *precision;
  return std::nullopt;
}

std::optional<Reply> ParseV3(std::string_view query, WriteParams* params) {
  params->database = Find(query, "db");
  const std::string precision_name = Find(query, "precision");
  const auto precision = influx::ParsePrecision(precision_name);
  if (!precision) {
    return V3Error(400, "invalid precision \"" + precision_name +
                            "\" (use auto, second, millisecond, microsecond or nanosecond)");
  }
  params->precision = *precision;
  const std::string accept_partial = Find(query, "accept_partial");
  if (accept_partial != "" && accept_partial != "true" && accept_partial != "false") {
    return V3Error(400, "accept_partial is neither true nor false: " + accept_partial);
  }
  params->accept_partial = accept_partial != "false";
  return std::nullopt;
}

std::optional<Reply> ParseApi(std::string_view query, WriteParams* params) {
  switch (params->protocol) {
    case WriteProtocol::kHttpV2:
      return ParseV2(query, params);
    case WriteProtocol::kHttpV3:
      return ParseV3(query, params);
    case WriteProtocol::kHttpV1:
    case WriteProtocol::kUdp:
    case WriteProtocol::kTcp:
    case WriteProtocol::kUnix:
    case WriteProtocol::kUpload:
      break;
  }
  return ParseV1(query, params);
}

// What no API of InfluxDB has: `group` and `ttl`. Returns what is wrong with them, or nothing.
std::string_view ParseGroup(std::string_view query, WriteParams* params) {
  const std::optional<std::string> group = FindUrlParameter(query, "group");
  const std::optional<std::string> ttl = FindUrlParameter(query, "ttl");
  if (ttl && !group) {
    return "ttl without a group";
  }
  if (!group) {
    return {};
  }
  if (group->empty() || group->size() > GroupRegistry::kNameSizeMax || !prom::IsUtf8(*group)) {
    return "invalid group: a name is UTF-8 of 1 to 200 bytes";
  }
  params->group = *group;
  params->is_current = true;
  if (ttl) {
    params->group_lifetime_ns = prom::ParseDuration(*ttl).value_or(0);
    if (params->group_lifetime_ns <= 0) {
      return "invalid ttl: not a duration above 0 (such as 90m)";
    }
  }
  return {};
}

}  // namespace

std::string_view Name(WriteProtocol protocol) {
  constexpr std::array<std::string_view, kWriteProtocolCount> kNames = {
      "http_v1", "http_v2", "http_v3", "udp", "tcp", "unix", "upload"};
  return kNames[static_cast<size_t>(protocol)];
}

std::optional<Reply> ParseWriteParams(WriteProtocol protocol, std::string_view query,
                                      WriteParams* params) {
  *params = {};
  params->protocol = protocol;
  params->is_current = protocol == WriteProtocol::kUpload;
  if (std::optional<Reply> error = ParseApi(query, params)) {
    return error;
  }
  const std::string_view wrong = ParseGroup(query, params);
  return wrong.empty() ? std::nullopt : std::optional(ProtocolError(protocol, 400, wrong));
}

Reply ProtocolError(WriteProtocol protocol, int status, std::string_view message) {
  return protocol == WriteProtocol::kHttpV2   ? V2Error(status, message)
         : protocol == WriteProtocol::kHttpV3 ? V3Error(status, message)
                                              : V1Error(status, message);
}

}  // namespace fluxgate
