#include "tests/bench/write_plan.h"

#include "bridge/expose/gzip_stream.h"

#include <absl/strings/str_format.h>

namespace fluxgate::bench {
namespace {

std::string Gzip(std::string_view text) {
  std::string compressed;
  GzipStream().Append(text, true, &compressed);
  return compressed;
}

std::string RequestOf(const WriteLoad& load, const std::string& lines) {
  if (load.path.empty()) {
    return lines;
  }
  const std::string body = load.gzip ? Gzip(lines) : lines;
  return absl::StrFormat(
      "POST %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: load_generator\r\n%sContent-Length: "
      "%d\r\n\r\n%s",
      load.path, load.gzip ? "Content-Encoding: gzip\r\n" : "", body.size(), body);
}

uint64_t DivideUp(uint64_t count, uint64_t by) {
  return (count + by - 1) / by;
}

}  // namespace

WritePlan::WritePlan(const WriteLoad& load, uint32_t host_begin, uint32_t host_end)
    : host_begin_(host_begin), host_end_(host_end), lines_per_request_(load.lines_per_request) {
  const uint64_t requests = DivideUp(uint64_t{host_count()} * load.rounds, load.lines_per_request);
  const Fleet& fleet = FleetOf(load.kind);
  std::string lines;
  uint64_t samples = 0;
  for (uint64_t line = 0; line < requests * load.lines_per_request; ++line) {
    const uint32_t host = host_begin + static_cast<uint32_t>(line % host_count());
    fleet.AppendLine(host, static_cast<uint32_t>(line / host_count()), load.time_ns, &lines);
    samples += fleet.SampleCount(host);
    if ((line + 1) % load.lines_per_request == 0) {
      requests_.push_back(RequestOf(load, lines));
      samples_.push_back(samples);
      lines.clear();
      samples = 0;
    }
  }
}

uint64_t WritePlan::requests_per_round() const {
  return DivideUp(host_count(), lines_per_request_);
}

void WritePlan::NoteLastRounds(uint64_t sent, std::vector<uint32_t>* last_rounds) const {
  const uint64_t cycle = requests_.size() * lines_per_request_;
  const uint64_t into_cycle = sent % requests_.size() * lines_per_request_;
  for (uint32_t i = 0; i < host_count(); ++i) {
    // The last line of host i before the end of what was sent: of this cycle, or else of the one
    // before.
    const uint64_t end = into_cycle > i ? into_cycle : cycle;
    (*last_rounds)[host_begin_ + i] = static_cast<uint32_t>((end - 1 - i) / host_count());
  }
}

}  // namespace fluxgate::bench
