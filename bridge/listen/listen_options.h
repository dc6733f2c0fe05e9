// Where the bridge listens, and what one connection may take up.
//
// Units: bytes, seconds, counts.
// Thread: immutable.
#pragma once

#include "bridge/ingest/write_params.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fluxgate {

struct ListenAddress {
  std::string host;   // a name or an address without brackets; empty: all addresses, IPv6 and IPv4
  uint16_t port = 0;  // 0: any free one
  std::string
      network_interface{};  // UDP: where a multicast group is joined; empty: the system's choice

  // Of a unix socket; then host and port mean nothing.
  std::string path{};
  std::optional<uint32_t> mode{};  // of its file; none: as the umask has it
  std::string owner{};             // a name or a number; empty: the process's
  std::string group{};             // a name or a number; empty: the process's

  bool is_unix() const { return !path.empty(); }
};

// Where line protocol comes in without HTTP around it, and what all of it is written as.
struct LineListenOptions {
  ListenAddress address;
  WriteParams params;
};

struct HttpOptions {
  std::vector<ListenAddress> addresses;                       // --web.listen-address
  std::string telemetry_path = "/metrics";                    // --web.telemetry-path
  std::string exporter_telemetry_path = "/metrics/exporter";  // --web.exporter-telemetry-path
  std::string route_prefix{};                                 // --web.route-prefix
  std::string reported_version = "1.8.10";                    // --influxdb.reported-version
  std::vector<std::string> upload_paths = {"/data.cgi", "/upload"};  // --upload.path
  size_t connections_max = 2048;  // --web.max-connections; line streams count too
  // --tcp.listen-address and --unix.listen-path
  std::vector<LineListenOptions> line_streams{};
};

struct UdpOptions {
  std::vector<LineListenOptions> listeners;  // --udp.bind-address
  // --udp.precision: of the listeners that have none of their own
  influx::Precision precision = influx::Precision::kUnspecified;
};

// The sizes of one connection.
inline constexpr size_t kHeadSizeMax = size_t{64}
                                       << 10;  // a request's first line and header; above it 431
inline constexpr size_t kFormSizeMax = size_t{64} << 10;  // a form of /query; above it 413
inline constexpr size_t kIdleBodySizeMax =
    size_t{64} << 10;  // a body nobody wants, read to keep the connection
// Read after an early reply, so that a client that is still sending comes to see it: twice the
// usual limit of a body.
inline constexpr size_t kLingerSizeMax = size_t{64} << 20;

// How long a connection may stand still. Checked about once a second.
inline constexpr uint32_t kIdleSecondsMax = 300;  // between two requests
inline constexpr uint32_t kHeadSecondsMax =
    15;  // from the first byte of a request to the end of its header
inline constexpr uint32_t kBodySecondsMax = 30;  // without a byte of the body
// A body that takes longer than this in all must bring so many bytes a second on average.
inline constexpr uint32_t kBodyGraceSeconds = 60;
inline constexpr uint64_t kBodyRateMin = 32;
inline constexpr uint32_t kReplySecondsMax = 60;  // without a byte of the reply taken
inline constexpr uint32_t kLingerSecondsMax = 5;  // in all, after an early reply

}  // namespace fluxgate
