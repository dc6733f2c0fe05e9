// A SeriesMapper for tests that speak to the cache itself: series keys are `table|labels`, with the
// labels rendered (spaces around the bar only make another key of the same series), families are
// `table_field`.
//
// Thread: compatible.
#pragma once

#include "bridge/cache/series_cache.h"

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

class PlainMapper final : public SeriesMapper {
 public:
  bool MapSeries(const CachePoint& point, MappedSeries* series) override {
    ++mapped_series;
    const size_t bar = point.series_key.find('|');
    if (bar == std::string_view::npos) {
      return false;
    }
    table_ = Trim(point.series_key.substr(0, bar));
    labels_ = Trim(point.series_key.substr(bar + 1));
    *series = {table_, labels_, 0};
    return true;
  }

  std::string_view MapField(const CachePoint& /*point*/, std::string_view table, uint32_t /*scope*/,
                            const CacheField& field) override {
    ++mapped_fields;
    if (field.key == "bad") {
      return {};
    }
    family_ = std::string(table) + "_" + std::string(field.key);
    return family_;
  }

  void DropString(const CachePoint& /*point*/, const CacheField& /*field*/) override {
    ++dropped_strings;
  }

  void Drop(const CachePoint& /*point*/, const CacheField& field,
            std::string_view reason) override {
    drops.push_back(std::string(field.key) + ": " + std::string(reason));
  }

  int mapped_series = 0;
  int mapped_fields = 0;
  int dropped_strings = 0;
  std::vector<std::string> drops;

 private:
  static std::string Trim(std::string_view text) {
    const size_t begin = std::min(text.find_first_not_of(' '), text.size());
    return std::string(text.substr(begin, text.find_last_not_of(' ') + 1 - begin));
  }

  std::string table_;
  std::string labels_;
  std::string family_;
};

// Points of one batch, collected line by line.
class PlainBatch {
 public:
  PlainBatch& Add(std::string_view key, int64_t time_ns, std::vector<CacheField> fields) {
    points_.push_back({key, static_cast<uint32_t>(fields_.size()),
                       static_cast<uint32_t>(fields.size()), time_ns, false});
    fields_.insert(fields_.end(), fields.begin(), fields.end());
    return *this;
  }

  WriteCounts WriteTo(SeriesCache* cache, const Now& now, PlainMapper* mapper,
                      std::string_view database = "db") const {
    WriteScratch scratch;
    return cache->Write({points_, fields_}, cache->databases().Origin(database, ""), now, mapper,
                        &scratch);
  }

 private:
  std::vector<CachePoint> points_;
  std::vector<CacheField> fields_;
};

}  // namespace fluxgate
