// How fast lines are read. An item is a field; the argument is whether tags are left unread, as in
// ingest.
#include "protocol/influx/line_reader.h"

#include "tests/bench/tsbs_fleet.h"

#include <absl/strings/str_format.h>
#include <benchmark/benchmark.h>

#include <string>

namespace fluxgate::bench {
namespace {

constexpr int kLines = 1000;
constexpr int64_t kTimeNs = 1'700'000'000'000'000'000;

std::string TsbsLines() {
  std::string lines;
  for (uint32_t host = 0; host < kLines; ++host) {
    AppendTsbsLine(host, 0, kTimeNs, ValueKind::kInteger, &lines);
  }
  return lines;
}

// What Telegraf's cpu, disk, procstat, system and net plugins send: floats, integers, booleans,
// strings, escapes.
std::string TelegrafLines() {
  std::string lines;
  for (int i = 0; i < kLines / 5; ++i) {
    absl::StrAppendFormat(
        &lines,
        "cpu,cpu=cpu%1$d,host=web\\ %1$d usage_user=%2$.15g,usage_system=1.30123456,"
        "usage_idle=95.0819672131147,usage_iowait=0 %3$d\n",
        i, i * 0.4918032786885, kTimeNs);
    absl::StrAppendFormat(
        &lines,
        "disk,device=sda%1$d,fstype=ext4,host=web\\ %1$d,mode=rw,path=/var/lib/a\\,b "
        "total=105089261568i,free=%2$di,used_percent=43.16127204859 %3$d\n",
        i, 59'000'000'000 + i, kTimeNs);
    absl::StrAppendFormat(
        &lines,
        "procstat,exe=mysqld,host=db%1$d,pidfile=/run/mysqld.pid "
        "cmdline=\"mysqld --init=\\\"SET a, b\\\" --x=1\",pid=%1$di,realtime=false,"
        "cpu_usage=3.57 %2$d\n",
        i, kTimeNs);
    absl::StrAppendFormat(&lines,
                          "system,host=web%1$d load1=0.%1$d,load5=1.07,load15=1.12,n_cpus=8u,"
                          "uptime_format=\"12 days,  4:05\",healthy=true %2$d\n",
                          i, kTimeNs);
    absl::StrAppendFormat(
        &lines,
        "net,host=web%1$d,interface=eth0 bytes_sent=%1$d97531i,bytes_recv=86420%1$di,"
        "drop_in=0i,err_in=0i\n",
        i);
  }
  return lines;
}

void Read(benchmark::State& state, const std::string& lines) {
  influx::ReaderOptions options;
  options.default_time_ns = kTimeNs;
  options.defer_tags = state.range(0) != 0;
  influx::LineReader reader(options);
  size_t fields = 0;
  for ([[maybe_unused]] auto iteration : state) {
    reader.SetInput(lines, true);
    for (;;) {
      const influx::LineReader::Result result = reader.Next();
      if (result == influx::LineReader::Result::kError) {
        state.SkipWithError("a bad line");
        return;
      }
      if (result != influx::LineReader::Result::kPoint) {
        break;
      }
      benchmark::DoNotOptimize(reader.point());
      fields += reader.point().fields.size();
    }
  }
  state.SetItemsProcessed(static_cast<int64_t>(fields));
  state.SetBytesProcessed(state.iterations() * static_cast<int64_t>(lines.size()));
}

void ReadTsbs(benchmark::State& state) {
  Read(state, TsbsLines());
}
void ReadTelegraf(benchmark::State& state) {
  Read(state, TelegrafLines());
}

BENCHMARK(ReadTsbs)->Arg(1)->Arg(0);
BENCHMARK(ReadTelegraf)->Arg(1)->Arg(0);

}  // namespace
}  // namespace fluxgate::bench
