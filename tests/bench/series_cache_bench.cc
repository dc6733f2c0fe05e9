// How fast the cache stores what was read. An item is a field; the argument is the number of tag
// sets.
#include "protocol/influx/series_key.h"

#include "bridge/cache/series_cache.h"
#include "bridge/mapping/mapping.h"

#include "tests/bench/tsbs_fleet.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace fluxgate::bench {
namespace {

constexpr size_t kSlicePoints = 256;
constexpr Now kNow{1'700'000'000'000'000'000, 1000};

// Points of a load, all fields of each, ready for the cache.
class Points {
 public:
  explicit Points(uint32_t hosts) {
    keys_.reserve(hosts);
    for (uint32_t host = 0; host < hosts; ++host) {
      std::string line;
      AppendTsbsLine(host, 0, kNow.wall_ns, ValueKind::kInteger, &line);
      keys_.push_back(line.substr(0, line.find(' ')));
      points_.push_back({keys_.back(), static_cast<uint32_t>(fields_.size()),
                         static_cast<uint32_t>(kTsbsFields.size()), kNow.wall_ns});
      for (size_t field = 0; field < kTsbsFields.size(); ++field) {
        fields_.push_back(
            {kTsbsFields[field], TsbsValue(host, field, 0, ValueKind::kInteger), true});
      }
    }
  }

  int64_t field_count() const { return static_cast<int64_t>(fields_.size()); }

  int64_t key_size() const {
    int64_t size = 0;
    for (const std::string& key : keys_) {
      size += static_cast<int64_t>(key.size());
    }
    return size;
  }

  void WriteAll(SeriesCache* cache, SeriesMapper* mapper, WriteScratch* scratch) const {
    const WriteOrigin origin = cache->databases().Origin("bench", "");
    const std::span<const CachePoint> points(points_);
    for (size_t begin = 0; begin < points.size(); begin += kSlicePoints) {
      const size_t count = std::min(kSlicePoints, points.size() - begin);
      cache->Write({points.subspan(begin, count), fields_}, origin, kNow, mapper, scratch);
    }
  }

 private:
  std::vector<std::string> keys_;
  std::vector<CachePoint> points_;
  std::vector<CacheField> fields_;
};

// Maps as ingest does.
class DefaultMapper final : public SeriesMapper {
 public:
  bool MapSeries(const CachePoint& point, MappedSeries* series) override {
    std::string_view measurement;
    if (influx::ParseSeriesKey(point.series_key, true, &measurement, &tags_)) {
      return false;
    }
    mapping_.MapSeries(measurement, tags_, &target_);
    *series = {target_.table, target_.labels, target_.scope};
    return true;
  }
  std::string_view MapField(const CachePoint&, std::string_view table, uint32_t,
                            const CacheField& field) override {
    mapping_.MapField(table, field.key, &family_);
    return family_;
  }
  void DropString(const CachePoint&, const CacheField&) override {}
  void Drop(const CachePoint&, const CacheField&, std::string_view) override {}

 private:
  const Mapping mapping_{MappingOptions()};
  std::vector<influx::Tag> tags_;
  SeriesTarget target_;
  std::string family_;
};

void Count(benchmark::State& state, const Points& points) {
  state.SetItemsProcessed(state.iterations() * points.field_count());
  state.SetBytesProcessed(state.iterations() * points.key_size());
}

void WriteKnown(benchmark::State& state) {
  const Points points(static_cast<uint32_t>(state.range(0)));
  SeriesCache cache{CacheOptions()};
  DefaultMapper mapper;
  WriteScratch scratch;
  points.WriteAll(&cache, &mapper, &scratch);
  for ([[maybe_unused]] auto iteration : state) {
    points.WriteAll(&cache, &mapper, &scratch);
  }
  Count(state, points);
}

void WriteNew(benchmark::State& state) {
  const Points points(static_cast<uint32_t>(state.range(0)));
  DefaultMapper mapper;
  WriteScratch scratch;
  std::unique_ptr<SeriesCache> cache;
  for ([[maybe_unused]] auto iteration : state) {
    state.PauseTiming();
    cache = std::make_unique<SeriesCache>(CacheOptions());
    state.ResumeTiming();
    points.WriteAll(cache.get(), &mapper, &scratch);
  }
  Count(state, points);
}

BENCHMARK(WriteKnown)->Arg(1000)->Arg(10'000)->Arg(100'000);
BENCHMARK(WriteNew)->Arg(1000)->Arg(10'000)->Arg(100'000);

}  // namespace
}  // namespace fluxgate::bench
