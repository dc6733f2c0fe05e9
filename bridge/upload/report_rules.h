// The rules that turn the lines of a report, which is free text, into points.
//
// Errors: of making a rule only, one line: the name of the rule, what is wrong and, for a pattern,
// where.
// Thread: immutable once made.
// Spec: README.md, "Files and reports". Patterns are RE2 and match a whole line, without the blanks
// around it. In texts `$name` and `${name}` stand for a group of the pattern, `$$` for a dollar
// sign.
#pragma once

#include "bridge/upload/report_date.h"

#include <absl/status/status.h>
#include <re2/re2.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

// A text with groups in it.
class ReportText {
 public:
  // `pattern` has the groups.
  static absl::Status Parse(std::string_view text, const RE2& pattern, ReportText* parsed);

  std::string Fill(const std::vector<re2::StringPiece>& groups) const;
  bool empty() const { return pieces_.empty(); }
  bool has_groups() const;

 private:
  struct Piece {
    std::string text;
    size_t group = 0;  // 0: the text itself
  };
  std::vector<Piece> pieces_;
};

using NamedTexts = std::vector<std::pair<std::string, ReportText>>;

struct ReportRule {
  std::string name;
  std::unique_ptr<RE2> pattern;
  ReportText measurement;
  NamedTexts tags;
  NamedTexts fields;
  NamedTexts report_tags;  // given to all points of the report
  ReportText time;         // of all points of the report
  std::string time_format;
  ReportText time_zone;
};

class ReportRules {
 public:
  // Compiles the pattern of a new rule.
  static absl::Status MakePattern(const std::string& name, const std::string& pattern,
                                  std::unique_ptr<RE2>* compiled);

  void Add(ReportRule rule) { rules_.push_back(std::move(rule)); }
  ReportZones& zones() { return zones_; }
  const ReportZones& zones() const { return zones_; }
  bool empty() const { return rules_.empty(); }
  const std::vector<ReportRule>& rules() const { return rules_; }

  // The first rule that matches the line, which has no blanks around it, and what its groups hold;
  // null when there is none.
  const ReportRule* Match(std::string_view line, std::vector<re2::StringPiece>* groups) const;

 private:
  std::vector<ReportRule> rules_;
  ReportZones zones_;
};

}  // namespace fluxgate
