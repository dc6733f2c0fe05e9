// SeriesCache under several threads at once; meant for ThreadSanitizer. Every thread has its own
// fixed seed and a bounded number of steps, so a run ends whatever the scheduler does.
#include "bridge/ingest/batch_writer.h"

#include "tests/bridge/cache/pipeline.h"
#include "tests/reference/reference_cache.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <random>
#include <thread>

namespace fluxgate {
namespace {

constexpr int64_t kSecond = 1'000'000'000;
constexpr int kWriters = 3;
constexpr int kScrapers = 2;
constexpr int kBatches = 1200;
constexpr int kScrapes = 120;
constexpr int kSweeps = 1500;

int Below(std::mt19937* random, int below) {
  return std::uniform_int_distribution<int>(0, below - 1)(*random);
}

// One thread moves it, all read it.
class SharedClock {
 public:
  explicit SharedClock(const Now& now) : wall_ns_(now.wall_ns), tick_(now.tick) {}

  Now Read() const { return {wall_ns_.load(), tick_.load()}; }
  void Advance(int64_t ns) {
    wall_ns_ += ns;
    tick_ += static_cast<Tick>(ns / kNanosecondsPerTick);
  }
  void StepWall(int64_t ns) { wall_ns_ += ns; }

 private:
  std::atomic<int64_t> wall_ns_;
  std::atomic<Tick> tick_;
};

// What one writer sent, for the model to repeat.
struct Sent {
  std::string body;
  std::string database;
  Now now;
};

class SeriesCacheConcurrency : public testing::Test {
 protected:
  SeriesCacheConcurrency() : pipeline_(Options()), clock_(pipeline_.clock.Read()) {}

  static PipelineOptions Options() {
    PipelineOptions options;
    options.cache.shard_bits = 2;
    return options;
  }

  void Write(std::string_view body, std::string_view database, const Now& now) {
    WriteParams params;
    params.database = database;
    params.precision = influx::Precision::kNanosecond;
    BatchWriter writer(&pipeline_.ingest, params, "192.0.2.1:4711", now);
    writer.Write(body, true);
    EXPECT_EQ(writer.result().bad_lines.count(), 0U);
  }

  std::string Scrape(int piece_size) {
    FamilyCursor cursor(&pipeline_.cache, prom::ExpositionFormat::kText, false, clock_.Read());
    return ReadAll(&cursor, static_cast<size_t>(piece_size));
  }

  // Series of this writer alone, without times, so that the last line wins. They collide among
  // themselves: two measurements, two field names and two orders of tags lead to one series.
  static std::string OwnBatch(int writer, std::mt19937* random) {
    const auto below = [&](int n) { return Below(random, n); };
    std::string batch = "steady,w=" + std::to_string(writer) +
                        " value=" + std::to_string(writer * 1'000'000 + below(1000)) + "\n";
    for (int lines = 1 + below(30); lines > 0; --lines) {
      const std::string w = "w=" + std::to_string(writer);
      const std::string t = "t=" + std::to_string(below(40));
      batch += (below(2) == 0 ? "a," : "a_b,") + (below(2) == 0 ? w + "," + t : t + "," + w);
      batch += below(2) == 0 ? " b_c=" : " c=";
      batch += std::to_string(writer * 1'000'000 + below(1000));
      batch += ",b-c=" + std::to_string(writer * 1'000'000 + below(1000)) + "\n";
    }
    return batch;
  }

  // Every sample of an `w` label has a value of that writer's range.
  static void CheckScrape(std::string_view text) {
    const reference::ParsedExposition parsed =
        reference::ParseExposition(reference::ExpositionSyntax::kText, text);
    ASSERT_EQ(parsed.error, "");  // among others: contiguous families, no series twice
    std::string last;
    for (const reference::ExpositionFamily& family : parsed.families) {
      EXPECT_LT(last, family.name);
      last = family.name;
      EXPECT_FALSE(family.samples.empty());
      for (const reference::ExpositionSample& sample : family.samples) {
        for (const auto& [name, value] : sample.labels) {
          if (name == "w") {
            EXPECT_EQ(std::to_string(static_cast<int>(sample.value) / 1'000'000), value);
          }
        }
      }
    }
  }

  // The end of each writer's lines is sent once more, so that the clock's jumps leave something to
  // compare.
  void ExpectEqualsModel(std::vector<std::vector<Sent>>* sent) {
    reference::ReferenceCache model(pipeline_.cache.options(), &pipeline_.mapping);
    for (std::vector<Sent>& of_writer : *sent) {
      std::mt19937 random(300);
      of_writer.push_back({OwnBatch(static_cast<int>(&of_writer - sent->data()), &random),
                           of_writer.back().database, clock_.Read()});
      Write(of_writer.back().body, of_writer.back().database, of_writer.back().now);
      for (const Sent& batch : of_writer) {
        model.Write(batch.body, batch.database, batch.now);
      }
    }
    const Now now = clock_.Read();
    pipeline_.cache.Sweep(now, 1);
    model.Sweep(now);
    const std::vector<reference::CachedSample> expected = model.Scrape(now);
    std::vector<std::string> lines;
    for (const reference::CachedSample& sample : expected) {
      lines.push_back(sample.family + "{" + sample.labels + "} ");
    }
    std::vector<std::string> names = SampleLines(Scrape(1 << 16));
    std::vector<double> values;
    for (std::string& line : names) {
      values.push_back(std::stod(line.substr(line.rfind(' '))));
      line.resize(line.rfind(' ') + 1);
    }
    ASSERT_EQ(names, lines);
    for (size_t i = 0; i < values.size(); ++i) {
      EXPECT_EQ(values[i], expected[i].value) << lines[i];
    }
    EXPECT_EQ(pipeline_.cache.series_count(), model.series_count());
  }

