// Everything that can be set, as the stages want it.
//
// Only main and runtime see a Config; each stage gets its own part.
// Thread: immutable once parsed.
#pragma once

#include "protocol/influx/precision.h"

#include "bridge/base/log.h"
#include "bridge/cache/cache_options.h"
#include "bridge/expose/expose_options.h"
#include "bridge/ingest/ingest_options.h"
#include "bridge/listen/listen_options.h"
#include "bridge/mapping/mapping_options.h"
#include "bridge/upload/upload_options.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fluxgate {

struct LogOptions {
  LogLevel level = LogLevel::kInfo;       // --log.level
  LogFormat format = LogFormat::kLogfmt;  // --log.format
};

struct RuntimeOptions {
  unsigned threads = 0;           // --runtime.threads; 0: one for each core
  int64_t shutdown_delay_ns = 0;  // --shutdown.delay
};

struct Config {
  HttpOptions http{.addresses = {{.host = {}, .port = 9122}}};
  UdpOptions udp{.listeners = {{.address = {.host = {}, .port = 9122},
                                .params = {WriteProtocol::kUdp, {}, {}, {}, {}}}}};
  IngestOptions ingest;
  UploadOptions upload;
  CacheOptions cache;
  MappingOptions mapping;
  ExposeOptions expose;
  RuntimeOptions runtime;
  LogOptions log;
};

// What only `fluxgate explain` can be told.
struct ExplainRequest {
  influx::Precision precision = influx::Precision::kUnspecified;  // --precision
  std::optional<int64_t> now_ns;                                  // --now-ns
  std::vector<std::string> paths;                                 // empty: standard input
};

}  // namespace fluxgate
