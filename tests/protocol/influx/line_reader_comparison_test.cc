// LineReader against the reference parser: every short string, and many mutated lines.
#include "protocol/influx/line_reader.h"

#include "tests/reference/line_outcome.h"
#include "tests/reference/reference_line_parser.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

using reference::LineOutcome;
using reference::ParseLines;
using reference::ReadLines;

constexpr int64_t kDefaultTime = 1'700'000'000'123'456'789;

ReaderOptions Options(bool strict) {
  ReaderOptions options;
  options.strict = strict;
  options.default_time_ns = kDefaultTime;
  return options;
}

// The text in one piece and in two; a line that was begun is not read the short way. False after a
// difference, so that a test does not report thousands.
bool Agree(const std::string& text, const ReaderOptions& options) {
  const std::vector<LineOutcome> expected = ParseLines(options, text);
  const std::vector<LineOutcome> whole = ReadLines(options, text);
  EXPECT_EQ(whole, expected) << "input: " << testing::PrintToString(text)
                             << " strict: " << options.strict;
  const std::vector<LineOutcome> cut = ReadLines(options, text, {text.size() - text.size() / 4});
  EXPECT_EQ(cut, expected) << "input in two pieces: " << testing::PrintToString(text)
                           << " strict: " << options.strict;
  return whole == expected && cut == expected;
}

// Every string of up to `size_max` bytes of `alphabet`, behind `prefix`.
bool AgreeOnAll(const std::string& prefix, std::string_view alphabet, size_t size_max) {
  const std::array<ReaderOptions, 2> modes = {Options(false), Options(true)};
  std::vector<size_t> digits;
  std::string text;
  while (digits.size() <= size_max) {
    text = prefix;
    for (const size_t digit : digits) {
      text += alphabet[digit];
    }
    for (const ReaderOptions& mode : modes) {
      if (!Agree(text, mode)) {
        return false;
      }
    }
    size_t i = 0;
    while (i < digits.size() && ++digits[i] == alphabet.size()) {
      digits[i++] = 0;
    }
    if (i == digits.size()) {
      digits.push_back(0);
    }
  }
  return true;
}

constexpr std::string_view kAlphabet = "a,= \"\\\n1";

TEST(LineReaderComparison, EveryShortString) {
  EXPECT_TRUE(AgreeOnAll("", kAlphabet, 6));
}

TEST(LineReaderComparison, EveryShortEndOfALine) {
  for (const char* prefix : {"m ", "m,a=", "m,b=1,a", "m a=", "m a=\"", "m a=1,", "m a=1 ", " m",
                             "m\\", "m a,b=\"", "m a\\", "\t#"}) {
    EXPECT_TRUE(AgreeOnAll(prefix, kAlphabet, 5)) << prefix;
  }
}

TEST(LineReaderComparison, EveryShortNumber) {
  EXPECT_TRUE(AgreeOnAll("m a=", "01.e-+iu", 5));
  EXPECT_TRUE(AgreeOnAll("m ", "1.e-iut", 5));
}

TEST(LineReaderComparison, EveryShortBlankAndLineEnd) {
  const std::string_view blanks("m=1 \t\0\r\n#", 9);
  EXPECT_TRUE(AgreeOnAll("", blanks, 5));
  EXPECT_TRUE(AgreeOnAll("m 1", blanks, 4));
  EXPECT_TRUE(AgreeOnAll("m v=\"\"", blanks, 4));
}

// Makes lines out of pieces that mean something to the reader, and spoils some of them.
class LineMaker {
 public:
  explicit LineMaker(uint32_t seed) : random_(seed) {}

  std::string Text() {
    std::string text;
    for (size_t lines = 1 + Below(3); lines > 0; --lines) {
      text += Line();
      text += Pick({"\n", "\n", "\n", "\r\n", "\n\n", " \n", ""});
    }
    for (size_t changes = Below(2) * Below(4); changes > 0; --changes) {
      Spoil(&text);
    }
    return text;
  }

