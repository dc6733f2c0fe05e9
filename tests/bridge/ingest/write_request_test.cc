#include "bridge/ingest/write_request.h"

#include "tests/bridge/cache/line_generator.h"
#include "tests/bridge/cache/pipeline.h"
#include "tests/bridge/ingest/gzip_reference.h"
#include "tests/bridge/ingest/write_feeder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

Feed Gzip(Feed feed = {}) {
  feed.coding = ContentCoding::kGzip;
  return feed;
}

WriteTotals Totals(WriteSide* side, WriteProtocol protocol = WriteProtocol::kHttpV1) {
  return side->ingest.counters().Read().databases.at(0).by_protocol[static_cast<size_t>(protocol)];
}

// Everything that can be seen of a request.
struct Trace {
  int status;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> samples_shown;
  std::map<std::string_view, uint64_t> rejected;
  std::map<std::string_view, uint64_t> dropped;
  uint64_t carriage_returns;  // what mapping lets pass is counted once a series or more often
  uint64_t points;
  uint64_t samples;

  bool operator==(const Trace&) const = default;
};

Trace TraceOf(std::string_view body, const Feed& feed) {
  WriteSide side;
  const Reply reply = Post(&side, body, feed);
  const WriteCounters::Snapshot counts = side.ingest.counters().Read();
  const WriteTotals totals = Totals(&side, feed.protocol);
  ReasonCounts leniencies = counts.reasons.leniencies;
  return {reply.status,
          reply.body,
          reply.headers,
          SampleLines(side.Scrape()),
          counts.reasons.rejected_lines,
          counts.reasons.dropped_samples,
          leniencies["carriage_return"],
          totals.points,
          totals.samples};
}

// Good and bad lines, about `size` bytes. Bad tags, bad fields, comments, CR, line feeds in
// strings.
std::string RandomBody(uint64_t seed, size_t size) {
  LineGenerator generator(seed);
  std::string body;
  while (body.size() < size) {
    switch (generator.Below(40)) {
      case 0:
        body += "bad" + std::to_string(generator.Below(1000)) + "\n";
        break;
      case 1:
        body += "a,t=1,t=" + std::to_string(generator.Below(1000)) + " value=1\n";
        break;
      case 2:
        body += "# comment \" \\\n\r\n \n";
        break;
      case 3:
        body += "m s=\"line\nfeed\\\"\\\\\",value=1\r\n";
        break;
      case 4:
        body += "m,long=" + std::string(generator.Below(3000), 'x') + "y value=1\n";
        break;
      default:
        body += generator.Line(1'700'000'000'000'000'000) + "\n";
        break;
    }
  }
  return body;
}

TEST(WriteRequest, GoodBodyIs204) {
  for (const std::string_view body : {"", "m value=1", "m value=1\n", "# comment\n\n"}) {
    for (const bool announce : {false, true}) {
      WriteSide side;
      const Reply reply = Post(&side, body, {.announce = announce});
      EXPECT_EQ(reply.status, 204) << body;
      EXPECT_EQ(reply.body, "");
    }
  }
}

TEST(WriteRequest, PartialAndWhollyBadBodies) {
  WriteSide side;
  EXPECT_EQ(Post(&side, "m value=1\nbad\nworse\n").body,
            "{\"error\":\"partial write: unable to parse 'bad': missing fields\\nunable to parse "
            "'worse': missing fields dropped=0\"}\n");
  EXPECT_EQ(Post(&side, "bad\nworse\n").body,
            "{\"error\":\"unable to parse 'bad': missing fields\\nunable to parse 'worse': missing "
            "fields\"}\n");
  EXPECT_EQ(Post(&side, "bad\nm value=1\n", {.protocol = WriteProtocol::kHttpV2}).body,
            "{\"code\":\"invalid\",\"message\":\"partial write: line 1: unable to parse 'bad': "
            "missing fields dropped=0\"}\n");
}

