#include "bridge/upload/file_reader.h"

#include "tests/bridge/ingest/gzip_reference.h"
#include "tests/protocol/influx/point_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace fluxgate {
namespace {

struct TextSink final : PointSink {
  void TakePoint(const influx::Point& point, const PointSource& source) override {
    text += std::string(source.database()) + influx::PointText(point);
  }
  void TakeError(const influx::LineError& error) override { text += influx::ErrorText(error); }
  std::string text;
};

std::string Read(std::string_view file, size_t piece_size, bool whole = true,
                 uint64_t inflated_size_max = 1 << 20) {
  TextSink sink;
  FileReader reader(nullptr, influx::ReaderOptions(), inflated_size_max, &sink);
  std::string failure;
  while (!file.empty()) {
    const std::string_view piece = file.substr(0, piece_size);
    failure += std::string(reader.Write(piece).message());
    while (reader.has_more()) {
      failure += std::string(reader.Continue().message());
    }
    file.remove_prefix(piece.size());
  }
  failure += std::string(reader.End(whole).message());
  while (reader.has_more()) {
    failure += std::string(reader.Continue().message());
  }
  return std::string(Name(reader.format())) + "\n" + sink.text + failure;
}

TEST(FileReader, LineProtocolWholeAndInPieces) {
  for (const size_t piece : {size_t{1}, size_t{3}, size_t{1000}}) {
    EXPECT_EQ(Read("cpu v=1\nbad\nmem v=2", piece),
              "line_protocol\n1: cpu v=1\n2,4: !missing fields\n3: mem v=2\n");
    EXPECT_EQ(Read(ReferenceGzip("cpu v=1\nmem v=2"), piece),
              "line_protocol\n1: cpu v=1\n2: mem v=2\n");
    EXPECT_EQ(Read("m|measurement,v|double\na,1\n", piece), "annotated_csv\n2: a v=1\n");
    EXPECT_EQ(Read("# DML\n# CONTEXT-DATABASE:d\nm v=1\n", piece), "export\nd3: m v=1\n");
    EXPECT_EQ(Read("", piece), "empty\n");
    EXPECT_EQ(Read("\x1f", piece), "line_protocol\n1,2: !missing fields\n");
  }
}

TEST(FileReader, AFileThatIsCutEndsWithItsLastLine) {
  EXPECT_EQ(Read("cpu v=1\nmem v=2", 5, false), "line_protocol\n1: cpu v=1\n");
}

TEST(FileReader, BrokenGzipKeepsWhatCameBefore) {
  std::string file = ReferenceGzip("cpu v=1\n");
  file.resize(file.size() - 4);
  EXPECT_EQ(Read(file, 1000), "line_protocol\n1: cpu v=1\ngzip: invalid or truncated stream");
}

TEST(FileReader, InflatesToALimit) {
  EXPECT_EQ(Read(ReferenceGzip("cpu v=1\nmem v=2\n"), 1000, true, 10),
            "line_protocol\n1: cpu v=1\nthe file is too large when decompressed");
}

// The most points and errors of one turn, and of all turns.
struct CountingSink final : PointSink {
  void TakePoint(const influx::Point& /*point*/, const PointSource& /*source*/) override {
    ++count;
  }
  void TakeError(const influx::LineError& /*error*/) override { ++count; }
  void EndTurn() {
    all += count;
    most = std::max(most, std::exchange(count, 0));
  }
  size_t count = 0;
  size_t most = 0;
  size_t all = 0;
};

TEST(FileReader, TurnsOfFewLinesHoweverShortTheyAre) {
  const std::string header = "m|measurement,v|double\n";
  for (const std::string_view line : {"a,1\n", "b\n", "\n\n"}) {
    std::string file = header;
    while (file.size() < 200'000) {
      file += line;
    }
    CountingSink sink;
    FileReader reader(nullptr, influx::ReaderOptions(), 1 << 20, &sink);
    EXPECT_TRUE(reader.Write(file).ok());
    sink.EndTurn();
    while (reader.has_more()) {
      EXPECT_TRUE(reader.Continue().ok());
      sink.EndTurn();
    }
    EXPECT_TRUE(reader.End(true).ok());
    sink.EndTurn();
    while (reader.has_more()) {
      EXPECT_TRUE(reader.Continue().ok());
      sink.EndTurn();
    }
    EXPECT_LE(sink.most, 4096U);
    EXPECT_EQ(sink.all, line == "\n\n" ? 0 : (file.size() - header.size()) / line.size());
  }
}

// A row of two bytes that is made into 50 KB.
TEST(FileReader, TurnsOfFewRowsThatRepeatMuchAndNotTooManyOfThem) {
  std::string file =
      "#constant measurement,m\n#constant,tag,a," + std::string(50'000, 'a') + "\nv|double\n";
  for (int i = 0; i < 1000; ++i) {
    file += "1\n";
  }
  for (const uint64_t made_max : {uint64_t{20} << 20, uint64_t{200} << 20}) {
    CountingSink sink;
    FileReader reader(nullptr, influx::ReaderOptions(), made_max, &sink);
    absl::Status status = reader.Write(file);
    sink.EndTurn();
    if (!reader.has_more()) {
      status = reader.End(true);
      sink.EndTurn();
    }
    while (reader.has_more()) {
      status.Update(reader.Continue());
      sink.EndTurn();
    }
    EXPECT_LE(sink.most, 6U);
    if (made_max < uint64_t{50'000} * 1000) {
      EXPECT_EQ(status.message(), "the rows of the file repeat too much");
      EXPECT_LT(sink.all, 1000U);
      EXPECT_EQ(absl::StatusCode::kResourceExhausted, status.code());
    } else {
      EXPECT_TRUE(status.ok()) << status;
      EXPECT_EQ(sink.all, 1000U);
    }
  }
}

TEST(FileReader, ABrokenOffFileEndsInOneTurn) {
  CountingSink sink;
  FileReader reader(nullptr, influx::ReaderOptions(), 1 << 20, &sink);
  std::string file;
  for (int i = 0; i < 15'000; ++i) {
    file += "b\n";
  }
  EXPECT_TRUE(reader.Write(file).ok());
  EXPECT_TRUE(reader.End(false).ok());
  EXPECT_FALSE(reader.has_more());
  EXPECT_EQ(sink.count, 15'000U);
}

TEST(FileReader, LinesLongerThanASlice) {
  const std::string line = "cpu v=\"" + std::string(200'000, 'x') + "\"";
  EXPECT_EQ(Read(line + "\n" + line, 50'000), "line_protocol\n1: " + line + "\n2: " + line + "\n");
}

}  // namespace
}  // namespace fluxgate
