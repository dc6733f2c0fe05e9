#include "bridge/admin/explain_json.h"

#include "protocol/influx/escape.h"
#include "protocol/prometheus/label_set.h"
#include "protocol/prometheus/number_format.h"
#include "protocol/prometheus/utf8.h"

#include "bridge/base/string_hash.h"
#include "bridge/ingest/reply.h"
#include "bridge/mapping/drop_reason.h"

#include <absl/strings/escaping.h>
#include <absl/strings/str_format.h>

#include <array>
#include <string_view>
#include <vector>

namespace fluxgate {
namespace {

constexpr std::array<std::string_view, 5> kTypeNames = {"float", "int", "uint", "bool", "string"};

// A JSON string, or {"b64":"..."} of bytes that are not UTF-8.
std::string TextJson(std::string_view text) {
  if (prom::IsUtf8(text)) {
    return JsonString(text);
  }
  return "{\"b64\":\"" + absl::Base64Escape({text.data(), text.size()}) + "\"}";
}

std::string FieldKey(const influx::Field& field) {
  std::string scratch;
  return std::string(influx::UnescapeFieldKey(field.key, &scratch));
}

// The fields as InfluxDB sees them: of a key that is given twice, the last value at the first
// place.
std::vector<const influx::Field*> DistinctFields(const influx::Point& point) {
  std::vector<const influx::Field*> distinct;
  StringMap<size_t> places;
  for (const influx::Field& field : point.fields) {
    const auto [place, is_new] = places.try_emplace(FieldKey(field), distinct.size());
    if (is_new) {
      distinct.push_back(&field);
    } else {
      distinct[place->second] = &field;
    }
  }
  return distinct;
}

std::string ValueText(const influx::Field& field) {
  std::string text;
  switch (field.type) {
    case influx::FieldType::kFloat:
      prom::AppendGoFloat(field.float_value, &text);
      break;
    case influx::FieldType::kInt:
      text = std::to_string(field.int_value);
      break;
    case influx::FieldType::kUint:
      text = std::to_string(field.uint_value);
      break;
    case influx::FieldType::kBool:
      text = field.bool_value ? "true" : "false";
      break;
    case influx::FieldType::kString:
      std::string scratch;
      text = influx::UnescapeString(field.string_value, &scratch);
      break;
  }
  return text;
}

// Members of a JSON array or object, with commas between them.
class JsonList {
 public:
  void Add(std::string_view json) {
    text_.append(text_.empty() ? "" : ",");
    text_.append(json);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string TagsJson(const influx::Point& point) {
  JsonList tags;
  std::string scratch;
  for (const influx::Tag& tag : point.tags) {
    const std::string key = TextJson(influx::UnescapeTag(tag.key, &scratch));
    tags.Add("[" + key + "," + TextJson(influx::UnescapeTag(tag.value, &scratch)) + "]");
  }
  return tags.text();
}

std::string LabelsJson(std::string_view rendered) {
  JsonList labels;
  std::string_view name;
  std::string_view value;
  std::string scratch;
  while (prom::TakeLabel(&rendered, &name, &value, &scratch)) {
    labels.Add(JsonString(name) + ":" + JsonString(value));
  }
  return labels.text();
}

// The three lists that a point's fields end up in.
struct FieldLists {
  JsonList fields;
  JsonList samples;
  JsonList dropped;
};

// Why a field becomes no sample; empty when `family` was set.
std::string_view DropReason(const influx::Field& field, const SeriesTarget& target,
                            const Mapping& mapping, std::string* family) {
  if (field.type == influx::FieldType::kString) {
    return drop_reason::kStringField;
  }
  if (!target.drop_reason.empty()) {
    return target.drop_reason;
  }
  return mapping.MapField(target.table, field.key, family);
}

FieldLists ExplainFields(const influx::Point& point, const Mapping& mapping) {
  SeriesTarget target;
  mapping.MapSeries(point.measurement, point.tags, &target);
  const std::string labels = LabelsJson(target.labels);
  FieldLists lists;
  std::string family;
  for (const influx::Field* field : DistinctFields(point)) {
    const std::string key = TextJson(FieldKey(*field));
    lists.fields.Add(absl::StrFormat(R"([%s,"%s",%s])", key,
                                     kTypeNames[static_cast<size_t>(field->type)],
                                     TextJson(ValueText(*field))));
    const std::string_view reason = DropReason(*field, target, mapping, &family);
    if (!reason.empty()) {
      lists.dropped.Add(absl::StrFormat(R"({"field":%s,"reason":%s})", key, JsonString(reason)));
      continue;
    }
    std::string value;
    prom::AppendTextNumber(SampleValue(*field), &value);
    lists.samples.Add(absl::StrFormat(R"({"name":%s,"labels":{%s},"value":"%s","type":"untyped"})",
                                      JsonString(family), labels, value));
  }
  return lists;
}

}  // namespace

std::string ExplainPoint(const influx::Point& point, bool is_historic, const Mapping& mapping) {
  const FieldLists lists = ExplainFields(point, mapping);
  std::string scratch;
  const std::string_view measurement = influx::UnescapeMeasurement(point.measurement, &scratch);
  return absl::StrFormat(
      R"({"line":%d,"ok":true,"measurement":%s,"tags":[%s],"fields":[%s],"time_ns":"%d",)"
      R"(%s"samples":[%s],"dropped":[%s]})"
      "\n",
      point.line_number, TextJson(measurement), TagsJson(point), lists.fields.text(), point.time_ns,
      is_historic ? R"("historic":true,)" : "", lists.samples.text(), lists.dropped.text());
}

std::string ExplainError(const influx::LineError& error) {
  return absl::StrFormat(R"({"line":%d,"ok":false,"error":%s,"column":%d})"
                         "\n",
                         error.line_number, TextJson(influx::Reason(error)), error.column);
}

}  // namespace fluxgate
