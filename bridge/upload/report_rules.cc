#include "bridge/upload/report_rules.h"

#include <absl/strings/str_format.h>

#include <algorithm>

namespace fluxgate {
namespace {

RE2::Options PatternOptions() {
  RE2::Options options;
  options.set_log_errors(false);
  return options;
}

// The group that is open at the end of a pattern, or the one end of a group too many.
size_t FindOddParenthesis(std::string_view pattern) {
  std::vector<size_t> open;
  bool in_class = false;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\') {
      ++i;
    } else if (in_class) {
      in_class = pattern[i] != ']';
    } else if (pattern[i] == '[') {
      in_class = true;
      for (const char first : {'^', ']'}) {
        if (pattern.substr(i + 1).starts_with(first)) {
          ++i;
        }
      }
    } else if (pattern[i] == '(') {
      open.push_back(i);
    } else if (pattern[i] == ')' && open.empty()) {
      return i;
    } else if (pattern[i] == ')') {
      open.pop_back();
    }
  }
  return open.empty() ? 0 : open.back();
}

// 1-based. RE2 tells the faulty part, not where it stands: it ends where the shortest start of the
// pattern ends that has the same fault.
size_t FaultPosition(const std::string& pattern, const RE2& faulty) {
  if (faulty.error_code() == RE2::ErrorMissingParen ||
      faulty.error_code() == RE2::ErrorUnexpectedParen) {
    return FindOddParenthesis(pattern) + 1;
  }
  for (size_t size = 1; size <= pattern.size(); ++size) {
    const RE2 start(pattern.substr(0, size), PatternOptions());
    if (start.error_code() == faulty.error_code() && start.error_arg() == faulty.error_arg()) {
      return size - std::min(size - 1, faulty.error_arg().size() - 1);
    }
  }
  return pattern.find(faulty.error_arg()) + 1;
}

bool BelongsToName(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         (byte >= '0' && byte <= '9') || byte == '_';
}

// Takes `$name` or `${name}` off `rest`, which begins with the dollar sign; empty when it is none.
std::string_view TakeGroupName(std::string_view* rest) {
  rest->remove_prefix(1);
  if (rest->starts_with('{')) {
    const size_t end = std::min(rest->find('}'), rest->size());
    const std::string_view name = rest->substr(1, end - 1);
    rest->remove_prefix(std::min(end + 1, rest->size()));
    return name;
  }
  const size_t size =
      static_cast<size_t>(std::ranges::find_if_not(*rest, BelongsToName) - rest->begin());
  const std::string_view name = rest->substr(0, size);
  rest->remove_prefix(size);
  return name;
}

}  // namespace

absl::Status ReportText::Parse(std::string_view text, const RE2& pattern, ReportText* parsed) {
  parsed->pieces_.clear();
  while (!text.empty()) {
    if (text.starts_with("$$")) {
      parsed->pieces_.push_back({"$", 0});
      text.remove_prefix(2);
      continue;
    }
    if (!text.starts_with('$')) {
      const size_t end = std::min(text.find('$'), text.size());
      parsed->pieces_.push_back({std::string(text.substr(0, end)), 0});
      text.remove_prefix(end);
      continue;
    }
    const std::string name(TakeGroupName(&text));
    const auto& groups = pattern.NamedCapturingGroups();
    const auto found = groups.find(name);
    if (found == groups.end()) {
      return absl::InvalidArgumentError(
          absl::StrFormat("the pattern has no group \"%s\" (?P<%s>...)", name, name));
    }
    parsed->pieces_.push_back({"", static_cast<size_t>(found->second)});
  }
  return absl::OkStatus();
}

std::string ReportText::Fill(const std::vector<re2::StringPiece>& groups) const {
  std::string filled;
  for (const Piece& piece : pieces_) {
    if (piece.group == 0) {
      filled += piece.text;
    } else {
      filled.append(groups[piece.group].data(), groups[piece.group].size());
    }
  }
  return filled;
}

bool ReportText::has_groups() const {
  return std::ranges::any_of(pieces_, [](const Piece& piece) { return piece.group != 0; });
}

absl::Status ReportRules::MakePattern(const std::string& name, const std::string& pattern,
                                      std::unique_ptr<RE2>* compiled) {
  *compiled = std::make_unique<RE2>(pattern, PatternOptions());
  if (!(*compiled)->ok()) {
    return absl::InvalidArgumentError(absl::StrFormat("rule \"%s\": pattern, position %d: %s", name,
                                                      FaultPosition(pattern, **compiled),
                                                      (*compiled)->error()));
  }
  return absl::OkStatus();
}

const ReportRule* ReportRules::Match(std::string_view line,
                                     std::vector<re2::StringPiece>* groups) const {
  const re2::StringPiece text(line.data(), line.size());
  for (const ReportRule& rule : rules_) {
    const int count = rule.pattern->NumberOfCapturingGroups() + 1;
    groups->assign(static_cast<size_t>(count), re2::StringPiece());
    if (rule.pattern->Match(text, 0, text.size(), RE2::ANCHOR_BOTH, groups->data(), count)) {
      return &rule;
    }
  }
  return nullptr;
}

}  // namespace fluxgate