  Pipeline pipeline_;
  SharedClock clock_;
};

TEST_F(SeriesCacheConcurrency, SeriesOfEachWriterEndAsItsLinesSay) {
  std::vector<std::vector<Sent>> sent(kWriters);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([this, writer, &sent] {
      std::mt19937 random(static_cast<uint32_t>(writer));
      for (int i = 0; i < kBatches; ++i) {
        const Now now = clock_.Read();
        const std::string database = "db" + std::to_string(writer);
        sent[static_cast<size_t>(writer)].push_back({OwnBatch(writer, &random), database, now});
        Write(sent[static_cast<size_t>(writer)].back().body, database, now);
      }
    });
  }
  threads.emplace_back([this] {
    std::mt19937 random(100);
    for (int i = 0; i < kSweeps; ++i) {
      clock_.Advance(Below(&random, 40) * kSecond);
      clock_.StepWall(Below(&random, 21) * kSecond - 10 * kSecond);
      pipeline_.cache.Sweep(clock_.Read(), 1 + static_cast<unsigned>(Below(&random, 4)));
      pipeline_.cache.FindByLabel("w", "1");
      pipeline_.cache.FindByDatabase("db2");
    }
  });
  for (uint32_t scraper = 0; scraper < kScrapers; ++scraper) {
    threads.emplace_back([this, scraper] {
      std::mt19937 random(200 + scraper);
      for (int i = 0; i < kScrapes; ++i) {
        CheckScrape(Scrape(1 + Below(&random, 3000)));
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }

  ExpectEqualsModel(&sent);

  clock_.Advance(1000 * kSecond);
  pipeline_.cache.Sweep(clock_.Read(), 1);
  EXPECT_EQ(pipeline_.cache.series_count(), 0U);
  EXPECT_EQ(pipeline_.cache.row_count(), 0U);
  EXPECT_EQ(pipeline_.cache.family_count(), 0U);
  EXPECT_EQ(pipeline_.cache.route_count(), 0U);
  for (DatabaseId id = 0; id <= kWriters; ++id) {
    EXPECT_EQ(pipeline_.cache.databases().SeriesCount(id)->load(), 0U);
  }
}

TEST_F(SeriesCacheConcurrency, SharedSeriesHoldTheNewestTime) {
  constexpr int kSeries = 5;
  const int64_t begin_ns = clock_.Read().wall_ns - 100 * kSecond;
  std::atomic<int64_t> next_time{1};
  std::atomic<uint64_t> taken{0};
  std::vector<std::array<int64_t, kSeries>> newest(kWriters);
  std::vector<std::thread> threads;
  for (int writer = 0; writer < kWriters; ++writer) {
    threads.emplace_back([&, writer] {
      std::mt19937 random(static_cast<uint32_t>(writer));
      for (int i = 0; i < 4 * kBatches; ++i) {
        // The value is the time.
        const int64_t time = next_time.fetch_add(1);
        const size_t series = static_cast<size_t>(Below(&random, kSeries));
        newest[static_cast<size_t>(writer)][series] = time;
        const std::string s = std::to_string(series);
        const std::string v = std::to_string(time);
        Write((Below(&random, 2) == 0 ? "a,s=" + s + " b_c=" + v : "a_b,s=" + s + " c=" + v) + " " +
                  std::to_string(begin_ns + time) + "\n",
              Below(&random, 2) == 0 ? "one" : "two", clock_.Read());
        ++taken;
      }
    });
  }
  threads.emplace_back([&] {
    for (int i = 0; i < kScrapes; ++i) {
      const uint64_t before = taken.load();
      const std::string text = Scrape(7);
      CheckScrape(text);
      EXPECT_TRUE(before == 0 || !text.empty());
      clock_.Advance(kSecond);
      pipeline_.cache.Sweep(clock_.Read(), 2);
    }
  });
  for (std::thread& thread : threads) {
    thread.join();
  }
  std::vector<std::string> expected;
  for (size_t series = 0; series < kSeries; ++series) {
    int64_t time = 0;
    for (const auto& of_writer : newest) {
      time = std::max(time, of_writer[series]);
    }
    expected.push_back("a_b_c{s=\"" + std::to_string(series) + "\"} " + std::to_string(time));
  }
  EXPECT_EQ(SampleLines(Scrape(7)), expected);
}

}  // namespace
}  // namespace fluxgate
