// SeriesCache against the plain model of it, over random sequences.
#include "protocol/prometheus/label_set.h"

#include "bridge/expose/exposer.h"

#include "tests/bridge/cache/line_generator.h"
#include "tests/bridge/cache/pipeline.h"
#include "tests/reference/reference_cache.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

using reference::CachedSample;
using reference::ReferenceCache;

constexpr int64_t kSecond = 1'000'000'000;
constexpr std::string_view kDatabases[] = {"db", "other", "third", ""};
constexpr std::string_view kPolicies[] = {"", "week"};
constexpr std::string_view kGroups[] = {"nightly", "hourly", "ü"};

std::vector<CachedSample> Samples(std::string_view body, reference::ExpositionSyntax syntax) {
  const reference::ParsedExposition parsed = reference::ParseExposition(syntax, body);
  EXPECT_EQ(parsed.error, "") << body;
  std::vector<CachedSample> samples;
  for (const reference::ExpositionFamily& family : parsed.families) {
    EXPECT_FALSE(family.samples.empty()) << family.name;
    for (const reference::ExpositionSample& sample : family.samples) {
      std::string labels;
      for (const auto& [name, value] : sample.labels) {
        prom::AppendLabel(name, value, &labels);
      }
      samples.push_back({sample.name, labels, sample.value});
    }
  }
  // Families are in name order; the order of samples inside one is the cache's own.
  EXPECT_TRUE(std::ranges::is_sorted(samples, {}, &CachedSample::family));
  std::ranges::sort(samples);
  EXPECT_EQ(std::ranges::adjacent_find(samples, {},
                                       [](const CachedSample& s) { return s.family + s.labels; }),
            samples.end());
  return samples;
}

ReferenceCache::Outcome OutcomeOf(const BatchResult& result) {
  ReferenceCache::Outcome outcome;
  outcome.points = result.totals.points;
  outcome.samples = result.totals.samples;
  outcome.historic_points = result.totals.historic_points;
  for (const auto& [reason, count] : result.reasons.dropped_samples) {
    outcome.dropped_samples[std::string(reason)] = count;
  }
  return outcome;
}

std::vector<std::string> Sorted(std::vector<std::string> texts) {
  std::ranges::sort(texts);
  return texts;
}

// A cache and its model, side by side.
class Twins {
 public:
  Twins(const PipelineOptions& options, uint64_t seed)
      : generator_(seed),
        pipeline_(options),
        model_(options.cache, &pipeline_.mapping),
        exposer_({}, &pipeline_.cache,
                 [](const Now&) { return std::vector<prom::MetricFamily>{}; }) {}

  void Write(uint32_t lines_max) {
    const Now now = pipeline_.clock.Read();
    const std::string body = generator_.Batch(now.wall_ns, lines_max);
    const std::string database(kDatabases[generator_.Below(std::size(kDatabases))]);
    const BatchResult result =
        pipeline_.Write(body, database, kPolicies[generator_.Below(std::size(kPolicies))]);
    const ReferenceCache::Outcome expected = model_.Write(body, database, now);
    EXPECT_EQ(result.bad_lines.count(), 0U) << body;
    const ReferenceCache::Outcome outcome = OutcomeOf(result);
    EXPECT_EQ(outcome.points, expected.points);
    EXPECT_EQ(outcome.samples, expected.samples) << body;
    EXPECT_EQ(outcome.historic_points, expected.historic_points) << body;
    EXPECT_EQ(outcome.dropped_samples, expected.dropped_samples) << body;
  }

  // Does something with bodies of groups, several of which may be on their way at once.
  // `is_swept`: so that both know the same groups still.
  void MoveGroups(bool is_swept) {
    const Now now = pipeline_.clock.Read();
    const std::string name(kGroups[generator_.Below(std::size(kGroups))]);
    switch (generator_.Below(8)) {
      case 0:
        EXPECT_TRUE(pipeline_.cache.DeleteGroup(name, now) == model_.Delete(name, now) ||
                    !is_swept);
        break;
      case 1:
      case 2:
        BeginBody(name);
        break;
      case 3:
      case 4:
        EndBody(generator_.Below(4) > 0);
        break;
      default:
        WriteToBody();
        break;
    }
  }

