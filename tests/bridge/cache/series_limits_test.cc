#include "bridge/cache/series_limits.h"

#include "bridge/cache/series_mapper.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

CacheOptions Options(uint64_t all, uint64_t database, uint64_t measurement) {
  CacheOptions options;
  options.series_max = all;
  options.series_per_database_max = database;
  options.series_per_measurement_max = measurement;
  return options;
}

TEST(SeriesLimits, EachLimitHasItsReason) {
  struct Case {
    CacheOptions options;
    std::string_view reason;
  };
  for (const Case& c : {Case{Options(2, 0, 0), cache_drop_reason::kSeriesLimit},
                        Case{Options(9, 2, 0), cache_drop_reason::kDatabaseSeriesLimit},
                        Case{Options(9, 0, 2), cache_drop_reason::kMeasurementSeriesLimit}}) {
    SeriesLimits limits(c.options);
    std::atomic<uint64_t> database{0};
    MeasurementCount* const measurement = limits.Acquire("m");
    EXPECT_EQ(limits.Add(measurement, &database), "");
    EXPECT_EQ(limits.Add(measurement, &database), "");
    EXPECT_EQ(limits.Add(measurement, &database), c.reason);
    EXPECT_EQ(limits.series_count(), 2U);
    EXPECT_EQ(database.load(), 2U);
    EXPECT_EQ(measurement->series.load(), 2U);
    limits.Remove(measurement, &database);
    EXPECT_EQ(limits.Add(measurement, &database), "");
  }
}

TEST(SeriesLimits, OtherDatabasesAndMeasurementsHaveTheirOwnRoom) {
  SeriesLimits limits(Options(9, 1, 1));
  std::atomic<uint64_t> a{0};
  std::atomic<uint64_t> b{0};
  EXPECT_EQ(limits.Add(limits.Acquire("m"), &a), "");
  EXPECT_EQ(limits.Add(limits.Acquire("m"), &b), cache_drop_reason::kMeasurementSeriesLimit);
  EXPECT_EQ(limits.Add(limits.Acquire("n"), &a), cache_drop_reason::kDatabaseSeriesLimit);
  EXPECT_EQ(limits.Add(limits.Acquire("n"), &b), "");
}

TEST(SeriesLimits, ZeroIsNoLimit) {
  SeriesLimits limits(Options(0, 0, 0));
  std::atomic<uint64_t> database{0};
  MeasurementCount* const measurement = limits.Acquire("m");
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(limits.Add(measurement, &database), "");
  }
}

TEST(SeriesLimits, MeasurementLivesUntilItsLastTable) {
  SeriesLimits limits(Options(0, 0, 0));
  MeasurementCount* const first = limits.Acquire("m");
  EXPECT_EQ(limits.Acquire("m"), first);
  first->series = 3;
  limits.Release("m");
  EXPECT_EQ(limits.Acquire("m")->series.load(), 3U);
  limits.Release("m");
  limits.Release("m");
  EXPECT_EQ(limits.Acquire("m")->series.load(), 0U);
}

}  // namespace
}  // namespace fluxgate
