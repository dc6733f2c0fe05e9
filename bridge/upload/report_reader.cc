#include "bridge/upload/report_reader.h"

#include "protocol/influx/series_key.h"

#include "bridge/upload/sized_number.h"

#include <algorithm>

namespace fluxgate {
namespace {

using influx::LineErrorCode;

constexpr size_t kTextSize = 256;  // of a line, kept to tell of it later

std::string_view TrimBlanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return begin < end ? text.substr(begin, end - begin) : std::string_view();
}

// Sets the tag, in place of one that is there.
void SetTag(std::vector<std::pair<std::string, std::string>>* tags, const std::string& key,
            std::string value) {
  const auto found = std::ranges::find(*tags, key, &std::pair<std::string, std::string>::first);
  if (found == tags->end()) {
    tags->emplace_back(key, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

}  // namespace

ReportReader::ReportReader(const ReportRules* rules, const influx::ReaderOptions& options)
    : rules_(rules), options_(options) {}

void ReportReader::SetInput(std::string_view bytes, bool last) {
  input_ = bytes;
  last_ = last;
  position_ = 0;
}

ReportReader::Result ReportReader::Next() {
  switch (TakeLine()) {
    case Line::kTaken:
      return Result::kNothing;
    case Line::kBad:
      return Result::kError;
    case Line::kNeedMore:
      return ended_early_ ? NextDraft() : Result::kNeedMore;
    case Line::kNone:
      break;
  }
  return NextDraft();
}

ReportReader::Line ReportReader::TakeLine() {
  if (position_ == input_.size()) {
    return last_ ? Line::kNone : Line::kNeedMore;
  }
  const std::string_view rest = input_.substr(position_);
  const size_t line_feed = rest.find('\n');
  const bool is_whole = line_feed != std::string_view::npos || last_;
  const std::string_view text = rest.substr(0, line_feed);
  const bool was_skipping = skips_;
  const bool is_overlong = text.size() > options_.max_line_size;
  if (!is_whole && !was_skipping && !is_overlong) {
    return Line::kNeedMore;
  }
  position_ += is_whole ? std::min(text.size() + 1, rest.size()) : rest.size();
  skips_ = !is_whole;
  if (was_skipping) {
    return Line::kTaken;
  }
  ++line_number_;
  if (is_overlong) {
    Fail(LineErrorCode::kLineTooLong, text.substr(0, influx::kOverlongHeadSize));
    error_.size = options_.max_line_size + 1;
    error_.size_max = options_.max_line_size;
    return Line::kBad;
  }
  const std::string_view line = TrimBlanks(text);
  return line.empty() || TakeText(line) ? Line::kTaken : Line::kBad;
}

bool ReportReader::TakeText(std::string_view text) {
  const ReportRule* const rule = rules_->Match(text, &groups_);
  return rule != nullptr ? TakeRule(*rule, text) : Fail(LineErrorCode::kNoRuleMatches, text);
}

bool ReportReader::TakeRule(const ReportRule& rule, std::string_view text) {
  for (const auto& [key, value] : rule.report_tags) {
    if (!SetReportTag(key, value.Fill(groups_), text)) {
      return false;
    }
  }
  if (!rule.time.empty()) {
    const std::string date = rule.time.Fill(groups_);
    const std::optional<int64_t> time_ns =
        ParseReportDate(date, rule.time_format, rule.time_zone.Fill(groups_), rules_->zones(),
                        options_.default_time_ns);
    if (!time_ns) {
      return Fail(LineErrorCode::kBadTimestamp, text, date);
    }
    time_ns_ = time_ns;
  }
  return rule.fields.empty() || AddDraft(rule, text);
}

bool ReportReader::SetReportTag(const std::string& key, std::string value, std::string_view text) {
  const auto found = std::ranges::find(report_tags_, key, &Tags::value_type::first);
  const size_t before = found == report_tags_.end() ? 0 : key.size() + found->second.size();
  const size_t size = report_tags_size_ - before + key.size() + value.size();
  const size_t text_size = text_size_ - report_tags_size_ + size;
  if (size > influx::kSeriesKeySizeMax || text_size > kTextSizeMax) {
    Fail(size > influx::kSeriesKeySizeMax ? LineErrorCode::kKeyTooLong
                                          : LineErrorCode::kReportTooLong,
         text);
    error_.size = size;
    has_refusal_ = true;
    refusal_.code = error_.code;
    refusal_.size = size;
    return false;
  }
  text_size_ = text_size;
  report_tags_size_ = size;
  SetTag(&report_tags_, key, std::move(value));
  return true;
}

bool ReportReader::AddDraft(const ReportRule& rule, std::string_view text) {
  if (drafts_.size() == kPointsMax) {
    return Fail(LineErrorCode::kReportTooLong, text);
  }
  Draft draft;
  draft.line_number = line_number_;
  draft.text = text.substr(0, kTextSize);
  draft.measurement = rule.measurement.Fill(groups_);
  for (const auto& [key, value] : rule.tags) {
    SetTag(&draft.tags, key, value.Fill(groups_));
  }
  for (const auto& [key, value] : rule.fields) {
    const std::string number_text = value.Fill(groups_);
    const std::optional<double> number = ParseSizedNumber(number_text);
    if (!number) {
      return Fail(LineErrorCode::kInvalidValue, text, number_text);
    }
    draft.fields.emplace_back(key, *number);
  }
  size_t size = draft.text.size() + draft.measurement.size();
  for (const auto& [key, value] : draft.tags) {
    size += key.size() + value.size();
  }
  for (const auto& [key, value] : draft.fields) {
    size += key.size();
  }
  if (size > kTextSizeMax - text_size_) {
    return Fail(LineErrorCode::kReportTooLong, text);
  }
  text_size_ += size;
  drafts_.push_back(std::move(draft));
  return true;
}

ReportReader::Result ReportReader::NextDraft() {
  if (next_draft_ == drafts_.size()) {
    return Result::kEnd;
  }
  if (next_draft_ == 0) {
    builder_.Clear();
    for (const auto& [key, value] : report_tags_) {
      builder_.AddTag(key, value);
    }
    builder_.KeepTags();
  }
  const Draft& draft = drafts_[next_draft_++];
  if (RefuseDraft(draft)) {
    return Result::kError;
  }
  BuildDraft(draft);
  if (const auto code = builder_.Build(&point_)) {
    Fail(*code, draft.text);
    error_.size = builder_.key_size();
    error_.line_number = draft.line_number;
    return Result::kError;
  }
  return Result::kPoint;
}

// Whether the point cannot be told from others: error_ says why.
bool ReportReader::RefuseDraft(const Draft& draft) {
  const bool is_cut_off = ended_early_ && !LacksNothing();
  if (!is_cut_off && !has_refusal_ && made_size_ + report_tags_size_ <= kMadeSizeMax) {
    made_size_ += report_tags_size_;
    return false;
  }
  Fail(is_cut_off     ? LineErrorCode::kReportCutOff
       : has_refusal_ ? refusal_.code
                      : LineErrorCode::kReportTooLong,
       draft.text);
  error_.size = refusal_.size;
  error_.line_number = draft.line_number;
  return true;
}

void ReportReader::BuildDraft(const Draft& draft) {
  builder_.Restart();
  builder_.SetMeasurement(draft.measurement);
  for (const auto& [key, value] : draft.tags) {
    builder_.SetTag(key, value);
  }
  for (const auto& [key, value] : draft.fields) {
    influx::Field field;
    field.float_value = value;
    builder_.AddField(key, field);
  }
  point_ = {};
  point_.line_number = draft.line_number;
  point_.text = draft.text;
  point_.time_ns = time_ns_.value_or(options_.default_time_ns);
  point_.has_time = time_ns_.has_value();
}

bool ReportReader::LacksNothing() const {
  return std::ranges::all_of(rules_->rules(), [this](const ReportRule& rule) {
    const bool has_tags = std::ranges::all_of(rule.report_tags, [this](const auto& tag) {
      return std::ranges::find(report_tags_, tag.first, &Tags::value_type::first) !=
             report_tags_.end();
    });
    return has_tags && (rule.time.empty() || time_ns_);
  });
}

bool ReportReader::Fail(LineErrorCode code, std::string_view text, std::string token) {
  error_ = {};
  error_.code = code;
  error_.line_number = line_number_;
  error_.column = 1;
  error_.text = text;
  token_ = std::move(token);
  error_.token = token_;
  return false;
}

}  // namespace fluxgate