  void BeginBody(const std::string& name) {
    constexpr Tick kLifetimes[] = {1, 16, 16 * 90, 16 * 300, 16 * 5000};
    const Tick lifetime = kLifetimes[generator_.Below(std::size(kLifetimes))];
    const Now now = pipeline_.clock.Read();
    const auto body = pipeline_.cache.BeginBody(name, lifetime * kNanosecondsPerTick, now);
    const auto expected = model_.Begin(name, lifetime, now);
    ASSERT_EQ(body.has_value(), expected.has_value());
    if (body) {
      bodies_.emplace_back(*body, *expected);
    }
  }

  void WriteToBody() {
    if (bodies_.empty()) {
      return;
    }
    const auto& [body, expected_body] =
        bodies_[generator_.Below(static_cast<uint32_t>(bodies_.size()))];
    const Now now = pipeline_.clock.Read();
    const std::string lines = generator_.Batch(now.wall_ns, 12);
    const BatchResult result = pipeline_.Write(lines, "db", "", &body);
    const ReferenceCache::Outcome expected = model_.Write(lines, "db", now, &expected_body);
    EXPECT_EQ(OutcomeOf(result).samples, expected.samples) << lines;
    EXPECT_EQ(OutcomeOf(result).dropped_samples, expected.dropped_samples) << lines;
  }

  void EndBody(bool is_complete) {
    if (bodies_.empty()) {
      return;
    }
    const auto at = bodies_.begin() + generator_.Below(static_cast<uint32_t>(bodies_.size()));
    const Now now = pipeline_.clock.Read();
    pipeline_.cache.EndBody(at->first, is_complete ? BodyEnd::kWhole : BodyEnd::kPart, now);
    model_.End(at->second, is_complete, now);
    bodies_.erase(at);
  }

  void EndBodies() {
    while (!bodies_.empty()) {
      EndBody(generator_.Below(2) == 0);
    }
  }

  void CompareGroups() {
    const auto sizes = pipeline_.cache.GroupSizes();
    std::map<std::string, size_t> groups;
    for (const GroupState& group : pipeline_.cache.groups().List()) {
      groups[group.name] = sizes.contains(group.id) ? sizes.at(group.id) : 0;
    }
    EXPECT_EQ(groups, model_.Groups());
  }

  void Advance() {
    constexpr int64_t kSteps[] = {kSecond / 16, kSecond, 20 * kSecond, 100 * kSecond,
                                  301 * kSecond};
    pipeline_.clock.Advance(kSteps[generator_.Below(std::size(kSteps))]);
  }

  void MoveClock() {
    constexpr int64_t kSteps[] = {kSecond / 16, kSecond, 20 * kSecond, 100 * kSecond,
                                  301 * kSecond};
    const int64_t step = kSteps[generator_.Below(std::size(kSteps))];
    switch (generator_.Below(4)) {
      case 0:
        pipeline_.clock.StepWall(generator_.Below(2) == 0 ? step : -step);
        break;
      case 1:
        pipeline_.clock.StepWall(generator_.Below(2) == 0 ? 5000 * kSecond : -5000 * kSecond);
        break;
      default:
        pipeline_.clock.Advance(step);
        break;
    }
  }

  void Sweep() {
    pipeline_.Sweep();
    model_.Sweep(pipeline_.clock.Read());
  }

  // Only in the cache, and only in part.
  void SweepSome() { pipeline_.cache.Sweep(pipeline_.clock.Read(), 1 + generator_.Below(8)); }

  void CompareScrapes() {
    const std::vector<CachedSample> expected = model_.Scrape(pipeline_.clock.Read());
    const size_t piece_size = 1 + generator_.Below(500);
    const std::string text = pipeline_.Scrape(prom::ExpositionFormat::kText, piece_size);
    EXPECT_EQ(Samples(text, reference::ExpositionSyntax::kText), expected);
    EXPECT_EQ(pipeline_.Scrape(), text) << "nothing changed, so the order must not either";
    if (generator_.Below(4) == 0) {
      CompareExposers(expected);
    }
  }

  void CompareExposers(const std::vector<CachedSample>& expected) {
    const bool open_metrics = generator_.Below(2) == 0;
    const std::unique_ptr<Scrape> scrape =
        exposer_.Begin(open_metrics ? "application/openmetrics-text;version=1.0.0" : "", "",
                       pipeline_.clock.Read());
    std::string body;
    for (std::string chunk; scrape->Next(&chunk);) {
      body += chunk;
    }
    EXPECT_EQ(Samples(body, open_metrics ? reference::ExpositionSyntax::kOpenMetrics
                                         : reference::ExpositionSyntax::kText),
              expected);
  }

