#include "bridge/config/flag_table.h"

#include "protocol/prometheus/duration.h"

#include "bridge/config/address.h"
#include "bridge/config/byte_size.h"

#include <absl/status/statusor.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

absl::Status Invalid(std::string_view value, std::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrFormat("\"%s\" is not %s", value, wanted));
}

// Stores what was parsed, or says what was wanted.
template <typename Parsed, typename Target>
absl::Status Store(const std::optional<Parsed>& parsed, std::string_view value,
                   std::string_view wanted, Target* target) {
  if (!parsed) {
    return Invalid(value, wanted);
  }
  *target = static_cast<Target>(*parsed);
  return absl::OkStatus();
}

absl::Status SetDuration(std::string_view value, int64_t* target) {
  return Store(prom::ParseDuration(value), value, "a duration (such as 5m, 1h30m or 500ms)",
               target);
}

absl::Status SetLifetime(std::string_view value, int64_t* target) {
  absl::Status status = SetDuration(value, target);
  return status.ok() && *target == 0 ? Invalid(value, "a duration above 0") : status;
}

absl::Status SetSize(std::string_view value, auto* target) {
  return Store(ParseByteSize(value), value, "a size (such as 1024, 64KiB or 32MB)", target);
}

// A line is held in memory as a whole.
absl::Status SetLineSize(std::string_view value, size_t* target) {
  constexpr size_t kLineSizeMax = size_t{64} << 20;
  size_t size = 0;
  if (absl::Status status = SetSize(value, &size); !status.ok()) {
    return status;
  }
  if (size == 0 || size > kLineSizeMax) {
    return Invalid(value, "a size from 1 to 64MiB");
  }
  *target = size;
  return absl::OkStatus();
}

absl::Status SetCount(std::string_view value, uint64_t count_min, uint64_t count_max,
                      auto* target) {
  uint64_t count = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count < count_min || count > count_max) {
    return Invalid(value, absl::StrFormat("a number from %d to %d", count_min, count_max));
  }
  *target = static_cast<std::remove_pointer_t<decltype(target)>>(count);
  return absl::OkStatus();
}

template <typename Choice, size_t kCount>
absl::Status SetChoice(std::string_view value,
                       const std::array<std::pair<std::string_view, Choice>, kCount>& choices,
                       Choice* target) {
  std::string names;
  for (const auto& [name, choice] : choices) {
    if (value == name) {
      *target = choice;
      return absl::OkStatus();
    }
    names.append(names.empty() ? "" : ", ").append(name);
  }
  return Invalid(value, "one of " + names);
}

absl::Status SetSwitch(std::string_view value, bool* target) {
  static constexpr std::array<std::pair<std::string_view, bool>, 6> kChoices = {
      {{"true", true}, {"false", false}, {"1", true}, {"0", false}, {"t", true}, {"f", false}}};
  return SetChoice(value, kChoices, target);
}

absl::Status SetPath(std::string_view value, std::string* target) {
  const bool is_path = value.starts_with('/') && std::ranges::all_of(value, [](char byte) {
                         return byte > 0x20 && byte < 0x7f && byte != '?' && byte != '#';
                       });
  if (!is_path) {
    return Invalid(value, "a path (such as /metrics)");
  }
  *target = std::string(value);
  return absl::OkStatus();
}

absl::Status SetPathPrefix(std::string_view value, std::string* target) {
  absl::Status status = SetPath(value, target);
  while (target->ends_with('/')) {
    target->pop_back();
  }
  return status;
}

absl::Status AddDatabase(std::string_view value, std::vector<std::string>* databases) {
  if (value.empty() || value.size() > IngestOptions::kDatabaseNameMax) {
    return Invalid(value, "a name of at most 255 bytes");
  }
  databases->emplace_back(value);
  return absl::OkStatus();
}

absl::Status AddListenAddress(std::string_view value, Config* config) {
  absl::StatusOr<ListenAddress> address = ParseStreamAddress(value);
  if (address.ok()) {
    config->http.addresses.push_back(*std::move(address));
  }
  return address.status();
}

absl::Status AddLineListener(WriteProtocol protocol, std::string_view value,
                             std::vector<LineListenOptions>* listeners) {
  absl::StatusOr<LineListenOptions> listener = ParseLineListener(protocol, value);
  if (listener.ok()) {
    listeners->push_back(*std::move(listener));
  }
  return listener.status();
}

// Nothing switches UDP off.
absl::Status AddUdpListener(std::string_view value, Config* config) {
  return value.empty() ? absl::OkStatus()
                       : AddLineListener(WriteProtocol::kUdp, value, &config->udp.listeners);
}

