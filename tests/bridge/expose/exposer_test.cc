#include "bridge/expose/exposer.h"

#include "tests/bridge/cache/pipeline.h"
#include "tests/bridge/expose/exporter.h"
#include "tests/bridge/ingest/gzip_reference.h"
#include "tests/reference/reference_exposition_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::ElementsAre;

constexpr int64_t kSecond = 1'000'000'000;
constexpr std::string_view kOpenMetrics = "application/openmetrics-text;version=1.0.0";

std::vector<prom::MetricFamily> OwnFamilies(const Now&) {
  return {
      {.name = "b_own", .type = prom::MetricType::kGauge, .help = "B.", .samples = {{"", "", 1}}},
      {.name = "z_total",
       .type = prom::MetricType::kCounter,
       .help = "Z.",
       .samples = {{"", R"(a="1")", 2}}},
  };
}

std::string ScrapeWith(Pipeline* pipeline, const ExposeOptions& options,
                       std::string_view accept = "", std::string_view accept_encoding = "") {
  const Exposer exposer(options, &pipeline->cache, OwnFamilies);
  return ReadAll(exposer.Begin(accept, accept_encoding, pipeline->clock.Read()).get());
}

std::vector<std::string> FamilyNames(reference::ExpositionSyntax syntax, std::string_view body) {
  const reference::ParsedExposition parsed = reference::ParseExposition(syntax, body);
  EXPECT_EQ(parsed.error, "") << body;
  std::vector<std::string> names;
  for (const reference::ExpositionFamily& family : parsed.families) {
    names.push_back(family.name);
  }
  return names;
}

void Fill(Pipeline* pipeline) {
  for (int i = 0; i < 60; ++i) {
    pipeline->Write("m" + std::to_string(i % 4) + ",i=" + std::to_string(i) + " value=1,b=2.5\n");
  }
  pipeline->Write("a value=1\nb_own_2 value=3\nzz value=4\n");
}

TEST(Exposer, OwnFamiliesStandInNameOrder) {
  Pipeline pipeline;
  pipeline.Write("a value=1\nc value=2\ny value=3\nzz value=4\n");
  EXPECT_THAT(FamilyNames(reference::ExpositionSyntax::kText, ScrapeWith(&pipeline, {})),
              ElementsAre("a", "b_own", "c", "y", "z_total", "zz"));
  EXPECT_THAT(FamilyNames(reference::ExpositionSyntax::kOpenMetrics,
                          ScrapeWith(&pipeline, {}, kOpenMetrics)),
              ElementsAre("a", "b_own", "c", "y", "z", "zz"));
}

TEST(Exposer, ChunksOfAnySizeMakeTheSameBody) {
  Pipeline pipeline;
  Fill(&pipeline);
  for (const std::string_view accept : {std::string_view(), kOpenMetrics}) {
    const std::string whole = ScrapeWith(&pipeline, {}, accept);
    for (size_t size = 1; size < 300; size += 1 + size / 20) {
      ExposeOptions options;
      options.chunk_size = size;
      ASSERT_EQ(ScrapeWith(&pipeline, options, accept), whole) << size;
      ASSERT_EQ(ReferenceGunzip(ScrapeWith(&pipeline, options, accept, "gzip")), whole) << size;
    }
  }
}

TEST(Exposer, EachCallRendersOneChunkWhateverTheCompressorHandsOut) {
  Pipeline pipeline;
  Fill(&pipeline);
  ExposeOptions options;
  options.chunk_size = 500;
  const Exposer exposer(options, &pipeline.cache, OwnFamilies);
  size_t plain_calls = 0;
  for (const std::string_view accept_encoding : {"", "gzip"}) {
    const std::unique_ptr<Scrape> scrape =
        exposer.Begin("", accept_encoding, pipeline.clock.Read());
    EXPECT_EQ(scrape->is_gzip(), accept_encoding == "gzip");
    uint64_t size = 0;
    size_t calls = 0;
    for (std::string chunk = "left over"; scrape->Next(&chunk); ++calls) {
      ASSERT_LE(chunk.size(), 500 + 120U);
      size += chunk.size();
      EXPECT_EQ(scrape->size(), size);
    }
    EXPECT_GT(calls, 3U);
    if (scrape->is_gzip()) {
      EXPECT_EQ(calls, plain_calls);
    }
    plain_calls = calls;
    std::string chunk = "left over";
    EXPECT_FALSE(scrape->Next(&chunk));
    EXPECT_EQ(chunk, "");
  }
}

