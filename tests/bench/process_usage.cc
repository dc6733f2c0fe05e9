#include "tests/bench/process_usage.h"

#include <absl/strings/str_format.h>

#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

namespace fluxgate::bench {
namespace {

std::string ReadProc(pid_t pid, const char* name) {
  std::ifstream file(absl::StrFormat("/proc/%d/%s", pid, name));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// `name` is as in status: "VmRSS:".
uint64_t BytesOf(const std::string& status, std::string_view name) {
  const size_t at = status.find(name);
  return at == std::string::npos ? 0 : std::stoull(status.substr(at + name.size())) * 1024;
}

}  // namespace

std::optional<ProcessUsage> ReadProcessUsage(pid_t pid) {
  const std::string stat = ReadProc(pid, "stat");
  // The second field is the name, in parentheses, which may hold anything.
  const size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) {
    return std::nullopt;
  }
  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  constexpr int kFieldsBeforeUserTime = 11;
  for (int i = 0; i < kFieldsBeforeUserTime; ++i) {
    fields >> skipped;
  }
  double user_ticks = 0;
  double system_ticks = 0;
  fields >> user_ticks >> system_ticks;
  const std::string status = ReadProc(pid, "status");
  ProcessUsage usage;
  usage.cpu_s = (user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  usage.resident = BytesOf(status, "VmRSS:");
  usage.resident_peak = BytesOf(status, "VmHWM:");
  return usage;
}

}  // namespace fluxgate::bench
