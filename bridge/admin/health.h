// Says whether fluxgate is alive and ready, to InfluxDB clients, to Prometheus and to containers.
//
// Alive is every state; ready is kReady alone, so that traffic moves elsewhere before writes and
// scrapes end.
// Encodings: JSON bodies as InfluxDB writes them, text bodies as Prometheus does.
// Thread: safe.
// Spec: InfluxDB 1.8 /ping /status, 2.x /health /ready, 3.x /ping; Prometheus /-/healthy /-/ready;
// Kubernetes /healthz /livez /readyz.
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/reply.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace fluxgate {

enum class HealthState : uint8_t { kStarting, kReady, kStopping };

struct HealthOptions {
  std::string reported_version = "1.8.10";  // --influxdb.reported-version
  std::string revision;                     // of fluxgate's source
  std::string process_id{};                 // a UUID; the same as long as the process lives
};

class Health {
 public:
  // `started` is when the process began.
  Health(HealthOptions options, const Now& started);

  void SetState(HealthState state) { state_.store(state, std::memory_order_relaxed); }
  const Now& started() const { return started_; }
  HealthState state() const { return state_.load(std::memory_order_relaxed); }

  // `verbose` is the parameter's value, empty when there is none.
  Reply AnswerPing(std::string_view verbose) const;  // /ping
  Reply AnswerPingV3() const;                        // POST /ping, as InfluxDB 3.x
  Reply AnswerInfluxHealth() const;                  // /health
  Reply AnswerInfluxReady(const Now& now) const;     // /ready
  Reply AnswerInfluxStatus() const { return {}; }    // /status
  Reply AnswerPrometheusHealthy() const;             // /-/healthy
  Reply AnswerPrometheusReady() const;               // /-/ready
  Reply AnswerLivez() const;                         // /livez /healthz
  Reply AnswerReadyz() const;                        // /readyz

 private:
  // 200 when ready, else 503.
  int ReadyStatus() const { return state() == HealthState::kReady ? 200 : 503; }

  const HealthOptions options_;
  const Now started_;
  std::atomic<HealthState> state_{HealthState::kStarting};
};

}  // namespace fluxgate
