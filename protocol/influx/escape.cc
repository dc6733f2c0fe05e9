#include "protocol/influx/escape.h"

#include "protocol/influx/byte_class.h"

namespace fluxgate::influx {
namespace {

constexpr ByteClass kEscapedInNames(",\" =");
constexpr ByteClass kEscapedInTags(", =");
constexpr ByteClass kEscapedInStrings("\"\\");

// Drops each backslash that stands before one of `escaped`, from left to right.
std::string_view Unescape(std::string_view raw, const ByteClass& escaped, std::string* scratch) {
  size_t backslash = raw.find('\\');
  if (backslash == std::string_view::npos) {
    return raw;
  }
  scratch->clear();
  size_t begin = 0;
  while (backslash != std::string_view::npos && backslash + 1 < raw.size()) {
    size_t next = backslash + 1;
    if (escaped.Has(raw[next])) {
      scratch->append(raw.substr(begin, backslash - begin));
      begin = next;
      ++next;
    }
    backslash = raw.find('\\', next);
  }
  scratch->append(raw.substr(begin));
  return *scratch;
}

}  // namespace

std::string_view UnescapeMeasurement(std::string_view raw, std::string* scratch) {
  return Unescape(raw, kEscapedInNames, scratch);
}

std::string_view UnescapeFieldKey(std::string_view raw, std::string* scratch) {
  return Unescape(raw, kEscapedInNames, scratch);
}

std::string_view UnescapeTag(std::string_view raw, std::string* scratch) {
  return Unescape(raw, kEscapedInTags, scratch);
}

std::string_view UnescapeString(std::string_view raw, std::string* scratch) {
  return Unescape(raw, kEscapedInStrings, scratch);
}

}  // namespace fluxgate::influx
