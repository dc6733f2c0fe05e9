#include "bridge/upload/part_writer.h"

#include "bridge/base/check.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr size_t kWindowSize = 64;  // points and errors
constexpr size_t kFirstTextSize = size_t{1} << 10;
constexpr size_t kTextSize = size_t{64} << 10;

}  // namespace

PartWriter::PartWriter(Ingest* ingest, const ReportRules* rules, const WriteParams& params,
                       const GroupBody* body, std::string_view peer, const Now& now,
                       uint64_t inflated_size_max)
    : ingest_(ingest),
      body_(body),
      peer_(peer),
      now_(now),
      given_params_(params),
      params_(params),
      file_(rules, ReaderOptionsOf(ingest->options(), params, now), inflated_size_max, this) {}

void PartWriter::SetNow(const Now& now) {
  now_ = now;
  file_.SetDefaultTime(now.wall_ns);
  if (writer_) {
    writer_->SetNow(now);
  }
}

absl::Status PartWriter::End(bool whole) {
  is_ending_ = true;
  const absl::Status status = file_.End(whole);
  Close();
  return status;
}

absl::Status PartWriter::Continue() {
  const absl::Status status = file_.Continue();
  Close();
  return status;
}

// Once there is nothing more.
void PartWriter::Close() {
  if (is_ending_ && !file_.has_more()) {
    EndContext();
    outcome_.format = file_.format();
    outcome_.is_gzip = file_.is_gzip();
  }
}

BatchWriter& PartWriter::Writer() {
  if (!writer_) {
    writer_.emplace(ingest_, params_, peer_, now_);
    writer_->SetBody(body_);
  }
  return *writer_;
}

void PartWriter::BeginContext(const PointSource& source) {
  const std::string_view database = source.database();
  const std::string_view retention_policy = source.retention_policy();
  if (database.empty() ? !is_elsewhere_
                       : is_elsewhere_ && params_.database == database &&
                             params_.retention_policy == retention_policy) {
    return;
  }
  EndContext();
  is_elsewhere_ = !database.empty();
  if (is_elsewhere_) {
    params_.database = database;
    params_.retention_policy = retention_policy;
  } else {
    params_ = given_params_;
  }
}

void PartWriter::EndContext() {
  if (!writer_) {
    return;
  }
  Flush();
  const BatchResult& result = writer_->result();
  ingest_->Account(params_, result, now_);
  outcome_.points += result.totals.points;
  outcome_.samples += result.totals.samples;
  outcome_.bad_line_count += result.bad_lines.count();
  for (const BadLines::Line& line : result.bad_lines.lines()) {
    if (outcome_.bad_lines.size() < BadLines::kLinesMax &&
        bad_text_size_ < BadLines::kTextSizeMax) {
      bad_text_size_ += line.message.size();
      outcome_.bad_lines.push_back(line);
    }
  }
  for (const auto& [reason, count] : result.reasons.dropped_samples) {
    outcome_.dropped_samples[reason] += count;
  }
  writer_.reset();
}

void PartWriter::Flush() {
  writer_->Flush();
  window_size_ = 0;
  text_size_ = 0;
}

// A copy of `text` that lasts until the next Flush(). There is room for it.
std::string_view PartWriter::Keep(std::string_view text) {
  CHECK(text_.size() - text_size_ >= text.size());
  char* const copy = text_.data() + text_size_;
  std::copy(text.begin(), text.end(), copy);
  text_size_ += text.size();
  return {copy, text.size()};
}

void PartWriter::TakePoint(const influx::Point& point, const PointSource& source) {
  BeginContext(source);
  const std::string_view quoted = point.text.substr(0, BadLines::kTextSizeMax);
  size_t size = point.series_key.size() + quoted.size();
  for (const influx::Field& field : point.fields) {
    size += field.key.size();
  }
  BatchWriter& writer = Writer();
  if (size > text_.size() - text_size_) {
    Flush();
    text_.resize(std::max(size, std::clamp(2 * text_.size(), kFirstTextSize, kTextSize)));
  }
  fields_.assign(point.fields.begin(), point.fields.end());
  for (influx::Field& field : fields_) {
    field.key = Keep(field.key);
  }
  influx::Point kept = point;
  kept.series_key = Keep(point.series_key);
  kept.text = Keep(quoted);
  kept.fields = fields_;
  writer.AddPoint(kept);
  if (++window_size_ == kWindowSize) {
    Flush();
  }
}

void PartWriter::TakeError(const influx::LineError& error) {
  Writer().AddBadLine(error);
  if (++window_size_ == kWindowSize) {
    Flush();
  }
}

}  // namespace fluxgate
