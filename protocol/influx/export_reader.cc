#include "protocol/influx/export_reader.h"

#include <algorithm>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kDatabase = "# CONTEXT-DATABASE:";
constexpr std::string_view kRetentionPolicy = "# CONTEXT-RETENTION-POLICY:";
constexpr std::string_view kStatements = "# DDL";
constexpr std::string_view kLines = "# DML";
constexpr std::string_view kTitle = "# INFLUXDB EXPORT";
constexpr std::string_view kBlanks(" \t\r\0", 4);  // as LineSplitter's

std::string_view TrimBlanks(std::string_view text) {
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

bool IsHeaderLine(std::string_view line) {
  return line == kStatements || line == kLines || line.starts_with(kTitle) ||
         line.starts_with(kDatabase) || line.starts_with(kRetentionPolicy);
}

}  // namespace

bool StartsExport(std::string_view head) {
  while (!head.empty()) {
    const size_t end = std::min(head.find('\n'), head.size());
    const std::string_view line = TrimBlanks(head.substr(0, end));
    if (IsHeaderLine(line)) {
      return true;
    }
    if (!line.empty() && !line.starts_with('#')) {
      return false;
    }
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return false;
}

ExportReader::ExportReader(const ReaderOptions& options)
    : lines_(options), comment_size_max_(options.max_line_size) {}

void ExportReader::SetInput(std::string_view bytes, bool last) {
  lines_.SetInput(bytes, last);
  input_ = bytes;
  last_ = last;
}

ExportReader::Result ExportReader::Next() {
  for (;;) {
    // What is left of a line still goes where the line went.
    if (!lines_.has_rest() && !in_line_) {
      if (const Result passed = PassToLine(); passed != Result::kPoint) {
        return passed;
      }
    }
    const Result result = lines_.Next();
    in_line_ = result == Result::kNeedMore;
    if (result == Result::kError) {
      error_ = lines_.error();
    }
    if (result != Result::kPoint || overlong_size() == 0) {
      return result;
    }
    if (!point().is_continuation) {
      SetNameError(point().line_number, point().text);
      return Result::kError;
    }
  }
}

// Passes over blank lines, comments and statements, whose quotes are not those of line protocol.
// kPoint: the next line begins; kNeedMore: the input ends before it does; kError: a comment is bad.
ExportReader::Result ExportReader::PassToLine() {
  size_t position = consumed();
  uint64_t line_feeds = 0;
  Result found = last_ ? Result::kPoint : Result::kNeedMore;
  while (position < input_.size()) {
    const std::string_view rest = input_.substr(position);
    const size_t line_feed = rest.find('\n');
    const bool is_whole = line_feed != std::string_view::npos || last_;
    const std::string_view text = rest.substr(0, line_feed);
    const bool is_long = text.size() > comment_size_max_;
    const std::string_view line = TrimBlanks(text);
    const bool may_be_line =
        line.empty() ? is_long && !is_whole : !line.starts_with('#') && !in_statements_;
    if (may_be_line && !skips_) {
      found = Result::kPoint;
      break;
    }
    if (!is_whole && !is_long && !skips_) {
      break;
    }
    // Of a long comment the same bytes wherever the input is cut.
    const std::string_view comment =
        is_long ? TrimBlanks(text.substr(0, comment_size_max_ + 1)) : line;
    const bool is_good = skips_ || TakeComment(comment, is_long);
    if (!is_good) {
      SetNameError(lines_.line_number() + line_feeds, comment.substr(0, kOverlongHeadSize));
    }
    skips_ = !is_whole;
    line_feeds += line_feed != std::string_view::npos ? 1U : 0U;
    position += std::min(text.size() + 1, rest.size());
    if (!is_good) {
      found = Result::kError;
      break;
    }
  }
  lines_.Pass(position, line_feeds);
  return found;
}

// Of a long comment only its start is known. False: it names something that cannot be.
bool ExportReader::TakeComment(std::string_view line, bool is_long) {
  if (line.starts_with(kDatabase)) {
    retention_policy_ = {};
    return TakeName(line.substr(kDatabase.size()), is_long, &database_);
  }
  if (line.starts_with(kRetentionPolicy)) {
    return TakeName(line.substr(kRetentionPolicy.size()), is_long, &retention_policy_);
  }
  if (!is_long && (line == kStatements || line == kLines)) {
    in_statements_ = line == kStatements;
  }
  return true;
}

bool ExportReader::TakeName(std::string_view text, bool is_long, Place* place) const {
  text = TrimBlanks(text);
  const bool is_overlong = is_long || text.size() > kNameSizeMax;
  place->name = is_overlong ? std::string_view() : text;
  place->overlong_size = !is_overlong ? 0 : is_long ? comment_size_max_ + 1 : text.size();
  return !is_overlong;
}

void ExportReader::SetNameError(uint64_t line_number, std::string_view text) {
  error_ = {};
  error_.code = LineErrorCode::kNameTooLong;
  error_.line_number = line_number;
  error_.column = 1;
  error_.size = overlong_size();
  error_.size_max = kNameSizeMax;
  error_.text = text;
}

}  // namespace fluxgate::influx