TEST(WriteRequest, ManyBadLinesAreCutShort) {
  WriteSide side;
  std::string body;
  for (int i = 0; i < 100; ++i) {
    body += "bad" + std::to_string(i) + "\n";
  }
  const Reply reply = Post(&side, body);
  EXPECT_THAT(reply.body, HasSubstr("'bad19': missing fields\\nand 80 more\"}\n"));
  EXPECT_LE(Post(&side, std::string(1 << 20, 'x') + "\nbad\n").body.size(), 4096 + 100U);
  EXPECT_THAT(Post(&side, std::string(1 << 20, 'x') + "\nbad\n").body, HasSubstr("and 1 more"));
}

TEST(WriteRequest, BodyInTwoPiecesOfAnySizeIsTheSame) {
  const std::string body = RandomBody(1, 700);
  const Trace expected = TraceOf(body, {});
  EXPECT_EQ(expected.status, 400);
  EXPECT_GT(expected.samples, 0U);
  const std::string gzip = ReferenceGzip(body);
  for (const bool announce : {false, true}) {
    for (size_t first = 0; first <= body.size(); ++first) {
      const auto piece_size = [&](size_t piece) { return piece == 0 ? first : SIZE_MAX; };
      ASSERT_EQ(TraceOf(body, {.announce = announce, .piece_size = piece_size}), expected);
      if (first <= gzip.size()) {
        ASSERT_EQ(TraceOf(gzip, Gzip({.announce = announce, .piece_size = piece_size})), expected);
      }
    }
  }
}