  ReaderOptions Mode() {
    ReaderOptions options = Options(Below(2) == 0);
    options.precision = Rarely() ? static_cast<Precision>(Below(7)) : Precision::kUnspecified;
    options.max_line_size = Rarely() ? Below(100) : 1000;
    options.fields_max = Below(2) == 0 ? 1 + Below(3) : options.fields_max;
    return options;
  }

 private:
  size_t Below(size_t limit) {
    return std::uniform_int_distribution<size_t>(0, limit - 1)(random_);
  }
  bool Rarely() { return Below(10) == 0; }

  std::string Pick(const std::vector<std::string>& choices) {
    return choices[Below(choices.size())];
  }

  std::string Line() {
    std::string line = Rarely() ? Pick({" ", "\t", "# ", "#=\""}) : "";
    line += Rarely() ? Pick({"m\\,", "m=\"", "\\\\"}) : Pick({"cpu", "m", "a\\ b", "swap"});
    for (const char* key : {"host", "a", "b", "a\\=", "zone"}) {
      if (Below(3) == 0) {
        line += std::string(",") + (Rarely() ? "a" : key) + "=" +
                Pick({"a", "x\\ y", "1", "\"", "c:\\d", "\u00fc"});
      }
    }
    line += Rarely() ? Pick({"  ", " \t", ""}) : " ";
    for (size_t fields = 1 + Below(4); fields > 0; --fields) {
      line += Rarely() ? Pick({"", "x\\\\=", "a,b="}) : Pick({"v=", "value=", "a\\ b=", "\"q\"="});
      line += Value() + (fields > 1 ? "," : "");
    }
    return line + Time();
  }

  std::string Value() {
    if (Rarely()) {
      return Pick({"1e400", "\"x\"y", "NaN", "18446744073709551616u", "9223372036854775808i", "\"",
                   "-", "1.5i", "yes"});
    }
    return Pick({"1",
                 "0i",
                 "-17i",
                 "3u",
                 "2.5",
                 "-0.",
                 "1e3",
                 "t",
                 "false",
                 "TRUE",
                 "1e-400",
                 "\"x\"",
                 "\"a,b=c d\"",
                 "\"\\\"\"",
                 "\"\n\"",
                 "\"\\\\\"",
                 "9223372036854775807i",
                 "123456789012345678",
                 "0.1234567890123456789012345",
                 "5e-324",
                 "-2e-324"});
  }

  std::string Time() {
    return Rarely()
               ? Pick({" ", " -", " 9223372036854775807", " 99999999999999999999", " 1 x"})
               : Pick({"", " 1", " 1656472338", " 1656472338000000000", " -5  ", " 1656472338000"});
  }

  void Spoil(std::string* text) {
    static constexpr std::string_view kBytes(", =\"\\\n\r\t\0#-1aeiu.", 17);
    const size_t at = Below(text->size() + 1);
    switch (Below(3)) {
      case 0:
        text->insert(at, 1, kBytes[Below(kBytes.size())]);
        break;
      case 1:
        text->erase(at, 1 + Below(3));
        break;
      default:
        if (at < text->size()) {
          (*text)[at] = kBytes[Below(kBytes.size())];
        }
    }
  }

  std::mt19937 random_;
};

TEST(LineReaderComparison, RandomLines) {
  LineMaker maker(20240611);
  size_t lines = 0;
  size_t points = 0;
  for (int i = 0; i < 200'000; ++i) {
    const ReaderOptions mode = maker.Mode();
    const std::string text = maker.Text();
    ASSERT_TRUE(Agree(text, mode)) << "case " << i;
    if (i % 100 == 0) {
      for (const LineOutcome& outcome : ReadLines(mode, text)) {
        ++lines;
        points += outcome.ok ? 1 : 0;
      }
    }
  }
  // The maker makes enough of both kinds.
  EXPECT_GT(points, lines / 5);
  EXPECT_LT(points, lines * 4 / 5);
}

}  // namespace
}  // namespace fluxgate::influx
