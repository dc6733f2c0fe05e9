#include "protocol/influx/series_key.h"

#include "protocol/influx/byte_class.h"

#include <algorithm>
#include <cstring>

namespace fluxgate::influx {
namespace {

constexpr ByteClass kTagDelimiters(",=");

LineError ErrorAt(LineErrorCode code, size_t offset) {
  LineError error;
  error.code = code;
  error.column = offset + 1;
  return error;
}

// Offset of the first `byte` of `text` from `from` (not 0) on that no backslash precedes, or
// text.size().
size_t FindUnescaped(std::string_view text, size_t from, char byte) {
  while (from < text.size()) {
    const void* found = std::memchr(text.data() + from, byte, text.size() - from);
    if (found == nullptr) {
      return text.size();
    }
    const size_t offset = static_cast<size_t>(static_cast<const char*>(found) - text.data());
    if (text[offset - 1] != '\\') {
      return offset;
    }
    from = offset + 1;
  }
  return text.size();
}

// The same for the `,` or `=` that ends a tag key or value, whose first byte is before `from`.
size_t FindTagDelimiter(std::string_view key, size_t from) {
  size_t offset = FindMember(key, from, kTagDelimiters);
  while (offset < key.size() && key[offset - 1] == '\\') {
    offset = FindMember(key, offset + 1, kTagDelimiters);
  }
  return offset;
}

// Reads the tag that begins at `*offset` and moves that to the delimiter behind it.
std::optional<LineError> ParseTag(std::string_view key, size_t* offset, Tag* tag) {
  const size_t key_begin = *offset;
  if (key_begin == key.size() || kTagDelimiters.Has(key[key_begin])) {
    return ErrorAt(LineErrorCode::kMissingTagKey, key_begin);
  }
  const size_t key_end = FindTagDelimiter(key, key_begin + 1);
  if (key_end == key.size() || key[key_end] == ',') {
    return ErrorAt(LineErrorCode::kMissingTagValue, key_end);
  }
  const size_t value_begin = key_end + 1;
  if (value_begin == key.size() || key[value_begin] == ',') {
    return ErrorAt(LineErrorCode::kMissingTagValue, value_begin);
  }
  const size_t value_end = FindTagDelimiter(key, value_begin + 1);
  if (value_end < key.size() && key[value_end] == '=') {
    return ErrorAt(LineErrorCode::kInvalidTagFormat, value_end);
  }
  tag->key = key.substr(key_begin, key_end - key_begin);
  tag->value = key.substr(value_begin, value_end - value_begin);
  *offset = value_end;
  return std::nullopt;
}

// Sorts tags that did not arrive in strictly ascending order. The error is at the first tag of the
// line whose key was there before.
std::optional<LineError> SortTags(std::string_view key, std::vector<Tag>* tags) {
  std::sort(tags->begin(), tags->end(), [](const Tag& a, const Tag& b) {
    const int order = a.key.compare(b.key);
    return order != 0 ? order < 0 : a.key.data() < b.key.data();
  });
  const char* repeated = nullptr;
  for (size_t i = 1; i < tags->size(); ++i) {
    const Tag& tag = (*tags)[i];
    if (tag.key == (*tags)[i - 1].key && (repeated == nullptr || tag.key.data() < repeated)) {
      repeated = tag.key.data();
    }
  }
  if (repeated != nullptr) {
    return ErrorAt(LineErrorCode::kDuplicateTags, static_cast<size_t>(repeated - key.data()));
  }
  return std::nullopt;
}

}  // namespace

size_t FindSeriesKeyEnd(std::string_view line) {
  return line.empty() ? 0 : FindUnescaped(line, 1, ' ');
}

size_t FindMeasurementEnd(std::string_view key) {
  return key.empty() || key.front() == ',' ? 0 : FindUnescaped(key, 1, ',');
}

std::optional<LineError> ParseSeriesKey(std::string_view key, bool line_continues,
                                        std::string_view* measurement, std::vector<Tag>* tags) {
  tags->clear();
  size_t offset = FindMeasurementEnd(key);
  if (offset == 0) {
    return ErrorAt(LineErrorCode::kMissingMeasurement, 0);
  }
  *measurement = key.substr(0, offset);
  bool is_ascending = true;
  while (offset < key.size()) {
    ++offset;
    Tag tag;
    if (std::optional<LineError> error = ParseTag(key, &offset, &tag)) {
      return error;
    }
    is_ascending = is_ascending && (tags->empty() || tags->back().key < tag.key);
    tags->push_back(tag);
  }
  if (!line_continues) {
    return ErrorAt(LineErrorCode::kMissingFields, key.size());
  }
  if (!is_ascending) {
    if (std::optional<LineError> error = SortTags(key, tags)) {
      return error;
    }
  }
  if (key.size() > kSeriesKeySizeMax) {
    LineError error = ErrorAt(LineErrorCode::kKeyTooLong, kSeriesKeySizeMax);
    error.size = key.size();
    return error;
  }
  return std::nullopt;
}

}  // namespace fluxgate::influx