TEST(WriteRequest, LargeBodyInPiecesOfAnySizeIsTheSame) {
  for (const uint64_t seed : {2U, 3U}) {
    const std::string body = RandomBody(seed, 300'000);
    const Trace expected = TraceOf(body, {});
    EXPECT_GT(expected.samples, 5'000U);
    const std::string gzip = ReferenceGzip(body) + ReferenceGzip("last value=7\n");
    const Trace expected_gzip = TraceOf(body + "last value=7\n", {});
    std::mt19937_64 random(seed);
    for (const size_t size : {1U, 13U, 1000U, 32768U, 65535U, 65536U, 65537U, 1U << 20}) {
      const auto same = [&](size_t) { return size; };
      EXPECT_EQ(TraceOf(body, {.piece_size = same}), expected) << size;
      EXPECT_EQ(TraceOf(gzip, Gzip({.piece_size = same})), expected_gzip) << size;
      const auto any = [&](size_t) { return 1 + random() % (2 * size); };
      EXPECT_EQ(TraceOf(body, {.announce = false, .piece_size = any}), expected) << size;
      EXPECT_EQ(TraceOf(gzip, Gzip({.announce = false, .piece_size = any})), expected_gzip);
    }
  }
}

// The slice grows for such a line, and its rest may end anywhere in a slice.
TEST(WriteRequest, LinesLongerThanASliceAreRead) {
  for (const size_t size : {65'500U, 65'536U, 65'600U, 131'072U, 300'000U, (1U << 20) - 9}) {
    for (const size_t before : {0U, 100U, 65'000U}) {
      WriteSide side;
      std::string body = before == 0 ? "" : "#" + std::string(before, '-') + "\n";
      body += "m s=\"" + std::string(size, 'x') + "\",value=1\nn value=2\n";
      const Reply reply = Post(&side, body, {.piece_size = [](size_t) { return 5000; }});
      const bool fits = size + 16 <= size_t{1} << 20;
      EXPECT_EQ(reply.status, fits ? 204 : 400) << reply.body;
      EXPECT_EQ(side.cache.series_count(), fits ? 2U : 1U) << size;
    }
  }
}

TEST(WriteRequest, SentSizeIsLimited) {
  IngestOptions options;
  options.body_size_max = 1000;
  for (const bool announce : {false, true}) {
    for (const WriteProtocol protocol : {WriteProtocol::kHttpV1, WriteProtocol::kHttpV2}) {
      WriteSide side(options);
      const Feed feed{
          .protocol = protocol, .announce = announce, .piece_size = [](size_t) { return 7; }};
      EXPECT_EQ(Post(&side, std::string(1000, '#'), feed).status, 204);
      const Reply reply = Post(&side, std::string(1001, '#'), feed);
      EXPECT_EQ(reply.status, 413);
      EXPECT_EQ(reply.body,
                protocol == WriteProtocol::kHttpV1
                    ? "{\"error\":\"Request Entity Too Large\"}\n"
                    : "{\"code\":\"request too large\",\"message\":\"Request Entity Too "
                      "Large\"}\n");
      EXPECT_EQ(Totals(&side, protocol).requests, 2U);
    }
  }
}

TEST(WriteRequest, LinesInFrontOfAFaultAreKept) {
  IngestOptions options;
  options.inflated_size_max = 100;
  for (const bool is_corrupt : {false, true}) {
    WriteSide side(options);
    std::string body = ReferenceGzip("a v=1\nb v=1\n" + std::string(is_corrupt ? 10 : 100, '#'));
    if (is_corrupt) {
      body = ReferenceGzip("a v=1\nb v=1\n") + body.substr(0, body.size() - 1);
    }
    EXPECT_EQ(Post(&side, body, Gzip({})).status, is_corrupt ? 400 : 413);
    EXPECT_EQ(side.cache.series_count(), 2U) << is_corrupt;
  }
}

TEST(WriteRequest, InflatedSizeIsLimited) {
  IngestOptions options;
  options.inflated_size_max = 200'000;
  for (const size_t piece : {size_t{1}, SIZE_MAX}) {
    WriteSide side(options);
    const auto post = [&](size_t size) {
      return Post(&side, ReferenceGzip(std::string(size, '#')),
                  Gzip({.piece_size = [piece](size_t) { return piece; }}))
          .status;
    };
    EXPECT_EQ(post(200'000), 204);
    EXPECT_EQ(post(200'001), 413);
    EXPECT_EQ(post(50'000'000), 413);
  }
  WriteSide side(options);
  EXPECT_EQ(Post(&side, std::string(200'000, '#')).status, 204);
  EXPECT_EQ(Post(&side, std::string(200'001, '#')).status, 413) << "sent as it is";
}

TEST(WriteRequest, BrokenGzipIs400InTheShapeOfTheApi) {
  const std::string gzip = ReferenceGzip("m value=1\n");
  std::string flipped = gzip;
  flipped[gzip.size() - 6] = static_cast<char>(flipped[gzip.size() - 6] ^ 1);
  for (const std::string& body : {gzip.substr(0, gzip.size() - 1), gzip.substr(0, 5), flipped,
                                  gzip + "x", std::string("m value=1\n")}) {
    for (size_t piece = 1; piece < 40; piece += 13) {
      const Feed feed = Gzip({.piece_size = [piece](size_t) { return piece; }});
      WriteSide side;
      const Reply reply = Post(&side, body, feed);
      EXPECT_EQ(reply.status, 400);
      EXPECT_EQ(reply.body, "{\"error\":\"gzip: invalid or truncated stream\"}\n");
      Feed v2 = feed;
      v2.protocol = WriteProtocol::kHttpV2;
      EXPECT_EQ(Post(&side, body, v2).body,
                "{\"code\":\"invalid\",\"message\":\"gzip: invalid or truncated stream\"}\n");
    }
  }
  WriteSide side;
  EXPECT_EQ(Post(&side, "", Gzip()).status, 204) << "nothing at all is an empty batch";
}

TEST(WriteRequest, RequestsAreCountedOnceWhateverBecomesOfThem) {
  WriteSide side;
  Post(&side, "m value=1\nbad\n");
  Post(&side, "x", Gzip());
  {
    // The connection breaks.
    WriteParams params;
    params.database = "db";
    WriteRequest request(&side.ingest, params, ContentCoding::kIdentity, "peer", side.clock.Read());
    const std::span<char> free = request.Prepare();
    free[0] = 'm';
    request.Commit(1);
    request.Abandon();
    request.Abandon();
  }
  const WriteTotals totals = Totals(&side);
  EXPECT_EQ(totals.requests, 3U);
  EXPECT_EQ(totals.bytes, 14U + 1 + 1);
  EXPECT_EQ(totals.points, 1U);
  EXPECT_THAT(side.ingest.counters().Read().reasons.rejected_lines,
              ElementsAre(Pair("missing_fields", 1)));
}

// Short lines cost more than their bytes.
TEST(WriteRequest, ATurnHasSoManyLines) {
  constexpr size_t kSlices = 8;  // of 64 KiB
  std::string text;
  while (text.size() < kSlices << 16) {
    text += "a\n";
  }
  const std::string body = ReferenceGzip(text, {}, 9);
  for (const bool accept_partial : {true, false}) {
    WriteSide side;
    WriteParams params;
    params.accept_partial = accept_partial;
    WriteRequest request(&side.ingest, params, ContentCoding::kGzip, "peer", side.clock.Read());
    std::ranges::copy(body, request.Prepare().begin());
    EXPECT_FALSE(request.Commit(body.size()));
    size_t turns = 1;
    for (; request.has_more(); ++turns) {
      EXPECT_FALSE(request.Continue());
    }
    EXPECT_GE(turns, kSlices);
    EXPECT_EQ(request.Finish().status, 400);
    EXPECT_EQ(side.ingest.counters().Read().reasons.rejected_lines.at("missing_fields"),
              text.size() / 2);
  }
}

TEST(WriteRequest, HistoricPointsAreNamedInTheReply) {
  WriteSide side;
  const Reply reply =
      Post(&side, "m value=1 1600000000000000000\nm value=2 1600000000000000001\nn value=3\n");
  EXPECT_EQ(reply.status, 204);
  EXPECT_THAT(reply.headers, ElementsAre(Pair("X-Fluxgate-Historic", "2")));
  EXPECT_EQ(Totals(&side).historic_points, 2U);
}

Feed InGroup(std::string_view group, Feed feed = {}) {
  feed.group = group;
  return feed;
}

TEST(WriteRequestGroup, ACompleteBodyTakesAwayWhatItDoesNotName) {
  WriteSide side;
  EXPECT_EQ(Post(&side, "a v=1 5\nb v=2 5\n", InGroup("g")).status, 204);
  EXPECT_EQ(Post(&side, "b v=3 4\nc v=4 4\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("b_v 3", "c_v 4"));
  EXPECT_EQ(Post(&side, "# nothing\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre());
  EXPECT_EQ(side.cache.groups().List().size(), 1U);
}

TEST(WriteRequestGroup, ABodyWithErrorsOnlyAdds) {
  WriteSide side;
  EXPECT_EQ(Post(&side, "a v=1\n", InGroup("g")).status, 204);
  EXPECT_EQ(Post(&side, "b v=2\nbad\n", InGroup("g")).status, 400);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("a_v 1", "b_v 2"));
  // What the bad one brought belongs to the group.
  EXPECT_EQ(Post(&side, "", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre());
}

TEST(WriteRequestGroup, ABodyThatIsRefusedOrCutOffOnlyAdds) {
  WriteSide side({.body_size_max = 20});
  EXPECT_EQ(Post(&side, "a v=1\n", InGroup("g")).status, 204);
  EXPECT_EQ(Post(&side, "b v=1\nc v=1\nd v=1\ne v=1\n", InGroup("g", {.announce = false})).status,
            413);
  EXPECT_EQ(Post(&side, "not gzip", Gzip(InGroup("g"))).status, 400);
  const Feed atomic{.protocol = WriteProtocol::kHttpV3, .accept_partial = false};
  EXPECT_EQ(Post(&side, "f v=1\nbad", InGroup("g", atomic)).status, 400);
  {
    WriteParams params;
    params.group = "g";
    WriteRequest cut(&side.ingest, params, {}, "192.0.2.1:4711", side.clock.Read());
    EXPECT_FALSE(cut.Prepare().empty());
  }
  EXPECT_THAT(SampleLines(side.Scrape()), testing::Contains("a_v 1"));
  // None of them is on its way any more.
  EXPECT_EQ(Post(&side, "z v=1\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("z_v 1"));
}

TEST(WriteRequestGroup, ABodyWhoseSampleMetALimitOnlyAdds) {
  WriteSide side;
  EXPECT_EQ(Post(&side, "a v=1\nb v=1\n", InGroup("g")).status, 204);
  const std::string long_field(2049, 'f');
  EXPECT_EQ(Post(&side, "a v=2\nc " + long_field + "=2\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("a_v 2", "b_v 1"));
  EXPECT_EQ(Post(&side, "a v=3,s=\"text\"\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("a_v 3"));
}

TEST(WriteRequestGroup, AFullCacheMakesRoomForTheNextBody) {
  WriteSide side({}, {.series_max = 3});
  EXPECT_EQ(Post(&side, "a v=1\nb v=1\n", InGroup("g")).status, 204);
  EXPECT_EQ(Post(&side, "c v=2\nd v=2\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("c_v 2"));
  EXPECT_EQ(Post(&side, "c v=3\nd v=3\n", InGroup("g")).status, 204);
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("c_v 3", "d_v 3"));
}

TEST(WriteRequestGroup, ABodyThatStoresNothingDoesNotProlongAGroup) {
  WriteSide side({.body_size_max = 20}, {.group_expiry_ns = 1'000'000'000});
  const auto expiry = [&] { return side.cache.groups().List().front().expires_ns; };
  EXPECT_EQ(Post(&side, std::string(21, '#'), InGroup("g")).status, 413);
  EXPECT_EQ(expiry(), side.clock.Read().wall_ns);
  EXPECT_EQ(Post(&side, "a v=1\nbad\n", InGroup("g")).status, 400);
  const int64_t prolonged = expiry();
  EXPECT_GT(prolonged, side.clock.Read().wall_ns);
  side.clock.Advance(500'000'000);
  EXPECT_EQ(Post(&side, "bad\n", InGroup("g")).status, 400);
  EXPECT_EQ(expiry(), prolonged);
}

TEST(WriteRequestGroup, OneTooManyIsRefused) {
  WriteSide side({}, {.groups_max = 1});
  EXPECT_EQ(Post(&side, "a v=1\n", InGroup("g")).status, 204);
  for (const bool announce : {true, false}) {
    const Reply reply = Post(&side, "b v=1\n", InGroup("h", {.announce = announce}));
    EXPECT_EQ(reply.status, 400);
    EXPECT_EQ(reply.body, "{\"error\":\"too many groups\"}\n");
  }
  const Reply empty =
      Post(&side, "", InGroup("h", {.protocol = WriteProtocol::kHttpV2, .announce = false}));
  EXPECT_EQ(empty.body, "{\"code\":\"invalid\",\"message\":\"too many groups\"}\n");
  EXPECT_THAT(SampleLines(side.Scrape()), ElementsAre("a_v 1"));
  EXPECT_EQ(side.cache.groups().refused_count(), 3U);
  const auto rejections = side.ingest.rejections().Snapshot();
  ASSERT_EQ(rejections.size(), 1U);
  EXPECT_EQ(rejections.front().first, "group_limit");
  EXPECT_EQ(rejections.front().second.front().detail, "h");
  EXPECT_EQ(Post(&side, "a v=2\n", InGroup("g")).status, 204);
}

}  // namespace
}  // namespace fluxgate
