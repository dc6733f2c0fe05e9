#include "bridge/telemetry/process_metrics.h"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <array>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace fluxgate {
namespace {

using prometheus::MetricType;

// The fields of /proc/self/stat behind the program's name: that one may hold anything, blanks and
// brackets too.
constexpr size_t kUserTicks = 11;
constexpr size_t kSystemTicks = 12;
constexpr size_t kThreads = 17;
constexpr size_t kStartTicks = 19;
constexpr size_t kVirtualBytes = 20;
constexpr size_t kResidentPages = 21;
constexpr size_t kFieldCount = 22;

std::optional<std::array<double, kFieldCount>> ReadStat() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream rest(text.substr(name_end + 1));
  std::string state;
  rest >> state;
  std::array<double, kFieldCount> fields{};
  for (size_t index = 1; index < kFieldCount; ++index) {
    rest >> fields[index];
  }
  return rest ? std::optional(fields) : std::nullopt;
}

// Seconds since the epoch when the machine started.
double BootTime() {
  std::ifstream file("/proc/stat");
  std::string word;
  while (file >> word) {
    if (word == "btime") {
      double seconds = 0;
      file >> seconds;
      return seconds;
    }
  }
  return 0;
}

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

std::optional<double> OpenFileCount() {
  const std::unique_ptr<DIR, CloseFolder> folder(opendir("/proc/self/fd"));
  if (folder == nullptr) {
    return std::nullopt;
  }
  double count = 0;
  while (const dirent* entry = readdir(folder.get())) {
    count += entry->d_name[0] == '.' ? 0 : 1;
  }
  return count - 1;  // the folder itself
}

class Families {
 public:
  void Add(const char* name, const char* help, MetricType type, double value) {
    prometheus::ClientMetric metric;
    metric.counter.value = value;
    metric.gauge.value = value;
    families_.push_back({name, help, type, {metric}});
  }
  std::vector<prometheus::MetricFamily> Take() { return std::move(families_); }

 private:
  std::vector<prometheus::MetricFamily> families_;
};

}  // namespace

std::vector<prometheus::MetricFamily> ProcessMetrics::Collect() const {
  Families families;
  if (const auto stat = ReadStat()) {
    const auto ticks_per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
    const auto page_size = static_cast<double>(sysconf(_SC_PAGESIZE));
    families.Add("process_cpu_seconds_total", "Total user and system CPU time spent in seconds.",
                 MetricType::Counter,
                 ((*stat)[kUserTicks] + (*stat)[kSystemTicks]) / ticks_per_second);
    families.Add("process_start_time_seconds",
                 "Start time of the process since unix epoch in seconds.", MetricType::Gauge,
                 BootTime() + (*stat)[kStartTicks] / ticks_per_second);
    families.Add("process_virtual_memory_bytes", "Virtual memory size in bytes.", MetricType::Gauge,
                 (*stat)[kVirtualBytes]);
    families.Add("process_resident_memory_bytes", "Resident memory size in bytes.",
                 MetricType::Gauge, (*stat)[kResidentPages] * page_size);
    families.Add("process_threads", "Number of OS threads in the process.", MetricType::Gauge,
                 (*stat)[kThreads]);
  }
  if (const auto count = OpenFileCount()) {
    families.Add("process_open_fds", "Number of open file descriptors.", MetricType::Gauge, *count);
  }
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    families.Add("process_max_fds", "Maximum number of open file descriptors.", MetricType::Gauge,
                 static_cast<double>(limit.rlim_cur));
  }
  return families.Take();
}

}  // namespace fluxgate
