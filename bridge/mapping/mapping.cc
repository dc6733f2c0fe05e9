#include "bridge/mapping/mapping.h"

#include "protocol/influx/escape.h"
#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/metric_name.h"
#include "protocol/prometheus/utf8.h"

#include "bridge/base/check.h"
#include "bridge/mapping/drop_reason.h"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace fluxgate {
namespace {

// A tag on its way to a label. `order` is its place in raw sorted order: of labels that collide the
// last one wins.
struct CandidateLabel {
  std::string name;
  std::string_view raw_value;
  size_t order = 0;
  bool renamed = false;
};

// Names that start with `__` are Prometheus's own: they lose underscores until one is left.
bool RemoveReservedPrefix(std::string* name) {
  if (!name->starts_with("__")) {
    return false;
  }
  name->erase(0, std::min(name->find_first_not_of('_'), name->size()) - 1);
  return true;
}

std::vector<CandidateLabel> Candidates(std::span<const influx::Tag> tags,
                                       KeyAdjustments* adjustments) {
  std::vector<CandidateLabel> labels;
  labels.reserve(tags.size());
  std::string scratch;
  for (const influx::Tag& tag : tags) {
    const std::string_view key = influx::UnescapeTag(tag.key, &scratch);
    if (key == "__name__") {
      ++adjustments->dropped_name_tags;
      continue;
    }
    CandidateLabel label;
    prom::AppendSanitized(key, &label.name);
    label.raw_value = tag.value;
    label.order = labels.size();
    label.renamed = RemoveReservedPrefix(&label.name);
    adjustments->renamed_labels += label.renamed ? 1 : 0;
    labels.push_back(std::move(label));
  }
  return labels;
}

// Sorts by name and leaves one label of each: a tag of that very name before one that was renamed
// to it, else the last.
void ResolveCollisions(std::vector<CandidateLabel>* labels, KeyAdjustments* adjustments) {
  std::sort(labels->begin(), labels->end(), [](const CandidateLabel& a, const CandidateLabel& b) {
    if (a.name != b.name) {
      return a.name < b.name;
    }
    return a.renamed != b.renamed ? b.renamed : a.order > b.order;
  });
  const auto same_name = [](const CandidateLabel& a, const CandidateLabel& b) {
    return a.name == b.name;
  };
  const auto losers = std::unique(labels->begin(), labels->end(), same_name);
  adjustments->colliding_labels += static_cast<uint32_t>(labels->end() - losers);
  labels->erase(losers, labels->end());
}

MappingOptions WithoutZeros(MappingOptions options) {
  for (size_t* limit : {&options.labels_per_series_max, &options.label_name_size_max,
                        &options.label_value_size_max, &options.metric_name_size_max}) {
    *limit = *limit == 0 ? SIZE_MAX : *limit;
  }
  return options;
}

}  // namespace

Mapping::Mapping(MappingOptions options) : options_(WithoutZeros(std::move(options))) {}

void Mapping::MapSeries(std::string_view measurement, std::span<const influx::Tag> tags,
                        SeriesTarget* target) const {
  target->table.clear();
  target->labels.clear();
  target->scope = 0;
  target->drop_reason = {};
  target->adjustments = {};
  std::string scratch;
  prom::AppendSanitized(influx::UnescapeMeasurement(measurement, &scratch), &target->table);

  std::vector<CandidateLabel> labels = Candidates(tags, &target->adjustments);
  ResolveCollisions(&labels, &target->adjustments);
  if (labels.size() > options_.labels_per_series_max) {
    target->drop_reason = drop_reason::kTooManyLabels;
    return;
  }
  std::string value;
  for (const CandidateLabel& label : labels) {
    value.clear();
    target->adjustments.windows_1252_bytes += static_cast<uint32_t>(
        prom::AppendAsUtf8(influx::UnescapeTag(label.raw_value, &scratch), &value));
    if (label.name.size() > options_.label_name_size_max) {
      target->drop_reason = drop_reason::kLabelNameTooLong;
    } else if (value.size() > options_.label_value_size_max) {
      target->drop_reason = drop_reason::kLabelValueTooLong;
    }
    prom::AppendLabel(label.name, value, &target->labels);
  }
}

std::string_view Mapping::MapField(std::string_view table, std::string_view field_key,
                                   std::string* family) const {
  family->assign(table);
  std::string scratch;
  const std::string_view key = influx::UnescapeFieldKey(field_key, &scratch);
  if (key != "value") {
    family->push_back('_');
    prom::AppendSanitized(key, family);
  }
  if (family->size() > options_.metric_name_size_max) {
    return drop_reason::kMetricNameTooLong;
  }
  if (std::binary_search(options_.reserved_families.begin(), options_.reserved_families.end(),
                         *family)) {
    return drop_reason::kReservedName;
  }
  return {};
}

double SampleValue(const influx::Field& field) {
  switch (field.type) {
    case influx::FieldType::kFloat:
      return field.float_value;
    case influx::FieldType::kInt:
      return static_cast<double>(field.int_value);
    case influx::FieldType::kUint:
      return static_cast<double>(field.uint_value);
    case influx::FieldType::kBool:
      return field.bool_value ? 1 : 0;
    case influx::FieldType::kString:
      break;
  }
  CHECK(field.type != influx::FieldType::kString);
  return 0;
}

}  // namespace fluxgate
