#include "bridge/ingest/batch_writer.h"

#include "protocol/influx/series_key.h"

#include "bridge/ingest/repeated_fields.h"
#include "bridge/mapping/drop_reason.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

constexpr size_t kWindowPoints = 256;
constexpr size_t kWindowFields = 4096;
constexpr size_t kFieldsPerPoint = 1024;  // further fields of a line are a point of their own
constexpr size_t kWindowBadLines = 64;
// Of each reason in each result: a flood of rejections must not become a flood of copies.
constexpr uint64_t kLoggedMax = RejectionLog::kPerReason;

WriteOrigin OriginOf(Ingest* ingest, const WriteParams& params) {
  WriteOrigin origin =
      ingest->cache()->databases().Origin(params.database, params.retention_policy);
  origin.is_current = params.is_current;
  return origin;
}

}  // namespace

influx::ReaderOptions ReaderOptionsOf(const IngestOptions& options, const WriteParams& params,
                                      const Now& now) {
  influx::ReaderOptions reader;
  reader.precision = params.precision;
  reader.default_time_ns = now.wall_ns;
  reader.strict = options.strict;
  reader.defer_tags = true;
  reader.max_line_size = options.line_size_max;
  reader.fields_max = kFieldsPerPoint;
  return reader;
}

BatchWriter::BatchWriter(Ingest* ingest, const WriteParams& params, std::string_view peer,
                         const Now& now)
    : ingest_(ingest),
      database_(params.database),
      peer_(peer),
      now_(now),
      drops_seen_(ingest->cache()->databases().drop_count()),
      origin_(OriginOf(ingest, params)),
      reader_(ReaderOptionsOf(ingest->options(), params, now)) {}

void BatchWriter::SetNow(const Now& now) {
  now_ = now;
  reader_.SetDefaultTime(now.wall_ns);
  RenewDatabase();
}

void BatchWriter::RenewDatabase() {
  DatabaseRegistry& databases = ingest_->cache()->databases();
  const uint64_t drops = databases.drop_count();
  if (drops != drops_seen_) {
    drops_seen_ = drops;
    databases.Create(database_);
  }
}

size_t BatchWriter::Write(std::string_view bytes, bool last) {
  reader_.SetInput(bytes, last);
  for (;;) {
    switch (reader_.Next()) {
      case influx::LineReader::Result::kPoint:
        AddPoint(reader_.point());
        break;
      case influx::LineReader::Result::kError:
        AddBadLine(reader_.error());
        break;
      case influx::LineReader::Result::kNothing:
        break;
      case influx::LineReader::Result::kNeedMore:
      case influx::LineReader::Result::kEnd:
        Flush();  // the window views `bytes`
        return reader_.consumed();
    }
    if (points_.size() >= kWindowPoints || fields_.size() >= kWindowFields ||
        bad_lines_.size() >= kWindowBadLines) {
      Flush();
    }
  }
}

void BatchWriter::AddPoint(const influx::Point& point) {
  points_.push_back({point.series_key, static_cast<uint32_t>(fields_.size()),
                     static_cast<uint32_t>(point.fields.size()), point.time_ns,
                     point.is_continuation});
  lines_.push_back({point.text, point.line_number, point.indent, point.is_continuation});
  for (const influx::Field& field : point.fields) {
    // Filled in place: copied as a whole, parts just written would have to be waited for.
    CacheField& added = fields_.emplace_back();
    added.key = field.key;
    added.is_sample = field.type != influx::FieldType::kString;
    added.value = added.is_sample ? SampleValue(field) : 0;
  }
  SettleRepeatedFields(std::span(fields_).last(point.fields.size()));
  result_.totals.points += point.is_continuation ? 0 : 1;
  if (point.leniency != influx::Leniency()) {
    CountLeniency("carriage_return", point.leniency.carriage_return ? 1 : 0);
    CountLeniency("bare_value", point.leniency.bare_value ? 1 : 0);
    CountLeniency("detected_precision", point.leniency.detected_precision ? 1 : 0);
  }
}

void BatchWriter::AddBadLine(const influx::LineError& error) {
  const std::string_view reason = influx::Name(error.code);
  if (Count(reason, &bad_line_counts_)) {
    Log(reason, error.text, influx::Reason(Shortened(error)));
  }
  if (result_.bad_lines.is_full()) {
    result_.bad_lines.Add(error.line_number, {}, {});
    return;
  }
  bad_lines_.push_back({error.line_number, influx::Message(Shortened(error)),
                        std::string(error.text.substr(0, BadLines::kStartSizeMax))});
}

