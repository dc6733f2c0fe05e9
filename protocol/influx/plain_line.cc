#include "protocol/influx/plain_line.h"

#include "protocol/influx/byte_class.h"
#include "protocol/influx/field_set.h"
#include "protocol/influx/number.h"
#include "protocol/influx/series_key.h"

namespace fluxgate::influx {
namespace {

constexpr ByteClass kNoLineBegin(std::string_view(" \t\0#\n", 5));
constexpr size_t kNotPlain = static_cast<size_t>(-1);

// Offset of the space that ends the series key.
size_t FindKeyEnd(const DelimiterIndex& index, std::string_view bytes, size_t begin) {
  DelimiterIndex::Cursor breaks = index.BreaksFrom(begin);
  for (;;) {
    const size_t at = breaks.Next();
    if (at == bytes.size() || bytes[at] == '\n') {
      return kNotPlain;
    }
    if (bytes[at] == ' ') {
      return at;
    }
    if (bytes[at] == '\\') {
      const char hidden = at + 1 < bytes.size() ? bytes[at + 1] : '\n';
      if (hidden == '\\' || hidden == '\n') {
        return kNotPlain;
      }
      if (hidden == ' ') {
        breaks.Next();
      }
    }
  }
}

// Offset of the quote that ends the string which begins at `begin`.
size_t FindStringEnd(const DelimiterIndex& index, std::string_view bytes, size_t begin) {
  DelimiterIndex::Cursor breaks = index.BreaksFrom(begin);
  for (;;) {
    const size_t at = breaks.Next();
    if (at == bytes.size() || bytes[at] == '\n') {
      return kNotPlain;
    }
    if (bytes[at] == '"') {
      return at;
    }
    if (bytes[at] == '\\') {
      if (at + 1 == bytes.size() || bytes[at + 1] == '\n') {
        return kNotPlain;
      }
      breaks = index.BreaksFrom(at + 2);
    }
  }
}

// Reads the value that begins at `begin` and returns the offset of the delimiter behind it.
size_t ReadValue(const DelimiterIndex& index, std::string_view bytes, size_t begin,
                 DelimiterIndex::Cursor* delimiters, Field* field) {
  const size_t end = delimiters->Next();
  if (end == bytes.size()) {
    return kNotPlain;
  }
  if (end > begin) {
    return ParseNumberOrBoolean(bytes.substr(begin, end - begin), field) ? kNotPlain : end;
  }
  if (bytes[end] != '"') {
    return kNotPlain;
  }
  const size_t quote = FindStringEnd(index, bytes, begin + 1);
  if (quote == kNotPlain) {
    return kNotPlain;
  }
  field->type = FieldType::kString;
  field->string_value = bytes.substr(begin + 1, quote - begin - 1);
  *delimiters = index.DelimitersFrom(quote + 1);
  return delimiters->Next() == quote + 1 && quote + 1 < bytes.size() ? quote + 1 : kNotPlain;
}

}  // namespace

bool ReadPlainLine(const DelimiterIndex& index, std::string_view bytes, size_t begin,
                   size_t fields_max, std::vector<Field>* fields, PlainLine* line) {
  fields->clear();
  if (begin == bytes.size() || kNoLineBegin.Has(bytes[begin])) {
    return false;
  }
  const size_t key_end = FindKeyEnd(index, bytes, begin);
  if (key_end == kNotPlain || key_end + 1 == bytes.size() || kBlanks.Has(bytes[key_end + 1])) {
    return false;
  }
  const size_t size_before_key = key_end - begin + kFieldKeySeparatorSize;
  DelimiterIndex::Cursor delimiters = index.DelimitersFrom(key_end + 1);
  size_t at = key_end;  // the byte before a field
  do {
    const size_t key_begin = at + 1;
    const size_t equals = delimiters.Next();
    const size_t key_size = equals - key_begin;
    if (equals == bytes.size() || bytes[equals] != '=' || key_size == 0 ||
        size_before_key + key_size > kSeriesKeySizeMax || fields->size() == fields_max) {
      return false;
    }
    Field& field = fields->emplace_back();
    field.key = bytes.substr(key_begin, key_size);
    at = ReadValue(index, bytes, equals + 1, &delimiters, &field);
    if (at == kNotPlain) {
      return false;
    }
  } while (bytes[at] == ',');
  line->key_end = key_end;
  line->fields_end = at;
  line->end = bytes[at] == ' ' ? delimiters.Next() : at;
  return line->end < bytes.size() && bytes[line->end] == '\n';
}

}  // namespace fluxgate::influx
