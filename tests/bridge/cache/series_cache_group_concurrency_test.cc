// Bodies of one group from several threads, with scrapes and sweeps beside them; meant for
// ThreadSanitizer.
#include "bridge/ingest/batch_writer.h"

#include "tests/bridge/cache/pipeline.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gtest/gtest.h>

#include <atomic>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace fluxgate {
namespace {

constexpr int kWriters = 3;
constexpr int kBodies = 1000;
constexpr int kSeries = 40;

std::string Line(int writer, uint32_t series, int body) {
  return "m,w=" + std::to_string(writer) + ",s=" + std::to_string(series) +
         " v=" + std::to_string(body) + "\n";
}

class GroupConcurrency : public testing::Test {
 protected:
  void Write(const GroupBody* body, std::string_view lines) {
    WriteParams params;
    params.is_current = body != nullptr;
    BatchWriter writer(&pipeline_.ingest, params, "192.0.2.1:4711", now_);
    writer.SetBody(body);
    writer.Write(lines, true);
  }

  // Whether the exposition has the series.
  static bool Has(std::string_view text, int writer, uint32_t series) {
    const std::string name =
        "{s=\"" + std::to_string(series) + "\",w=\"" + std::to_string(writer) + "\"}";
    return text.find(name) != std::string_view::npos;
  }

  // One writer's bodies: whatever the others do, what it wrote is there while its body is on its
  // way and when that has ended.
  void WriteBodies(int writer) {
    std::mt19937 random(static_cast<uint32_t>(writer));
    for (int number = 0; number < kBodies; ++number) {
      const auto body = pipeline_.cache.BeginBody("g", 0, now_);
      ASSERT_TRUE(body);
      std::vector<uint32_t> written;
      for (int lines = 0; lines < 5; ++lines) {
        written.push_back(random() % kSeries);
        Write(&*body, Line(writer, written.back(), number));
      }
      if (random() % 4 == 0) {
        const std::string text = pipeline_.Scrape();
        for (const uint32_t series : written) {
          EXPECT_TRUE(Has(text, writer, series));
        }
      }
      pipeline_.cache.EndBody(*body, random() % 5 > 0 ? BodyEnd::kWhole : BodyEnd::kPart, now_);
    }
  }

  Pipeline pipeline_{{.cache = {.shard_bits = 2}, .mapping = {}, .ingest = {}}};
  const Now now_ = pipeline_.clock.Read();
};

TEST_F(GroupConcurrency, NoBodyLosesWhatItWroteToTheOthers) {
  std::atomic<bool> is_done{false};
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] { WriteBodies(writer); });
  }
  std::vector<std::thread> others;
  others.emplace_back([&] {
    while (!is_done) {
      const reference::ParsedExposition parsed =
          reference::ParseExposition(reference::ExpositionSyntax::kText, pipeline_.Scrape());
      ASSERT_EQ(parsed.error, "");  // among others: no series twice
      pipeline_.cache.GroupSizes();
      pipeline_.cache.groups().List();
    }
  });
  others.emplace_back([&] {
    std::mt19937 random(100);
    while (!is_done) {
      pipeline_.cache.Sweep(now_, 1 + random() % 4);
      Write(nullptr, Line(0, random() % kSeries, -1));  // takes it out of the group
      Write(nullptr, "plain v=1\n");
    }
  });
  for (std::thread& writer : writers) {
    writer.join();
  }
  is_done = true;
  for (std::thread& other : others) {
    other.join();
  }

  // All bodies have ended: the next one is all that is left of the group.
  const auto last = pipeline_.cache.BeginBody("g", 0, now_);
  Write(&*last, Line(1, 3, 7));
  pipeline_.cache.EndBody(*last, BodyEnd::kWhole, now_);
  const auto sizes = pipeline_.cache.GroupSizes();
  ASSERT_EQ(sizes.size(), 1U);
  EXPECT_EQ(sizes.begin()->second, 1U);
  EXPECT_TRUE(Has(pipeline_.Scrape(), 1, 3));
  EXPECT_TRUE(pipeline_.cache.DeleteGroup("g", now_));
  EXPECT_TRUE(pipeline_.cache.GroupSizes().empty());
}

}  // namespace
}  // namespace fluxgate
