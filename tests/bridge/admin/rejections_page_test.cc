#include "bridge/admin/rejections_page.h"

#include <gtest/gtest.h>

namespace fluxgate {
namespace {

TEST(RejectionsPage, IsEmptyAtFirst) {
  const Reply reply = RejectionsPage(RejectionLog());
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.content_type, "application/json; charset=utf-8");
  EXPECT_EQ(reply.body, "{\"reasons\":[]}\n");
}

TEST(RejectionsPage, ShowsEachReasonNewestFirst) {
  RejectionLog log;
  log.Add("string_field", {.time_ns = 1'700'000'000'001'000'000,
                           .peer = "127.0.0.1:4000",
                           .database = "db",
                           .text = "cpu s=\"<\xff\"",
                           .detail = "s"});
  log.Add("missing_fields",
          {.time_ns = 1, .peer = "", .database = "", .text = "a", .detail = "missing fields"});
  log.Add("missing_fields",
          {.time_ns = 2'000'000, .peer = "", .database = "", .text = "b", .detail = "d"});
  EXPECT_EQ(
      RejectionsPage(log).body,
      R"({"reasons":[{"reason":"missing_fields","rejections":[)"
      R"({"time":"1970-01-01T00:00:00.002Z","peer":"","database":"","text":"b","detail":"d"},)"
      R"({"time":"1970-01-01T00:00:00.000Z","peer":"","database":"","text":"a",)"
      R"("detail":"missing fields"}]},)"
      R"({"reason":"string_field","rejections":[{"time":"2023-11-14T22:13:20.001Z",)"
      R"("peer":"127.0.0.1:4000","database":"db","text":"cpu s=\"\u003c\ufffd\"",)"
      R"("detail":"s"}]}]})"
      "\n");
}

}  // namespace
}  // namespace fluxgate
