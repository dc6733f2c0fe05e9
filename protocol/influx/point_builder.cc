#include "protocol/influx/point_builder.h"

#include "protocol/influx/field_set.h"
#include "protocol/influx/series_key.h"

#include <algorithm>

namespace fluxgate::influx {
namespace {

// A name or tag value as it can stand in front of a delimiter.
std::string_view WithoutFinalBackslashes(std::string_view text) {
  return text.substr(0, text.find_last_not_of('\\') + 1);
}

}  // namespace

void PointBuilder::Clear() {
  kept_text_size_ = 0;
  kept_tag_texts_.clear();
  Restart();
}

void PointBuilder::KeepTags() {
  kept_text_size_ = text_.size();
  kept_tag_texts_ = tag_texts_;
}

void PointBuilder::Restart() {
  text_.resize(kept_text_size_);
  tag_texts_ = kept_tag_texts_;
  key_size_ = 0;
  measurement_ = {};
  field_texts_.clear();
}

PointBuilder::Extent PointBuilder::Append(std::string_view text, std::string_view escaped) {
  const size_t begin = text_.size();
  for (const char byte : text) {
    if (escaped.find(byte) != std::string_view::npos) {
      text_.push_back('\\');
    }
    text_.push_back(byte);
  }
  return {begin, text_.size() - begin};
}

void PointBuilder::SetMeasurement(std::string_view name) {
  measurement_ = Append(WithoutFinalBackslashes(name), ", ");
}

void PointBuilder::AddTag(std::string_view key, std::string_view value) {
  value = WithoutFinalBackslashes(value);
  if (!value.empty()) {
    const Extent key_text = Append(WithoutFinalBackslashes(key), ",= ");
    tag_texts_.push_back({key_text, Append(value, ",= ")});
  }
}

void PointBuilder::SetTag(std::string_view key, std::string_view value) {
  const Extent name = Append(WithoutFinalBackslashes(key), ",= ");
  std::erase_if(tag_texts_, [&](const TagText& tag) { return View(tag.key) == View(name); });
  AddTag(key, value);
}

void PointBuilder::AddField(std::string_view key, const Field& value) {
  field_texts_.push_back({Append(WithoutFinalBackslashes(key), ",= \""), {}, value});
}

void PointBuilder::AddStringField(std::string_view key, std::string_view value) {
  Field field;
  field.type = FieldType::kString;
  AddField(key, field);
  field_texts_.back().string_value = Append(value, "\"\\");
}

std::optional<LineErrorCode> PointBuilder::RenderKey(Point* point) {
  tags_.clear();
  for (const TagText& tag : tag_texts_) {
    tags_.push_back({View(tag.key), View(tag.value)});
  }
  std::ranges::sort(tags_, {}, &Tag::key);
  series_key_ = View(measurement_);
  if (series_key_.empty()) {
    return LineErrorCode::kMissingMeasurement;
  }
  for (size_t i = 0; i < tags_.size(); ++i) {
    if (tags_[i].key.empty()) {
      return LineErrorCode::kMissingTagKey;
    }
    if (i > 0 && tags_[i].key == tags_[i - 1].key) {
      return LineErrorCode::kDuplicateTags;
    }
    series_key_.append(",").append(tags_[i].key).append("=").append(tags_[i].value);
  }
  point->measurement = View(measurement_);
  point->tags = tags_;
  point->series_key = series_key_;
  return std::nullopt;
}

std::optional<LineErrorCode> PointBuilder::Build(Point* point) {
  if (const auto error = RenderKey(point)) {
    return error;
  }
  fields_.clear();
  size_t key_size_max = 0;
  for (const FieldText& text : field_texts_) {
    Field field = text.field;
    field.key = View(text.key);
    field.string_value = View(text.string_value);
    if (field.key.empty()) {
      return LineErrorCode::kMissingFieldKey;
    }
    key_size_max = std::max(key_size_max, field.key.size());
    fields_.push_back(field);
  }
  if (fields_.empty()) {
    return LineErrorCode::kMissingFields;
  }
  key_size_ = series_key_.size() + kFieldKeySeparatorSize + key_size_max;
  if (key_size_ > kSeriesKeySizeMax) {
    return LineErrorCode::kKeyTooLong;
  }
  point->fields = fields_;
  return std::nullopt;
}

}  // namespace fluxgate::influx
