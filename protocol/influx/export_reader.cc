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
  // What is left of a line still goes where the line went.
  if (lines_.has_rest()) {
    return lines_.Next();
  }
  if (!in_line_ && !PassToLine()) {
    return Result::kNeedMore;
  }
  const Result result = lines_.Next();
  in_line_ = result == Result::kNeedMore;
  return result;
}

// Passes over blank lines, comments and statements, whose quotes are not those of line protocol.
// False when the input ends before the next line begins.
bool ExportReader::PassToLine() {
  size_t position = consumed();
  uint64_t line_feeds = 0;
  bool found = last_;
  while (position < input_.size()) {
    const std::string_view rest = input_.substr(position);
    const size_t line_feed = rest.find('\n');
    const bool is_whole = line_feed != std::string_view::npos || last_;
    const std::string_view text = rest.substr(0, line_feed);
    const std::string_view line = TrimBlanks(text);
    const bool is_long = text.size() > comment_size_max_;
    const bool may_be_line =
        line.empty() ? is_long && !is_whole : !line.starts_with('#') && !in_statements_;
    if (may_be_line && !skips_) {
      found = true;
      break;
    }
    if (!is_whole && !is_long && !skips_) {
      break;
    }
    if (!is_long && !skips_) {
      TakeComment(line);
    }
    skips_ = !is_whole;
    line_feeds += line_feed != std::string_view::npos ? 1 : 0;
    position += std::min(text.size() + 1, rest.size());
  }
  lines_.Pass(position, line_feeds);
  return found;
}

void ExportReader::TakeComment(std::string_view line) {
  if (line == kStatements) {
    in_statements_ = true;
  } else if (line == kLines) {
    in_statements_ = false;
  } else if (line.starts_with(kDatabase)) {
    database_ = TrimBlanks(line.substr(kDatabase.size()));
    retention_policy_.clear();
  } else if (line.starts_with(kRetentionPolicy)) {
    retention_policy_ = TrimBlanks(line.substr(kRetentionPolicy.size()));
  }
}

}  // namespace fluxgate::influx