void BatchWriter::Flush() {
  if (!points_.empty()) {
    const WriteCounts counts =
        ingest_->cache()->Write({points_, fields_}, origin_, now_, this, &scratch_);
    result_.totals.samples += counts.samples;
    result_.totals.historic_points += counts.historic_points;
    points_.clear();
    lines_.clear();
    fields_.clear();
  }
  TakeCounts(&bad_line_counts_, &result_.reasons.rejected_lines);
  TakeCounts(&drop_counts_, &result_.reasons.dropped_samples);
  // Bad series keys come to light last.
  std::sort(bad_lines_.begin(), bad_lines_.end(),
            [](const BadLine& a, const BadLine& b) { return a.number < b.number; });
  for (const BadLine& line : bad_lines_) {
    result_.bad_lines.Add(line.number, line.message, line.start);
  }
  bad_lines_.clear();
}

void BatchWriter::CountLeniency(std::string_view reason, uint64_t count) {
  if (count > 0) {
    result_.reasons.leniencies[reason] += count;
  }
}

void BatchWriter::CountAdjustments(const KeyAdjustments& adjustments) {
  CountLeniency("colliding_label", adjustments.colliding_labels);
  CountLeniency("name_tag", adjustments.dropped_name_tags);
  CountLeniency("reserved_label", adjustments.renamed_labels);
  CountLeniency("windows_1252", adjustments.windows_1252_bytes);
}

// Counts a rejection; whether it is to be logged. A map's search would cost more than reading a
// short line.
bool BatchWriter::Count(std::string_view reason, std::vector<Rejected>* counts) {
  // Reasons are static strings, and few.
  auto found = std::find_if(counts->begin(), counts->end(), [&](const Rejected& rejected) {
    return rejected.reason.data() == reason.data();
  });
  if (found == counts->end()) {
    found = counts->insert(found, {reason, 0, 0});
  }
  ++found->count;
  if (found->logged == kLoggedMax) {
    return false;
  }
  ++found->logged;
  return true;
}

void BatchWriter::TakeCounts(std::vector<Rejected>* counts, ReasonCounts* sums) {
  for (Rejected& rejected : *counts) {
    if (rejected.count > 0) {
      (*sums)[rejected.reason] += std::exchange(rejected.count, 0);
    }
  }
}

BatchResult BatchWriter::TakeResult() {
  bad_line_counts_.clear();
  drop_counts_.clear();
  return std::exchange(result_, {});
}

void BatchWriter::Log(std::string_view reason, std::string_view text,
                      std::string_view detail) const {
  Rejection rejection;
  rejection.time_ns = now_.wall_ns;
  rejection.peer = peer_;
  rejection.database = database_;
  rejection.text = text.substr(0, RejectionLog::kTextSizeMax);
  rejection.detail = detail.substr(0, RejectionLog::kTextSizeMax);
  ingest_->rejections().Add(reason, std::move(rejection));
}

void BatchWriter::CountDrop(const CachePoint& point, std::string_view field_key,
                            std::string_view reason) {
  if (Count(reason, &drop_counts_)) {
    Log(reason, LineOf(point).text, field_key);
  }
}

bool BatchWriter::MapSeries(const CachePoint& point, MappedSeries* series) {
  const SourceLine& line = LineOf(point);
  std::string_view measurement;
  if (std::optional<influx::LineError> error =
          influx::ParseSeriesKey(point.series_key, true, &measurement, &tags_)) {
    if (line.is_continuation) {
      return false;  // rejected already
    }
    error->line_number = line.number;
    error->column += line.indent;
    error->text = line.text;
    --result_.totals.points;
    AddBadLine(*error);
    return false;
  }
  ingest_->mapping().MapSeries(measurement, tags_, &target_);
  CountAdjustments(target_.adjustments);
  if (!target_.drop_reason.empty()) {
    for (uint32_t i = 0; i < point.field_count; ++i) {
      const CacheField& field = fields_[point.field_begin + i];
      CountDrop(point, field.key,
                field.is_sample ? target_.drop_reason : drop_reason::kStringField);
    }
    return false;
  }
  *series = {target_.table, target_.labels, target_.scope};
  return true;
}

std::string_view BatchWriter::MapField(const CachePoint& point, std::string_view table,
                                       uint32_t /*scope*/, const CacheField& field) {
  const std::string_view reason = ingest_->mapping().MapField(table, field.key, &family_);
  if (!reason.empty()) {
    CountDrop(point, field.key, reason);
    return {};
  }
  return family_;
}

void BatchWriter::DropString(const CachePoint& point, const CacheField& field) {
  CountDrop(point, field.key, drop_reason::kStringField);
}

void BatchWriter::Drop(const CachePoint& point, const CacheField& field, std::string_view reason) {
  CountDrop(point, field.key, reason);
}

}  // namespace fluxgate
