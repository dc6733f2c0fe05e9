#include "protocol/influx/bare_value.h"

#include "protocol/influx/byte_class.h"
#include "protocol/influx/field_set.h"
#include "protocol/influx/number.h"
#include "protocol/influx/series_key.h"

namespace fluxgate::influx {
namespace {

constexpr ByteClass kTokenEnd(" \t");
constexpr std::string_view kFieldKey = "value";

}  // namespace

bool ParseBareValue(std::string_view text, size_t begin, size_t series_key_size, Field* field,
                    size_t* end) {
  *end = FindMember(text, begin, kTokenEnd);
  const std::string_view token = text.substr(begin, *end - begin);
  if (token.empty() ||
      series_key_size + kFieldKeySeparatorSize + kFieldKey.size() > kSeriesKeySizeMax) {
    return false;
  }
  field->key = kFieldKey;
  if (!ParseNumber(token, field)) {
    return true;
  }
  return token.size() > 1 && !ParseBoolean(token, field);
}

}  // namespace fluxgate::influx