TEST(Exposer, LargeScrapeHoldsLittleMemory) {
  Pipeline pipeline;
  for (int i = 0; i < 200; ++i) {
    std::string batch;
    for (int k = 0; k < 100; ++k) {
      batch += "cpu,host=host_" + std::to_string(i * 100 + k) + ",region=eu value=1\n";
    }
    pipeline.Write(batch);
  }
  const Exposer exposer({}, &pipeline.cache, OwnFamilies);
  for (const std::string_view accept_encoding : {"", "gzip"}) {
    const std::unique_ptr<Scrape> scrape =
        exposer.Begin("", accept_encoding, pipeline.clock.Read());
    size_t largest = 0;
    std::string body;
    for (std::string chunk; scrape->Next(&chunk);) {
      largest = std::max(largest, chunk.capacity());
      body += chunk;
    }
    EXPECT_LE(largest, size_t{160} << 10);
    if (scrape->is_gzip()) {
      body = ReferenceGunzip(body).value();
    }
    EXPECT_EQ(SampleLines(body).size(), 20'002U);
  }
}

TEST(Exposer, OpenMetricsEndsWithEof) {
  Pipeline pipeline;
  Fill(&pipeline);
  EXPECT_TRUE(ScrapeWith(&pipeline, {}, kOpenMetrics).ends_with("\n# EOF\n"));
  EXPECT_EQ(ScrapeWith(&pipeline, {}).find("EOF"), std::string::npos);
  Pipeline empty;
  const Exposer exposer({}, &empty.cache,
                        [](const Now&) { return std::vector<prom::MetricFamily>(); });
  EXPECT_EQ(ReadAll(exposer.Begin(kOpenMetrics, "", empty.clock.Read()).get()), "# EOF\n");
}

TEST(Exposer, NothingToShowIsAnEmptyBody) {
  Pipeline pipeline;
  const Exposer exposer({}, &pipeline.cache,
                        [](const Now&) { return std::vector<prom::MetricFamily>(); });
  const std::unique_ptr<Scrape> scrape = exposer.Begin("", "", pipeline.clock.Read());
  EXPECT_EQ(ReadAll(scrape.get()), "");
  EXPECT_EQ(scrape->size(), 0U);
  EXPECT_EQ(ReferenceGunzip(ReadAll(exposer.Begin("", "gzip", pipeline.clock.Read()).get())), "");
}

TEST(Exposer, WithoutACacheOnlyOwnFamiliesAreServed) {
  const Exposer exposer({}, nullptr, OwnFamilies);
  EXPECT_EQ(ReadAll(exposer.Begin("", "", {}).get()),
            "# HELP b_own B.\n# TYPE b_own gauge\nb_own 1\n"
            "# HELP z_total Z.\n# TYPE z_total counter\nz_total{a=\"1\"} 2\n");
}

TEST(Exposer, HeadersDecideFormatAndCoding) {
  const Exposer exposer({}, nullptr, OwnFamilies);
  const auto begin = [&](std::string_view accept, std::string_view accept_encoding) {
    return exposer.Begin(accept, accept_encoding, {});
  };
  EXPECT_THAT(begin("", "")->content_type(), testing::StartsWith("text/plain; version=0.0.4"));
  EXPECT_THAT(begin(kOpenMetrics, "")->content_type(),
              testing::StartsWith("application/openmetrics-text; version=1.0.0"));
  EXPECT_FALSE(begin("", "")->is_gzip());
  EXPECT_FALSE(begin("", "br, gzip;q=0")->is_gzip());
  EXPECT_TRUE(begin("", "deflate, gzip")->is_gzip());
}

TEST(Exposer, TimestampsAreWrittenWhenAskedFor) {
  Pipeline pipeline;
  const int64_t now = pipeline.clock.Read().wall_ns;
  const auto line = [&](std::string_view name, int64_t seconds) {
    return std::string(name) + " value=1 " + std::to_string(now + seconds * kSecond) + "\n";
  };
  pipeline.Write(line("historic", -3601) + line("late", -3600) + line("m", 0) + line("ahead", 600) +
                 line("far", 601));
  ExposeOptions options;
  options.timestamps = true;
  EXPECT_THAT(SampleLines(ScrapeWith(&pipeline, options)),
              ElementsAre("ahead 1 1700000600000", "b_own 1", "far 1", "late 1 1699996400000",
                          "m 1 1700000000000", R"(z_total{a="1"} 2)"));
  EXPECT_THAT(SampleLines(ScrapeWith(&pipeline, options, kOpenMetrics)),
              testing::IsSupersetOf({"m 1.0 1700000000", "far 1.0"}));
  EXPECT_THAT(SampleLines(ScrapeWith(&pipeline, {})), testing::Contains("m 1"));
}

}  // namespace
}  // namespace fluxgate
