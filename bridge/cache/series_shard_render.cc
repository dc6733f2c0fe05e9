// The scrape's side of a shard: kept apart from writing and sweeping, which never need an encoder.
#include "bridge/base/prefetch.h"
#include "bridge/cache/series_shard.h"

#include <algorithm>

namespace fluxgate {
namespace {

// A column without a sample to show must not hold the lock for long either.
constexpr uint32_t kRowsPerVisit = 4096;

// Prometheus drops samples further ahead than this.
constexpr int64_t kTimestampAheadMaxNs = int64_t{600} * 1'000'000'000;

// How far ahead of the row that is written memory is asked for.
constexpr uint32_t kRowsAhead = 8;

void PrefetchSample(const Row& row, uint32_t cell_hint) {
  if (cell_hint < row.cell_count) {
    Prefetch(&row.cells[cell_hint], sizeof(Cell));
    Prefetch(row.labels.get(), row.labels_size);
  }
}

std::optional<int64_t> ExposedTime(const RenderJob& job, const Cell& cell) {
  if (!job.timestamps || cell.time_ns > job.now.wall_ns + kTimestampAheadMaxNs) {
    return std::nullopt;
  }
  return cell.time_ns / 1'000'000;
}

}  // namespace

bool SeriesShard::Render(const RenderJob& job, size_t size_max, ColumnCursor* cursor,
                         bool* has_header, std::string* out) const {
  const ColumnRef& ref = cursor->column;
  if (ref.table >= tables_.size() || tables_[ref.table] == nullptr) {
    return true;
  }
  SeriesTable& table = *tables_[ref.table];
  if (ref.column >= table.columns().size() || table.columns()[ref.column].version != ref.version) {
    return true;
  }
  const ShardFamily& family = families_.find(table.columns()[ref.column].family->name)->second;
  const std::vector<Row>& rows = table.rows();
  RowSet::Walk walk(table.columns()[ref.column].rows, cursor->row);
  uint32_t visits = 0;
  for (; !walk.is_done() && visits < kRowsPerVisit && out->size() < size_max;
       walk.Next(), ++visits) {
    const uint32_t number = walk.row();
    const Row& row = rows[number];
    if (number + kRowsAhead < rows.size()) {
      PrefetchSample(rows[number + kRowsAhead], cursor->cell_hint);
    }
    if (static_cast<int32_t>(row.created_epoch - job.epoch) >= 0) {
      continue;
    }
    const Cell* const cell = row.FindCell(ref.column, cursor->cell_hint);
    if (context_.freshness.IsExpired(*cell, job.now)) {
      continue;
    }
    cursor->cell_hint = static_cast<uint32_t>(cell - row.cells.get());
    if (family.owners != nullptr) {
      // A series that changed its table during this scrape may have been written already.
      const auto owner = family.owners->find(row.labels_text());
      if (static_cast<int32_t>(owner->second.created_epoch - job.epoch) >= 0) {
        continue;
      }
    }
    if (!*has_header) {
      job.encoder->AppendHeader(out);
      *has_header = true;
    }
    job.encoder->AppendSample({}, row.labels_text(), cell->value, ExposedTime(job, *cell), out);
  }
  cursor->visits = visits;
  cursor->row = walk.is_done() ? static_cast<uint32_t>(rows.size()) : walk.row();
  return walk.is_done();
}

}  // namespace fluxgate
