#include "bridge/runtime/runtime.h"

#include "bridge/base/log.h"
#include "bridge/config/version.h"
#include "bridge/runtime/stages.h"
#include "bridge/upload/report_rules_file.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <signal.h>
#include <string>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::chrono::seconds kSweepInterval{1};
constexpr std::chrono::seconds kDrainTimeMax{5};

void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

void SetSignalHandler(int signal_number, void (*handler)(int)) {
  struct sigaction action{};
  action.sa_handler = handler;
  sigaction(signal_number, &action, nullptr);
}

void ExitAtOnce(int signal_number) {
  _exit(128 + signal_number);
}

std::string Join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    joined.append(joined.empty() ? "" : ",").append(text);
  }
  return joined;
}

// The main thread: waits for signals, sweeps the cache, and stops the stages in order.
class Supervisor {
 public:
  Supervisor(Stages* stages, int64_t shutdown_delay_ns)
      : stages_(stages), shutdown_delay_(shutdown_delay_ns) {}

  // Returns when the bridge has stopped.
  void Run() {
    signals_.async_wait([this](const error_code& error, int signal_number) {
      if (!error) {
        BeginStop(signal_number);
      }
    });
    ArmSweep();
    context_.run();
  }

 private:
  void ArmSweep() {
    sweep_.expires_after(kSweepInterval);
    sweep_.async_wait([this](const error_code& error) {
      if (!error) {
        stages_->Sweep();
        ArmSweep();
      }
    });
  }

  void BeginStop(int signal_number) {
    stages_->health().SetState(HealthState::kStopping);
    // The set must let go of the signals first. Not the default action: the kernel spares process 1
    // that.
    error_code ignored;
    signals_.clear(ignored);
    SetSignalHandler(SIGTERM, &ExitAtOnce);
    SetSignalHandler(SIGINT, &ExitAtOnce);
    Log(LogLevel::kInfo, "stopping", {{"signal", std::to_string(signal_number)}});
    phase_.expires_after(shutdown_delay_);
    phase_.async_wait([this](const error_code& /*error*/) { BeginDrain(); });
  }

  void BeginDrain() {
    stages_->Drain();
    stages_->tasks().WhenEmpty([this] { asio::post(context_, [this] { EndStop(); }); });
    phase_.expires_after(kDrainTimeMax);
    phase_.async_wait([this](const error_code& error) {
      if (!error) {
        Log(LogLevel::kWarn, "requests took too long to finish",
            {{"connections", std::to_string(stages_->connection_count())}});
        EndStop();
      }
    });
  }

  void EndStop() {
    phase_.cancel();
    sweep_.cancel();
    context_.stop();
  }

  Stages* const stages_;
  const std::chrono::nanoseconds shutdown_delay_;
  asio::io_context context_{1};
  asio::signal_set signals_{context_, SIGTERM, SIGINT};
  asio::steady_timer sweep_{context_};
  asio::steady_timer phase_{context_};
};

}  // namespace

int RunBridge(const Config& config) {
  ConfigureLog(config.log.level, config.log.format);
  SetSignalHandler(SIGPIPE, SIG_IGN);
  RaiseFileLimit();
  absl::StatusOr<ReportRules> report_rules = LoadReportRules(config.upload);
  if (!report_rules.ok()) {
    Log(LogLevel::kError, "cannot start", {{"err", std::string(report_rules.status().message())}});
    return 1;
  }
  Stages stages(config, *std::move(report_rules));
  if (const absl::Status status = stages.Listen(); !status.ok()) {
    Log(LogLevel::kError, "cannot start", {{"err", std::string(status.message())}});
    return 1;
  }
  // Before the threads start, so that a signal that comes early is not lost.
  Supervisor supervisor(&stages, config.runtime.shutdown_delay_ns);
  stages.Start();
  Log(LogLevel::kInfo, "started",
      {{"version", std::string(Version())},
       {"revision", std::string(Revision())},
       {"http", Join(stages.http_addresses())},
       {"udp", Join(stages.udp_addresses())},
       {"lines", Join(stages.line_addresses())}});
  supervisor.Run();
  stages.Stop();
  Log(LogLevel::kInfo, "stopped");
  return 0;
}

}  // namespace fluxgate
