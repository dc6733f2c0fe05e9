#include "bridge/admin/landing_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fluxgate {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(LandingPage, LinksToWhatThereIs) {
  const Reply reply = LandingPage({.version = "0.1.0",
                                   .telemetry_path = "/m",
                                   .own_telemetry_path = "/m/own",
                                   .udp_address = ":9122"});
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "text/html; charset=utf-8");
  EXPECT_TRUE(reply.body.starts_with("<!DOCTYPE html>\n"));
  EXPECT_THAT(reply.body, HasSubstr("Version 0.1.0."));
  EXPECT_THAT(reply.body, HasSubstr("<a href=\"/m\">/m</a>"));
  EXPECT_THAT(reply.body, HasSubstr("<a href=\"/m/own\">/m/own</a>"));
  EXPECT_THAT(reply.body, HasSubstr("<a href=\"/health\">"));
  EXPECT_THAT(reply.body, HasSubstr("<a href=\"/status/rejections\">"));
  EXPECT_THAT(reply.body, HasSubstr("/write?db=mydb"));
  EXPECT_THAT(reply.body, HasSubstr("/api/v2/write?bucket=mydb"));
  EXPECT_THAT(reply.body, HasSubstr("UDP on <code>:9122</code>"));
  EXPECT_THAT(reply.body, Not(HasSubstr("@")));
}

TEST(LandingPage, DoesNotMentionUdpWhenItIsOff) {
  EXPECT_THAT(LandingPage({.udp_address = ""}).body, Not(HasSubstr("UDP")));
}

TEST(LandingPage, EscapesOptions) {
  const Reply reply = LandingPage({.version = "<b>&'", .telemetry_path = "/\"><script>"});
  EXPECT_THAT(reply.body, HasSubstr("Version &lt;b&gt;&amp;&#39;."));
  EXPECT_THAT(reply.body, HasSubstr("href=\"/&quot;&gt;&lt;script&gt;\""));
  EXPECT_THAT(reply.body, Not(HasSubstr("<script")));
}

}  // namespace
}  // namespace fluxgate