constexpr std::array<std::pair<std::string_view, LogLevel>, 4> kLogLevels = {{
    {"debug", LogLevel::kDebug},
    {"info", LogLevel::kInfo},
    {"warn", LogLevel::kWarn},
    {"error", LogLevel::kError},
}};
constexpr std::array<std::pair<std::string_view, LogFormat>, 2> kLogFormats = {{
    {"logfmt", LogFormat::kLogfmt},
    {"json", LogFormat::kJson},
}};
constexpr std::array<std::pair<std::string_view, ExpiryClock>, 2> kExpiryClocks = {{
    {"receive", ExpiryClock::kReceive},
    {"sample", ExpiryClock::kSample},
}};

constexpr uint64_t kCountMax = std::numeric_limits<int64_t>::max();

// Captureless lambdas, so that the rows stay in one place.
constexpr Flag kFlags[] = {
    {"web.listen-address", FlagKind::kRepeated, "ADDRESS",
     "Address to take writes and scrapes on, or unix:/path?mode=0660&owner=user&group=group; may "
     "be repeated. Default :9122.",
     [](std::string_view value, Config* config) { return AddListenAddress(value, config); }},
    {"web.telemetry-path", FlagKind::kValue, "PATH",
     "Path of the bridged metrics. Default /metrics.",
     [](std::string_view value, Config* config) {
       return SetPath(value, &config->http.telemetry_path);
     }},
    {"web.exporter-telemetry-path", FlagKind::kValue, "PATH",
     "Path of fluxgate's own metrics. Default /metrics/exporter.",
     [](std::string_view value, Config* config) {
       return SetPath(value, &config->http.exporter_telemetry_path);
     }},
    {"web.route-prefix", FlagKind::kValue, "PATH",
     "Path that all others are below. With / what writers use is found below any path too. "
     "Default /.",
     [](std::string_view value, Config* config) {
       return SetPathPrefix(value, &config->http.route_prefix);
     }},
    {"web.max-body-size", FlagKind::kValue, "SIZE",
     "Largest body of a write as sent. Default 32MiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->ingest.body_size_max);
     }},
    {"web.max-inflated-size", FlagKind::kValue, "SIZE",
     "Largest body of a write when decompressed. Default 256MiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->ingest.inflated_size_max);
     }},
    {"web.max-request-memory", FlagKind::kValue, "SIZE",
     "Memory of large requests (held bodies, windows of decoders) together; beyond it 503. 0: no "
     "limit. Default 1GiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->ingest.request_memory_max);
     }},
    {"web.max-connections", FlagKind::kValue, "COUNT",
     "Connections served at a time; more are answered 503. Default 2048.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 1, kCountMax, &config->http.connections_max);
     }},
    {"influxdb.sample-expiry", FlagKind::kValue, "DURATION",
     "How long a sample is shown after it came in. Default 5m.",
     [](std::string_view value, Config* config) {
       return SetDuration(value, &config->cache.sample_expiry_ns);
     }},
    {"influxdb.expiry-clock", FlagKind::kValue, "receive|sample",
     "Whether a sample's age counts from its arrival or from its own time. Default receive.",
     [](std::string_view value, Config* config) {
       return SetChoice(value, kExpiryClocks, &config->cache.expiry_clock);
     }},
    {"influxdb.group-expiry", FlagKind::kValue, "DURATION",
     "How long what was written to a group (?group=) is shown, if the write does not say. Default "
     "25h.",
     [](std::string_view value, Config* config) {
       return SetLifetime(value, &config->cache.group_expiry_ns);
     }},
    {"influxdb.max-sample-age", FlagKind::kValue, "DURATION",
     "A point older than this on arrival is accepted but not shown; 0 shows all. Default: the "
     "larger of 1h and the sample expiry.",
     [](std::string_view value, Config* config) {
       return SetDuration(value, &config->cache.sample_age_max_ns);
     }},
    {"influxdb.max-line-size", FlagKind::kValue, "SIZE",
     "Longest line; longer ones are rejected. Default 1MiB.",
     [](std::string_view value, Config* config) {
       return SetLineSize(value, &config->ingest.line_size_max);
     }},
    {"influxdb.max-atomic-size", FlagKind::kValue, "SIZE",
     "Largest body, decompressed, of a 3.x write with accept_partial=false. Default 16MiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->ingest.atomic_size_max);
     }},
    {"influxdb.strict", FlagKind::kSwitch, "",
     "Read lines as InfluxDB 1.x does: no CRLF, no bare values, no detection of the precision.",
     [](std::string_view value, Config* config) {
       return SetSwitch(value, &config->ingest.strict);
     }},
    {"influxdb.reported-version", FlagKind::kValue, "VERSION",
     "The InfluxDB version that writers are told. Default 1.8.10.",
     [](std::string_view value, Config* config) {
       config->http.reported_version = std::string(value);
       return absl::OkStatus();
     }},
    {"influxdb.database", FlagKind::kRepeated, "NAME",
     "Database that exists from the start, for writers that neither make theirs nor write to one "
     "that is not listed; may be repeated. Default: none.",
     [](std::string_view value, Config* config) {
       return AddDatabase(value, &config->ingest.databases);
     }},
    {"influxdb.max-series", FlagKind::kValue, "COUNT",
     "Series kept at a time; new ones above it are dropped; 0 is no limit. Default 10000000.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 0, kCountMax, &config->cache.series_max);
     }},
    {"influxdb.max-series-per-database", FlagKind::kValue, "COUNT",
     "The same for each database; 0 is no limit. Default 0.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 0, kCountMax, &config->cache.series_per_database_max);
     }},
    {"influxdb.max-series-per-measurement", FlagKind::kValue, "COUNT",
     "The same for each measurement; 0 is no limit. Default 0.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 0, kCountMax, &config->cache.series_per_measurement_max);
     }},
    {"influxdb.max-labels", FlagKind::kValue, "COUNT", "Labels of one series. Default 256.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 0, kCountMax, &config->mapping.labels_per_series_max);
     }},
    {"influxdb.max-label-name-size", FlagKind::kValue, "SIZE", "Longest label name. Default 1KiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->mapping.label_name_size_max);
     }},
    {"influxdb.max-label-value-size", FlagKind::kValue, "SIZE",
     "Longest label value. Default 8KiB.",
     [](std::string_view value, Config* config) {
       return SetSize(value, &config->mapping.label_value_size_max);
     }},
    {"udp.bind-address", FlagKind::kOptionalRepeated, "ADDRESS",
     "Address to take line protocol over UDP on, as :9122?db=x&rp=y&precision=ms; a multicast "
     "group "
     "is joined (&interface=eth0); ?preset=collectd; may be repeated; empty switches UDP off. "
     "Default :9122.",
     [](std::string_view value, Config* config) { return AddUdpListener(value, config); }},
    {"udp.precision", FlagKind::kOptional, "PRECISION",
     "Unit of timestamps that come over UDP: ns, us, ms, s, m or h. Default: detected.",
     [](std::string_view value, Config* config) {
       return Store(influx::ParsePrecision(value), value, "a precision (ns, us, ms, s, m or h)",
                    &config->udp.precision);
     }},
    {"tcp.listen-address", FlagKind::kRepeated, "ADDRESS",
     "Address to take streams of line protocol over TCP on, as :9123?db=x&rp=y&precision=ms; may "
     "be repeated. Default: none.",
     [](std::string_view value, Config* config) {
       return AddLineListener(WriteProtocol::kTcp, value, &config->http.line_streams);
     }},
    {"unix.listen-path", FlagKind::kRepeated, "PATH",
     "Unix socket to take streams of line protocol on, as "
     "/run/lines.sock?db=x&precision=ms&mode=0660&owner=user&group=group; may be repeated. "
     "Default: none.",
     [](std::string_view value, Config* config) {
       return AddLineListener(WriteProtocol::kUnix, value, &config->http.line_streams);
     }},
    {"upload.path", FlagKind::kRepeated, "PATH",
     "Path that takes files and forms with files; may be repeated. Default /data.cgi and /upload.",
     [](std::string_view value, Config* config) {
       return SetPath(value, &config->http.upload_paths.emplace_back());
     }},
    {"upload.config", FlagKind::kValue, "FILE",
     "Rules that turn the lines of reports into points (YAML). Default: none.",
     [](std::string_view value, Config* config) {
       config->upload.config_path = std::string(value);
       return value.empty() ? Invalid(value, "a file") : absl::OkStatus();
     }},
    {"timestamps", FlagKind::kSwitch, "", "Export the timestamps of points.",
     [](std::string_view value, Config* config) {
       return SetSwitch(value, &config->expose.timestamps);
     }},
    {"shutdown.delay", FlagKind::kValue, "DURATION",
     "How long to go on after SIGTERM, not ready, so that a last scrape can come. Default 0.",
     [](std::string_view value, Config* config) {
       return SetDuration(value, &config->runtime.shutdown_delay_ns);
     }},
    {"log.level", FlagKind::kValue, "debug|info|warn|error",
     "Least severe messages to log. Default info.",
     [](std::string_view value, Config* config) {
       return SetChoice(value, kLogLevels, &config->log.level);
     }},
    {"log.format", FlagKind::kValue, "logfmt|json", "Form of the log. Default logfmt.",
     [](std::string_view value, Config* config) {
       return SetChoice(value, kLogFormats, &config->log.format);
     }},
    {"runtime.threads", FlagKind::kValue, "COUNT",
     "Threads that serve connections; 0 is one for each core. Default 0.",
     [](std::string_view value, Config* config) {
       return SetCount(value, 0, 1024, &config->runtime.threads);
     }},
};

}  // namespace

std::span<const Flag> Flags() {
  return kFlags;
}

std::string EnvironmentName(std::string_view flag_name) {
  std::string name = "FLUXGATE_";
  for (const char byte : flag_name) {
    const bool is_letter = byte >= 'a' && byte <= 'z';
    name.push_back(is_letter ? static_cast<char>(byte - 'a' + 'A') : '_');
  }
  return name;
}

}  // namespace fluxgate
