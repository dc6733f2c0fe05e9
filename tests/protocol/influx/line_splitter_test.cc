#include "protocol/influx/line_splitter.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

constexpr size_t kNoLimit = std::numeric_limits<size_t>::max();

struct SplitLine {
  std::string text;
  uint64_t number = 0;
  uint64_t indent = 0;
  uint64_t size = 0;
  bool is_overlong = false;
  bool has_carriage_return = false;

  bool operator==(const SplitLine&) const = default;
};

// Takes what there is, and what is not consumed.
std::string TakeLines(LineSplitter* splitter, const std::string& piece, bool last,
                      std::vector<SplitLine>* lines) {
  splitter->SetInput(piece, last);
  Line line;
  LineSplitter::Result result = splitter->Next(&line);
  for (; result == LineSplitter::Result::kLine; result = splitter->Next(&line)) {
    lines->push_back({std::string(line.text), line.number, line.indent, line.size, line.is_overlong,
                      line.has_carriage_return});
  }
  EXPECT_EQ(result == LineSplitter::Result::kEnd, last);
  return piece.substr(splitter->consumed());
}

std::vector<SplitLine> Split(const std::string& bytes, bool accept_carriage_return = true,
                             size_t max_line_size = kNoLimit) {
  std::vector<SplitLine> lines;
  LineSplitter splitter(accept_carriage_return, max_line_size);
  EXPECT_EQ(TakeLines(&splitter, bytes, true, &lines), "");
  return lines;
}

std::vector<SplitLine> SplitInTwo(const std::string& bytes, size_t cut, size_t max_line_size) {
  std::vector<SplitLine> lines;
  LineSplitter splitter(true, max_line_size);
  const std::string kept = TakeLines(&splitter, bytes.substr(0, cut), false, &lines);
  TakeLines(&splitter, kept + bytes.substr(cut), true, &lines);
  return lines;
}

// What is kept between pieces of one byte, at most.
size_t LargestKept(const std::string& bytes, size_t max_line_size) {
  std::vector<SplitLine> lines;
  LineSplitter splitter(true, max_line_size);
  std::string kept;
  size_t largest = 0;
  for (const char byte : bytes) {
    kept = TakeLines(&splitter, kept + byte, false, &lines);
    largest = std::max(largest, kept.size());
  }
  return largest;
}

SplitLine PlainLine(const std::string& text, uint64_t number) {
  return {text, number, 0, text.size(), false, false};
}

TEST(LineSplitter, BlankLinesAndCommentsArePassedOver) {
  EXPECT_EQ(Split("\n \t\n# x=\"\n  #\\\na\n#"), (std::vector{PlainLine("a", 5)}));
  EXPECT_EQ(Split(std::string("\0\0", 2)), std::vector<SplitLine>());
}

TEST(LineSplitter, IndentIsCountedAndRemoved) {
  EXPECT_EQ(Split(std::string(" \t\0a b \n", 8)),
            (std::vector<SplitLine>{{"a b ", 1, 3, 4, false, false}}));
}

TEST(LineSplitter, CarriageReturnBelongsToTheEnd) {
  EXPECT_EQ(Split("a\r\nb\r\r\n\r\nc\r"), (std::vector<SplitLine>{{"a", 1, 0, 1, false, true},
                                                                  {"b\r", 2, 0, 2, false, true},
                                                                  {"c", 4, 0, 1, false, true}}));
  EXPECT_EQ(Split("a\r\n\r\n", false), (std::vector{PlainLine("a\r", 1), PlainLine("\r", 2)}));
}

TEST(LineSplitter, LineFeedsInsideALineCount) {
  EXPECT_EQ(Split("a v=\"\n\n\"\nb\\\nc\nd"),
            (std::vector{PlainLine("a v=\"\n\n\"", 1), PlainLine("b\\\nc", 4), PlainLine("d", 6)}));
}

TEST(LineSplitter, LineFeedAtTheEndOfAnOpenStringIsDropped) {
  EXPECT_EQ(Split("a v=\"x\n"), (std::vector{PlainLine("a v=\"x", 1)}));
  EXPECT_EQ(Split("a v=\"x\r\n"), (std::vector<SplitLine>{{"a v=\"x", 1, 0, 6, false, true}}));
  EXPECT_EQ(Split("a\\\n\nb"), (std::vector{PlainLine("a\\", 1), PlainLine("b", 3)}));
}

TEST(LineSplitter, LeadingSpaceIsPartOfTheScan) {
  EXPECT_EQ(Split("m=\"\nx\" v=1").size(), 2);
  EXPECT_EQ(Split(" m=\"\nx\" v=1").size(), 1);
  EXPECT_EQ(Split("\tm=\"\nx\" v=1").size(), 2);
}

TEST(LineSplitter, SizeLimit) {
  const std::string line = "0123456789";
  for (const std::string end : {"", "\n", "\r\n", "\r"}) {
    EXPECT_FALSE(Split("  " + line + end, true, 11).at(0).is_overlong);
    EXPECT_FALSE(Split("  " + line + end, true, 10).at(0).is_overlong);
    EXPECT_EQ(Split("  " + line + end, true, 9),
              (std::vector<SplitLine>{{line, 1, 2, 10, true, end[0] == '\r'}}));
  }
}

TEST(LineSplitter, OverlongLineShowsItsHead) {
  const std::vector<SplitLine> lines = Split(std::string(200, 'x') + "\ny", true, 100);
  EXPECT_EQ(lines, (std::vector<SplitLine>{{std::string(64, 'x'), 1, 0, 200, true, false},
                                           PlainLine("y", 2)}));
}

TEST(LineSplitter, EveryCutGivesTheSameLines) {
  const std::vector<std::string> bodies = {
      "a v=1\n  b v=\"\n\\\"\n\" 1\r\n# c=\"\\\n\r\n\t d\\\ne\\\\\nf\r",
      " # x\n\n \n\\\n\\\\\n\\a\n\"\n a=\"\n\" \n",
      "0123456789\r\n0123456789abc v=\"\n\n\r\n",
      "a\\\n",
      "0123456789 v=\"\\\"\n\\",
  };
  for (const std::string& body : bodies) {
    for (const size_t limit : {size_t{0}, size_t{3}, size_t{9}, size_t{10}, size_t{11}, size_t{18},
                               size_t{19}, size_t{20}, kNoLimit}) {
      const std::vector<SplitLine> lines = Split(body, true, limit);
      for (size_t cut = 0; cut <= body.size(); ++cut) {
        EXPECT_EQ(SplitInTwo(body, cut, limit), lines) << body << " cut at " << cut;
      }
    }
  }
}

TEST(LineSplitter, KeepsNoMoreThanItMust) {
  EXPECT_EQ(LargestKept(std::string(1000, ' '), 10), 0);
  EXPECT_EQ(LargestKept("#" + std::string(1000, 'x'), 10), 0);
  EXPECT_LE(LargestKept(std::string(1000, 'x'), 10), 13);
  EXPECT_LE(LargestKept("x y=\"" + std::string(1000, '\n'), 10), 13);
  EXPECT_LE(LargestKept(std::string(1000, '\\'), 10), 14);
}

}  // namespace
}  // namespace fluxgate::influx
