#include "tests/bridge/cache/line_generator.h"

#include <algorithm>
#include <vector>

namespace fluxgate {
namespace {

constexpr std::string_view kMeasurements[] = {"a", "a_b", "a-b", "a.b", "a\\ b", "b", "1x", "µ"};
constexpr std::string_view kFields[] = {"value", "c",   "b_c", "b-c",   "b.c", "c-d",
                                        "c.d",   "c_d", "d",   "x\\ y", "é",   "own"};
constexpr std::string_view kTagKeys[] = {"t", "u-v", "u.v", "u_v", "__t", "_t", "__name__", "w"};
constexpr std::string_view kTagValues[] = {"1", "2", "ü", "\xFF", "q\"z", "b\\\\x", "c\\,d\\ e"};
constexpr std::string_view kStrings[] = {"\"s\"", "\"a,b=1 2\"", "\"x\\\"y\""};

constexpr int64_t kSecond = 1'000'000'000;
constexpr int64_t kOffsets[] = {0,
                                0,
                                -1,
                                1,
                                -kSecond,
                                kSecond,
                                -60 * kSecond,
                                60 * kSecond,
                                -600 * kSecond,
                                -7200 * kSecond,
                                3600 * kSecond,
                                86400 * 365 * kSecond};

}  // namespace

std::string LineGenerator::Line(int64_t now_ns) {
  std::string line(is_sparse_ ? kMeasurements[Below(2)] : Any(kMeasurements));
  AppendTags(&line);
  line += ' ';
  AppendFields(&line);
  AppendTime(now_ns, &line);
  return line;
}

std::string LineGenerator::Batch(int64_t now_ns, uint32_t lines_max) {
  std::string batch;
  for (uint32_t lines = 1 + Below(lines_max); lines > 0; --lines) {
    batch += Line(now_ns);
    batch += '\n';
  }
  return batch;
}

void LineGenerator::AppendTags(std::string* line) {
  if (is_sparse_) {
    line->append(",n=").append(std::to_string(Below(400)));
    return;
  }
  std::vector<std::string_view> keys(std::begin(kTagKeys), std::end(kTagKeys));
  std::ranges::shuffle(keys, random_);
  keys.resize(Below(4));
  for (const std::string_view key : keys) {
    line->append(",").append(key).append("=").append(tag_prefix_);
    // Mostly one of two values, so that series are written again and again.
    line->append(Below(4) == 0 ? Any(kTagValues) : kTagValues[Below(2)]);
  }
}

void LineGenerator::AppendFields(std::string* line) {
  for (uint32_t fields = 1 + Below(4); fields > 0; --fields) {
    // Of the first two measurements, `b_9` and `9` feed one family.
    if (is_sparse_) {
      line->append(Below(2) == 0 ? "b_" : "").append(std::to_string(Below(80))).append("=");
    } else {
      line->append(Any(kFields)).append("=");
    }
    switch (Below(8)) {
      case 0:
        line->append(Any(kStrings));
        break;
      case 1:
        line->append(Below(2) == 0 ? "true" : "f");
        break;
      case 2:
        line->append(std::to_string(Below(1000))).append(".5e3");
        break;
      case 3:
        line->append(std::to_string(Below(1000))).append("u");
        break;
      default:
        line->append("-").append(std::to_string(Below(1000000))).append("i");
        break;
    }
    line->append(fields > 1 ? "," : "");
  }
}

void LineGenerator::AppendTime(int64_t now_ns, std::string* line) {
  if (Below(3) == 0) {
    return;
  }
  const int64_t offset = kOffsets[Below(std::size(kOffsets))];
  line->append(" ").append(std::to_string(now_ns + offset));
}

}  // namespace fluxgate
