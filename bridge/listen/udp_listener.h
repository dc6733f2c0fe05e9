// Receives line protocol over UDP: one datagram is one batch.
//
// Lifetime: uses the ingest, clock and context of its maker. Before it ends, its group must be
// empty and the context at rest.
// Errors: of Listen() only.
// Bounds: kDatagramsPerCall buffers of 64 KiB, touched as far as datagrams fill them.
// Thread: safe once Start() has returned; datagrams are taken on the context's thread.
// Spec: recvmmsg(2).
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/ingest.h"
#include "bridge/listen/listen_options.h"
#include "bridge/listen/task_group.h"

#include <absl/status/status.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace fluxgate {

class UdpListener {
 public:
  static constexpr size_t kDatagramsPerCall = 64;

  UdpListener(const LineListenOptions& options, Ingest* ingest, const Clock* clock,
              boost::asio::io_context* context, TaskGroup* group);
  ~UdpListener();
  UdpListener(const UdpListener&) = delete;
  UdpListener& operator=(const UdpListener&) = delete;

  absl::Status Listen();
  std::string address() const;
  void Start();

  // Takes the datagrams that have already come in, then stops.
  void Stop();

  uint64_t datagram_count() const;

  // Datagrams that the kernel threw away because its buffer was full.
  uint64_t lost_count() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace fluxgate
