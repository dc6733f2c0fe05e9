#include "bridge/ingest/url_query.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(FindUrlParameter, TakesTheFirstOfThatName) {
  EXPECT_EQ(FindUrlParameter("db=a&rp=b&db=c", "db"), "a");
  EXPECT_EQ(FindUrlParameter("db=a&rp=b&db=c", "rp"), "b");
  EXPECT_EQ(FindUrlParameter("db=&db=c", "db"), "");
  EXPECT_EQ(FindUrlParameter("db&x=y", "db"), "");
}

TEST(FindUrlParameter, KnowsWhatIsMissing) {
  EXPECT_EQ(FindUrlParameter("", "db"), std::nullopt);
  EXPECT_EQ(FindUrlParameter("dbx=1&xdb=2&DB=3", "db"), std::nullopt);
  EXPECT_EQ(FindUrlParameter("a=db", "db"), std::nullopt);
  EXPECT_EQ(FindUrlParameter("&&=&", "db"), std::nullopt);
}

TEST(FindUrlParameter, DecodesNamesAndValues) {
  EXPECT_EQ(FindUrlParameter("d%62=a%20b+c%2Bd%2bd", "db"), "a b c+d+d");
  EXPECT_EQ(FindUrlParameter("db=a%26b%3Dc=d", "db"), "a&b=c=d");
  EXPECT_EQ(FindUrlParameter("db=%C3%A9", "db"), "é");
  EXPECT_EQ(FindUrlParameter("db=%00%ff", "db"), std::string("\0\xff", 2));
}

TEST(FindUrlParameter, TakesBrokenEscapesLiterally) {
  EXPECT_EQ(FindUrlParameter("db=100%", "db"), "100%");
  EXPECT_EQ(FindUrlParameter("db=%4", "db"), "%4");
  EXPECT_EQ(FindUrlParameter("db=%zz%4g%-1%%41", "db"), "%zz%4g%-1%A");
  EXPECT_EQ(FindUrlParameter("db=\xff\x01 ;\"<", "db"), "\xff\x01 ;\"<");
}

TEST(DecodePercent, LeavesAPlusAlone) {
  EXPECT_EQ(DecodePercent("a%2Fb+c%20%C3%BC%zz%"), "a/b+c \xC3\xBC%zz%");
  EXPECT_EQ(DecodePercent(""), "");
}

}  // namespace
}  // namespace fluxgate
