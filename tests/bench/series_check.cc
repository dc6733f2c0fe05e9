#include "tests/bench/series_check.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>

namespace fluxgate::bench {
namespace {

constexpr size_t kLineSizeMax = size_t{64} << 10;

}  // namespace

SeriesCheck::SeriesCheck(const std::vector<uint32_t>* last_rounds, LineKind kind)
    : last_rounds_(*last_rounds),
      fleet_(FleetOf(kind)),
      seen_(last_rounds->size() * fleet_.families().size()),
      entered_(fleet_.families().size()),
      family_(fleet_.families().size()) {}

void SeriesCheck::Take(std::string_view bytes) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) {
      partial_.append(bytes.substr(0, kLineSizeMax - std::min(kLineSizeMax, partial_.size())));
      return;
    }
    if (partial_.empty()) {
      TakeLine(bytes.substr(0, end));
    } else {
      partial_.append(bytes.substr(0, end));
      TakeLine(partial_);
      partial_.clear();
    }
    bytes.remove_prefix(end + 1);
  }
}

void SeriesCheck::TakeLine(std::string_view line) {
  if (!fleet_.Owns(line)) {
    return;
  }
  const std::string_view complaint = Complaint(line);
  if (complaint.empty()) {
    ++series_;
  } else if (bad_lines_++ == 0) {
    first_complaint_ = absl::StrFormat("%s: %s", complaint, line.substr(0, 400));
  }
}

std::string_view SeriesCheck::Complaint(std::string_view line) {
  const size_t open = line.find('{');
  const size_t close = line.rfind("} ");
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) {
    return "no sample of this load";
  }
  if (!EnterFamily(line.substr(0, open))) {
    return "no family of this load, or not in one piece";
  }
  const std::string_view labels = line.substr(open + 1, close - open - 1);
  const std::optional<uint32_t> host = fleet_.HostOf(labels);
  if (!host || *host >= last_rounds_.size()) {
    return "no host of this load";
  }
  labels_.clear();
  fleet_.AppendLabels(*host, &labels_);
  if (labels != labels_) {
    return "wrong labels";
  }
  double value = 0;
  const std::string_view text = line.substr(close + 2);
  const std::from_chars_result read =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() ||
      value != fleet_.Value(*host, family_, last_rounds_[*host])) {
    return "not the value that was sent last";
  }
  std::vector<bool>::reference seen = seen_[family_ * last_rounds_.size() + *host];
  if (seen) {
    return "seen before";
  }
  seen = true;
  return {};
}

bool SeriesCheck::EnterFamily(std::string_view name) {
  const std::vector<std::string>& families = fleet_.families();
  if (family_ < families.size() && families[family_] == name) {
    return true;
  }
  family_ =
      static_cast<size_t>(std::find(families.begin(), families.end(), name) - families.begin());
  if (family_ == families.size() || entered_[family_]) {
    return false;
  }
  entered_[family_] = true;
  return true;
}

std::string SeriesCheck::Finish() {
  if (!partial_.empty()) {
    return "the exposition does not end with a line feed";
  }
  uint64_t expected = 0;
  for (uint32_t host = 0; host < last_rounds_.size(); ++host) {
    expected += fleet_.SampleCount(host);
  }
  if (bad_lines_ == 0 && series_ == expected) {
    return {};
  }
  return absl::StrFormat("%d of %d series right, %d bad lines%s%s", series_, expected, bad_lines_,
                         bad_lines_ > 0 ? ", first " : "", first_complaint_);
}

}  // namespace fluxgate::bench