  // Everything that is counted or found; only when both were swept since the clock moved.
  void CompareAll() {
    CompareScrapes();
    SeriesCache& cache = pipeline_.cache;
    EXPECT_EQ(cache.series_count(), model_.series_count());
    EXPECT_EQ(cache.row_count(), model_.row_count());
    EXPECT_EQ(cache.family_count(), model_.family_count());
    for (const std::string_view name : {"t", "u_v", "_t", "w"}) {
      for (const std::string_view value : {"1", "2", "ü", "ÿ", "q\"z", "b\\\\x", "none"}) {
        EXPECT_EQ(Sorted(cache.FindByLabel(name, value)), model_.FindByLabel(name, value));
      }
    }
    for (const std::string_view database : kDatabases) {
      EXPECT_EQ(Sorted(cache.FindByDatabase(database)),
                model_.FindByDatabase(std::string(database)));
    }
    for (const std::string_view name : kDatabases) {
      if (const std::optional<DatabaseId> id = cache.databases().Find(name)) {
        EXPECT_EQ(cache.databases().SeriesCount(*id)->load(),
                  model_.SeriesCount(std::string(name)));
      }
    }
  }

  void CompareNothingLeft() {
    pipeline_.clock.Advance(100'000 * kSecond);
    Sweep();
    pipeline_.Sweep();  // routes are idle from the second round on at the latest
    CompareAll();
    EXPECT_EQ(pipeline_.cache.series_count(), 0U);
    EXPECT_EQ(pipeline_.cache.row_count(), 0U);
    EXPECT_EQ(pipeline_.cache.family_count(), 0U);
    EXPECT_EQ(pipeline_.cache.route_count(), 0U);
    for (DatabaseId id = 0; id <= pipeline_.cache.options().databases_max; ++id) {
      EXPECT_EQ(pipeline_.cache.databases().SeriesCount(id)->load(), 0U);
    }
    EXPECT_EQ(pipeline_.Scrape(), "");
  }

  LineGenerator& generator() { return generator_; }
  Pipeline& pipeline() { return pipeline_; }
  const ReferenceCache& model() const { return model_; }

 private:
  LineGenerator generator_;
  Pipeline pipeline_;
  ReferenceCache model_;
  Exposer exposer_;
  std::vector<std::pair<GroupBody, ReferenceCache::Body>> bodies_;  // on their way
};

PipelineOptions OptionsOf(uint64_t seed) {
  PipelineOptions options;
  options.cache.shard_bits = 1 + static_cast<unsigned>(seed % 3);
  options.cache.sample_age_max_ns = seed % 4 == 0 ? 0 : 3600 * kSecond;
  options.cache.databases_max = seed % 5 == 0 ? 2 : 1000;
  options.mapping.reserved_families = {"a_own", "b"};
  return options;
}

constexpr uint64_t kSeeds = 15;
constexpr int kSteps = 80;

TEST(SeriesCacheModel, EverythingAgreesWhenSweptInTime) {
  for (uint64_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Twins twins(OptionsOf(seed), seed);
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      if (twins.generator().Below(5) == 0) {
        twins.MoveClock();
        twins.Sweep();
      } else {
        twins.Write(12);
      }
      twins.CompareAll();
    }
    twins.CompareNothingLeft();
  }
}

TEST(SeriesCacheModel, ScrapesAgreeWheneverSwept) {
  for (uint64_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Twins twins(OptionsOf(seed), 1000 + seed);
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      switch (twins.generator().Below(8)) {
        case 0:
          twins.MoveClock();
          break;
        case 1:
          twins.SweepSome();
          break;
        default:
          twins.Write(12);
          break;
      }
      twins.CompareScrapes();
    }
    twins.CompareNothingLeft();
  }
}

TEST(SeriesCacheModel, LargeBatchesKeepTheirOrder) {
  for (uint64_t seed = 0; seed < 4 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Twins twins(OptionsOf(seed), 2000 + seed);
    for (int step = 0; step < 6 && !HasFailure(); ++step) {
      if (twins.generator().Below(4) == 0) {
        twins.MoveClock();
        twins.Sweep();
      }
      twins.Write(1000);
      twins.CompareAll();
    }
    twins.CompareNothingLeft();
  }
}

