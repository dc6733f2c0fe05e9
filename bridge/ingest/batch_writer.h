// Reads the lines of one batch and stores their points, slice by slice.
//
// Points go to the cache in windows of a few hundred, so that each shard is locked once per window.
// A series key is checked and mapped only when the cache does not know it; a key that turns out bad
// then makes a bad line like any other.
// Lifetime: uses the Ingest it was made by; keeps no view of a piece beyond Write.
// Errors: bad lines and dropped samples are part of the result; nothing stops a batch.
// Bounds: a window's worth of points and fields, whatever the size of the batch and of its lines.
// Thread: compatible.
#pragma once

#include "protocol/influx/line_reader.h"

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/ingest/batch_result.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/write_params.h"
#include "bridge/mapping/mapping.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {

// How the lines of a batch are read.
influx::ReaderOptions ReaderOptionsOf(const IngestOptions& options, const WriteParams& params,
                                      const Now& now);

class BatchWriter final : private SeriesMapper {
 public:
  BatchWriter(Ingest* ingest, const WriteParams& params, std::string_view peer, const Now& now);

  // What is written is part of `body`, which outlives the writer; null: of no group's.
  void SetBody(const GroupBody* body) { origin_.body = body; }

  // The time of what is written from now on. A database that was dropped meanwhile is back with it.
  void SetNow(const Now& now);

  // Stores the points of the complete lines of `bytes` and returns how many bytes they take; the
  // rest must come again at the start of the next piece. `last`: nothing follows, all bytes are
  // taken.
  size_t Write(std::string_view bytes, bool last);

  // For points and errors of other readers than this one's own. What a point views must last until
  // the next Flush(); a caller flushes after a few hundred of them.
  void AddPoint(const influx::Point& point);
  void AddBadLine(const influx::LineError& error);
  void Flush();

  const BatchResult& result() const { return result_; }
  // What came since the last call; a batch without end is accounted for in parts.
  BatchResult TakeResult();
  WriteTotals& totals() { return result_.totals; }

 private:
  // A bad line that waits for its window, so that bad lines are told in order.
  struct BadLine {
    uint64_t number;
    std::string message;
    std::string start;
  };

  // The rejections of a reason: those that the result does not have yet, and how many were logged.
  struct Rejected {
    std::string_view reason;
    uint64_t count;
    uint64_t logged;
  };

  // What is needed of a line behind its point, to tell of what becomes of it.
  struct SourceLine {
    std::string_view text;
    uint64_t number;
    uint64_t indent;
    bool is_continuation;
  };

  void RenewDatabase();
  void CountLeniency(std::string_view reason, uint64_t count);
  void CountAdjustments(const KeyAdjustments& adjustments);
  static bool Count(std::string_view reason, std::vector<Rejected>* counts);
  static void TakeCounts(std::vector<Rejected>* counts, ReasonCounts* sums);
  void Log(std::string_view reason, std::string_view text, std::string_view detail) const;
  void CountDrop(const CachePoint& point, std::string_view field_key, std::string_view reason);
  const SourceLine& LineOf(const CachePoint& point) const {
    return lines_[static_cast<size_t>(&point - points_.data())];
  }

  bool MapSeries(const CachePoint& point, MappedSeries* series) override;
  std::string_view MapField(const CachePoint& point, std::string_view table, uint32_t scope,
                            const CacheField& field) override;
  void DropString(const CachePoint& point, const CacheField& field) override;
  void Drop(const CachePoint& point, const CacheField& field, std::string_view reason) override;

  Ingest* const ingest_;
  const std::string_view database_;
  const std::string_view peer_;
  Now now_;
  uint64_t drops_seen_;  // of databases, when database_ was made known
  WriteOrigin origin_;
  influx::LineReader reader_;
  BatchResult result_;
  std::vector<Rejected> bad_line_counts_;
  std::vector<Rejected> drop_counts_;

  // The window.
  std::vector<CachePoint> points_;
  std::vector<CacheField> fields_;
  std::vector<SourceLine> lines_;  // of points_
  std::vector<BadLine> bad_lines_;

  WriteScratch scratch_;
  std::vector<influx::Tag> tags_;
  SeriesTarget target_;
  std::string family_;
};

}  // namespace fluxgate
