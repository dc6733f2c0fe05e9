#include "protocol/influx/export_reader.h"

#include <algorithm>

namespace fluxgate::influx {
namespace {

constexpr std::string_view kDatabase = "# CONTEXT-DATABASE:";
constexpr std::string_view kRetentionPolicy = "# CONTEXT-RETENTION-POLICY:";
constexpr std::string_view kStatements = "# DDL";
constexpr std::string_view kLines = "# DML";
constexpr std::string_view kTitle = "# INFLUXDB EXPORT";
constexpr std::string_view kBlanks = " \t\r";

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
  begin_ = 0;
  seen_ = 0;
}

ExportReader::Result ExportReader::Next() {
  for (;;) {
    if (!in_line_ && !ReadHeaderLines()) {
      PassHeaderLines();
      return Result::kNeedMore;
    }
    if (!in_line_ && in_statements_ && consumed() < input_.size()) {
      if (!PassStatement()) {
        return Result::kNeedMore;
      }
      continue;
    }
    const Result result = lines_.Next();
    in_line_ = result == Result::kNeedMore;
    return result;
  }
}

// Takes the comments in front of the next line; the line reader passes over them by itself. False
// when the input ends before that line begins.
bool ExportReader::ReadHeaderLines() {
  seen_ = std::max(seen_, consumed());
  while (seen_ < input_.size()) {
    const std::string_view rest = input_.substr(seen_);
    const size_t blanks = std::min(rest.find_first_not_of(" \t\r\n"), rest.size());
    if (blanks < rest.size() && rest[blanks] != '#') {
      return true;
    }
    const size_t line_feed = rest.find('\n', blanks);
    if (line_feed == std::string_view::npos) {
      TakeComment(last_ ? rest : std::string_view());
      return last_ || rest.size() > comment_size_max_;
    }
    TakeComment(rest.substr(0, line_feed));
    seen_ += line_feed + 1;
  }
  return last_;
}

// Consumes what was taken, so that comments without end need no memory.
void ExportReader::PassHeaderLines() {
  begin_ = consumed();
  lines_.SetInput(input_.substr(begin_, seen_ - begin_), false);
  lines_.Next();
}

// Statements have quotes of their own, so the line reader sees a comment in place of each. False
// when its end is still to come.
bool ExportReader::PassStatement() {
  PassHeaderLines();
  const std::string_view rest = input_.substr(seen_);
  size_t end = rest.find('\n', std::min(rest.find_first_not_of(" \t\r\n"), rest.size()));
  if (end == std::string_view::npos) {
    if (!last_ && rest.size() <= comment_size_max_) {
      return false;
    }
    in_statements_ = last_;  // else it is no statement
    end = last_ ? rest.size() - 1 : 0;
  }
  for (auto lines = std::ranges::count(rest.substr(0, end + 1), '\n'); lines > 0; --lines) {
    lines_.SetInput("#\n", false);
    lines_.Next();
  }
  begin_ = seen_ += in_statements_ ? end + 1 : 0;
  lines_.SetInput(input_.substr(begin_), last_);
  return true;
}

void ExportReader::TakeComment(std::string_view comment) {
  const std::string_view line =
      TrimBlanks(comment.substr(std::min(comment.find_first_not_of(" \t\r\n"), comment.size())));
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