TEST(SeriesCacheModel, SparseColumnsAgree) {
  for (uint64_t seed = 0; seed < 6 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Twins twins(OptionsOf(seed), 8000 + seed);
    twins.generator().MakeSparse();
    for (int step = 0; step < 25 && !HasFailure(); ++step) {
      switch (twins.generator().Below(6)) {
        case 0:
          twins.MoveClock();
          twins.Sweep();
          break;
        case 1:
          twins.MoveGroups(true);
          break;
        default:
          twins.Write(100);
          break;
      }
      twins.CompareAll();
    }
    twins.EndBodies();
    twins.CompareNothingLeft();
  }
}

TEST(SeriesCacheModel, SamplesExpireByTheirOwnTime) {
  for (uint64_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    PipelineOptions options = OptionsOf(seed);
    options.cache.expiry_clock = ExpiryClock::kSample;
    Twins twins(options, 3000 + seed);
    for (int step = 0; step < kSteps && !HasFailure(); ++step) {
      if (twins.generator().Below(5) == 0) {
        twins.MoveClock();
      } else {
        twins.Write(12);
      }
      twins.Sweep();
      twins.CompareAll();
    }
    twins.CompareNothingLeft();
  }
}

// Groups beside ordinary writes. With the sample clock, a step of the wall clock may end a member
// before its time, which the model does not follow.
void CompareWithGroups(ExpiryClock clock, bool sweeps_in_time, uint64_t first_seed) {
  for (uint64_t seed = 0; seed < 2 * kSeeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    PipelineOptions options = OptionsOf(seed);
    options.cache.expiry_clock = clock;
    options.cache.groups_max = seed % 3 == 0 && sweeps_in_time ? 2 : 1000;
    Twins twins(options, first_seed + seed);
    for (int step = 0; step < 2 * kSteps && !testing::Test::HasFailure(); ++step) {
      switch (twins.generator().Below(10)) {
        case 0:
          clock == ExpiryClock::kSample ? twins.Advance() : twins.MoveClock();
          break;
        case 1:
        case 2:
          twins.Write(12);
          break;
        case 3:
          twins.SweepSome();
          break;
        default:
          twins.MoveGroups(sweeps_in_time);
          break;
      }
      if (sweeps_in_time) {
        twins.Sweep();
        twins.CompareAll();
        twins.CompareGroups();
      } else {
        twins.CompareScrapes();
      }
    }
    twins.EndBodies();
    twins.CompareNothingLeft();
    twins.CompareGroups();
    EXPECT_TRUE(twins.model().Groups().empty());
  }
}

TEST(SeriesCacheModel, GroupsAgreeWhenSweptInTime) {
  CompareWithGroups(ExpiryClock::kReceive, true, 5000);
}

TEST(SeriesCacheModel, GroupsAgreeWheneverSwept) {
  CompareWithGroups(ExpiryClock::kReceive, false, 6000);
}

TEST(SeriesCacheModel, GroupsKeepTheirTimeByTheSampleClock) {
  CompareWithGroups(ExpiryClock::kSample, true, 7000);
}

TEST(SeriesCacheModel, LimitsHoldLineByLine) {
  for (uint64_t seed = 0; seed < kSeeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    PipelineOptions options = OptionsOf(seed);
    options.cache.series_max = seed % 3 == 0 ? 20 : 200;
    options.cache.series_per_database_max = seed % 3 == 1 ? 8 : 0;
    options.cache.series_per_measurement_max = seed % 3 == 2 ? 5 : 0;
    Twins twins(options, 4000 + seed);
    for (int step = 0; step < 2 * kSteps && !HasFailure(); ++step) {
      if (twins.generator().Below(10) == 0) {
        twins.MoveClock();
        twins.Sweep();
      } else {
        twins.Write(1);
      }
      twins.CompareAll();
      EXPECT_LE(twins.pipeline().cache.series_count(), options.cache.series_max);
    }
    twins.CompareNothingLeft();
  }
}

TEST(SeriesCacheModel, RoutesStayFew) {
  Twins twins(OptionsOf(1), 5000);
  for (int step = 0; step < 150; ++step) {
    twins.Write(50);
  }
  // At most eight spellings of each label set of a measurement.
  EXPECT_LE(twins.pipeline().cache.route_count(), 8 * twins.pipeline().cache.row_count());
  EXPECT_GT(twins.pipeline().cache.route_count(), 0U);
}

}  // namespace
}  // namespace fluxgate
