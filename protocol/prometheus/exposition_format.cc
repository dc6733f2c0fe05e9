#include "protocol/prometheus/exposition_format.h"

#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/number_format.h"

#include <algorithm>
#include <cstddef>

namespace fluxgate::prom {
namespace {

constexpr std::string_view kTotalSuffix = "_total";
constexpr int64_t kMillisecondsPerSecond = 1000;

// By MetricType.
constexpr std::string_view kTextTypeNames[] = {"untyped", "gauge", "counter", "histogram",
                                               "summary"};
constexpr std::string_view kOpenMetricsTypeNames[] = {"unknown", "gauge", "counter", "histogram",
                                                      "summary"};

// What a sample line holds beside its name, suffix and labels: a number, a time, braces, two
// spaces, a line end.
constexpr size_t kSampleOverheadMax = 2 * kNumberSizeMax + 5;

// A name that is nothing but `_total` would leave an empty family name.
bool HasTotalSuffix(std::string_view name) {
  return name.size() > kTotalSuffix.size() && name.ends_with(kTotalSuffix);
}

MetricType TypeFor(ExpositionFormat format, const FamilyHeader& header) {
  const bool loses_type = format == ExpositionFormat::kOpenMetrics &&
                          header.type == MetricType::kCounter && !HasTotalSuffix(header.name);
  return loses_type ? MetricType::kUnknown : header.type;
}

std::string_view FamilyNameFor(ExpositionFormat format, MetricType type, std::string_view name) {
  if (format == ExpositionFormat::kOpenMetrics && type == MetricType::kCounter) {
    name.remove_suffix(kTotalSuffix.size());
  }
  return name;
}

// Unlike in a label value, a quote stands as it is.
void AppendTextHelp(std::string_view help, std::string* out) {
  for (const char c : help) {
    if (c == '\\' || c == '\n') {
      out->push_back('\\');
    }
    out->push_back(c == '\n' ? 'n' : c);
  }
}

void AppendMetadataStart(std::string_view keyword, std::string_view name, std::string* out) {
  out->append("# ").append(keyword).append(" ").append(name).append(" ");
}

void AppendHelp(ExpositionFormat format, std::string_view name, std::string_view help,
                std::string* out) {
  if (help.empty()) {
    return;
  }
  AppendMetadataStart("HELP", name, out);
  if (format == ExpositionFormat::kText) {
    AppendTextHelp(help, out);
  } else {
    AppendEscapedLabelValue(help, out);  // OpenMetrics has the same escapes in both places
  }
  out->push_back('\n');
}

void AppendType(std::string_view name, std::string_view type_name, std::string* out) {
  AppendMetadataStart("TYPE", name, out);
  out->append(type_name).append("\n");
}

// OpenMetrics 1.0 "MetricFamily": a unit must be the last part of the name, or the whole exposition
// is invalid.
void AppendUnit(std::string_view name, std::string_view unit, std::string* out) {
  const bool fits = !unit.empty() && name.size() > unit.size() + 1 && name.ends_with(unit) &&
                    name[name.size() - unit.size() - 1] == '_';
  if (fits) {
    AppendMetadataStart("UNIT", name, out);
    out->append(unit).append("\n");
  }
}

char* Write(std::string_view text, char* to) {
  return std::copy(text.begin(), text.end(), to);
}

// Seconds with as many of the three decimals as are needed.
char* WriteSeconds(int64_t time_ms, char* to) {
  const int64_t fraction = time_ms % kMillisecondsPerSecond;
  if (time_ms < 0 && time_ms > -kMillisecondsPerSecond) {
    *to++ = '-';
  }
  to = WriteInteger(time_ms / kMillisecondsPerSecond, to);
  if (fraction == 0) {
    return to;
  }
  *to++ = '.';
  int64_t digits = fraction < 0 ? -fraction : fraction;
  for (int64_t place = kMillisecondsPerSecond / 10; digits != 0; place /= 10) {
    *to++ = static_cast<char>('0' + digits / place);
    digits %= place;
  }
  return to;
}

}  // namespace

FamilyEncoder::FamilyEncoder(ExpositionFormat format, const FamilyHeader& header)
    : format_(format),
      header_(header),
      type_(TypeFor(format, header)),
      family_name_(FamilyNameFor(format, type_, header.name)) {}

void FamilyEncoder::AppendHeader(std::string* out) const {
  const auto type = static_cast<size_t>(type_);
  if (format_ == ExpositionFormat::kText) {
    AppendHelp(format_, family_name_, header_.help, out);
    AppendType(family_name_, kTextTypeNames[type], out);
    return;
  }
  AppendType(family_name_, kOpenMetricsTypeNames[type], out);
  AppendUnit(family_name_, header_.unit, out);
  AppendHelp(format_, family_name_, header_.help, out);
}

void FamilyEncoder::AppendSample(std::string_view suffix, std::string_view labels, double value,
                                 std::optional<int64_t> time_ms, std::string* out) const {
  const bool text = format_ == ExpositionFormat::kText;
  const size_t start = out->size();
  out->resize(start + header_.name.size() + suffix.size() + labels.size() + kSampleOverheadMax);
  char* to = out->data() + start;
  to = Write(suffix, Write(header_.name, to));
  if (!labels.empty()) {
    *to++ = '{';
    to = Write(labels, to);
    *to++ = '}';
  }
  *to++ = ' ';
  to = text ? WriteTextNumber(value, to) : WriteOpenMetricsNumber(value, to);
  if (time_ms.has_value()) {
    *to++ = ' ';
    to = text ? WriteInteger(*time_ms, to) : WriteSeconds(*time_ms, to);
  }
  *to++ = '\n';
  out->resize(static_cast<size_t>(to - out->data()));
}

void AppendFamily(ExpositionFormat format, const MetricFamily& family, std::string* out) {
  const FamilyEncoder encoder(format, family.header());
  encoder.AppendHeader(out);
  for (const MetricFamily::Sample& sample : family.samples) {
    encoder.AppendSample(sample.suffix, sample.labels, sample.value, std::nullopt, out);
  }
}

void AppendEnd(ExpositionFormat format, std::string* out) {
  if (format == ExpositionFormat::kOpenMetrics) {
    out->append("# EOF\n");
  }
}

}  // namespace fluxgate::prom
