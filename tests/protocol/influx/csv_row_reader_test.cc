#include "protocol/influx/csv_row_reader.h"

#include "tests/protocol/cuts.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {
namespace {

// `number:<cell>@begin<cell>@begin` a row, `number!code` an error.
std::string ReadRows(std::string_view input, const std::vector<size_t>& cuts, size_t row_size_max,
                     char delimiter) {
  CsvRowReader reader(row_size_max);
  reader.SetDelimiter(delimiter);
  std::string out;
  std::string unread;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : input.size();
    unread.append(input.substr(begin, end - begin));
    begin = end;
    reader.SetInput(unread, i == cuts.size());
    for (;;) {
      const CsvRowReader::Result result = reader.Next();
      if (result == CsvRowReader::Result::kRow) {
        out += std::to_string(reader.row().number) + ":";
        for (const CsvCell& cell : reader.row().cells) {
          out += "<" + std::string(cell.value) + ">" + std::to_string(cell.begin);
        }
        out += ";";
      } else if (result == CsvRowReader::Result::kError) {
        out += std::to_string(reader.error().line_number) + "!" +
               std::string(Name(reader.error().code)) + ";";
      } else {
        break;
      }
    }
    unread.erase(0, reader.consumed());
  }
  return out;
}

std::string Read(std::string_view input, size_t row_size_max = 1000, char delimiter = ',') {
  const std::string whole = ReadRows(input, {}, row_size_max, delimiter);
  for (size_t i = 1; i < input.size(); ++i) {
    EXPECT_EQ(ReadRows(input, {i}, row_size_max, delimiter), whole) << i;
  }
  EXPECT_EQ(ReadRows(input, EveryByte(input.size()), row_size_max, delimiter), whole);
  return whole;
}

TEST(CsvRowReader, RowsAndCells) {
  EXPECT_EQ(Read("a,bc,\r\n,\n\nd"), "1:<a>0<bc>2<>5;2:<>0<>1;3:;4:<d>0;");
  EXPECT_EQ(Read(""), "");
  EXPECT_EQ(Read("a;b,c", 1000, ';'), "1:<a>0<b,c>2;");
}

TEST(CsvRowReader, Quotes) {
  EXPECT_EQ(Read("\"a,b\",\"c\"\"d\n\",\"\"\nx"), "1:<a,b>0<c\"d\n>6<>14;3:<x>0;");
  EXPECT_EQ(Read("a\"b,c"), "1:<a\"b>0<c>4;");
  EXPECT_EQ(Read("\"a\"\r\nb"), "1:<a>0;2:<b>0;");
  EXPECT_EQ(Read("\"a\"b,c\nd"), "1!invalid_csv_quotes;2:<d>0;");
  EXPECT_EQ(Read("x\n\"open,\n"), "1:<x>0;2!invalid_csv_quotes;");
}

TEST(CsvRowReader, RowsThatAreTooLong) {
  EXPECT_EQ(Read("12345678\n123456789\nx\n", 8), "1:<12345678>0;2:<123456789>0;3:<x>0;");
  EXPECT_EQ(Read("1234567890\n\"23456789012\nx\n", 8), "1!line_too_long;2!line_too_long;3:<x>0;");
}

}  // namespace
}  // namespace fluxgate::influx
