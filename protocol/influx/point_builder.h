// Makes points from names and values that are not line protocol.
//
// Encodings: names and values come unescaped and leave escaped, as a Point has them. A backslash at
// the end of a name or tag value is left out: line protocol cannot say it. A tag without a value is
// left out.
// Lifetime: a built Point views the builder; valid until the next Clear().
// Errors: as line protocol has them: no measurement, no fields, a key that is empty, too long, or
// there twice.
// Bounds: one allocation per buffer, reused from point to point.
// Thread: compatible.
#pragma once

#include "protocol/influx/line_error.h"
#include "protocol/influx/point.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

class PointBuilder {
 public:
  void Clear();
  void SetMeasurement(std::string_view name);
  void AddTag(std::string_view key, std::string_view value);
  // In place of the tag of that key, if there is one.
  void SetTag(std::string_view key, std::string_view value);
  // The tags so far are in each point to come: Clear() ends that, Restart() goes back to them.
  void KeepTags();
  void Restart();
  // `value.key` and `value.string_value` are not looked at.
  void AddField(std::string_view key, const Field& value);
  void AddStringField(std::string_view key, std::string_view value);
  bool has_fields() const { return !field_texts_.empty(); }

  // Sets everything of `point` but its time, line number and text. key_size() is then what counts
  // against kSeriesKeySizeMax: the series key and the longest field key.
  std::optional<LineErrorCode> Build(Point* point);
  size_t key_size() const { return key_size_; }

 private:
  struct Extent {
    size_t begin = 0;
    size_t size = 0;
  };
  struct TagText {
    Extent key;
    Extent value;
  };
  struct FieldText {
    Extent key;
    Extent string_value;
    Field field;
  };

  Extent Append(std::string_view text, std::string_view escaped);
  std::string_view View(const Extent& extent) const {
    return std::string_view(text_).substr(extent.begin, extent.size);
  }
  std::optional<LineErrorCode> RenderKey(Point* point);

  std::string text_;
  Extent measurement_;
  std::vector<TagText> tag_texts_;
  size_t kept_text_size_ = 0;
  std::vector<TagText> kept_tag_texts_;
  std::vector<FieldText> field_texts_;
  std::string series_key_;
  size_t key_size_ = 0;
  std::vector<Tag> tags_;
  std::vector<Field> fields_;
};

}  // namespace fluxgate::influx
