#include "bridge/admin/v2_resources.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int64_t kCreated = 1'700'000'000'000'000'000;

class V2ResourcesTest : public testing::Test {
 protected:
  std::string List(std::string_view query) { return ListBuckets(query, databases_, kCreated).body; }

  DatabaseRegistry databases_{4};
};

TEST_F(V2ResourcesTest, ABucketTellsWhatClientsReadOfIt) {
  databases_.Create("a\"b");
  EXPECT_EQ(List("org=o"),
            R"({"links":{"self":"/api/v2/buckets?descending=false&limit=20&offset=0"},"buckets":[)"
            R"({"id":"5d2a31d0710cbe0b","orgID":"86a16b729102e1b7","type":"user","name":"a\"b",)"
            R"("description":"","retentionRules":[],"createdAt":"2023-11-14T22:13:20.000Z",)"
            R"("updatedAt":"2023-11-14T22:13:20.000Z",)"
            R"("links":{"self":"/api/v2/buckets/5d2a31d0710cbe0b","write":"/api/v2/write"},)"
            R"("labels":[]}]})"
            "\n");
}

TEST_F(V2ResourcesTest, ListsByNameIdAndPage) {
  for (const std::string_view name : {"a", "b", "c"}) {
    databases_.Create(name);
  }
  EXPECT_THAT(List("name=b"), HasSubstr("\"name\":\"b\""));
  EXPECT_THAT(List("name=b"), Not(HasSubstr("\"name\":\"a\"")));
  EXPECT_THAT(List("limit=1&offset=2"), HasSubstr("\"name\":\"c\""));
  EXPECT_THAT(List("limit=1&offset=2"), Not(HasSubstr("\"name\":\"b\"")));
  EXPECT_THAT(List("offset=18446744073709551615"), HasSubstr("\"buckets\":[]"));
  const std::string one = List("name=c");
  const std::string id = one.substr(one.find("\"id\":\"") + 6, 16);
  EXPECT_EQ(List("id=" + id), one);
  for (const std::string_view bad : {"limit=0", "limit=101", "limit=x", "offset=-1"}) {
    EXPECT_EQ(ListBuckets(bad, databases_, kCreated).status, 400) << bad;
  }
}

TEST_F(V2ResourcesTest, AMissingBucketIsNotFoundWithinAnOrgOnly) {
  EXPECT_EQ(ListBuckets("name=x", databases_, kCreated).status, 200);
  const Reply reply = ListBuckets("name=x&org=o", databases_, kCreated);
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(reply.body, "{\"code\":\"not found\",\"message\":\"bucket \\\"x\\\" not found\"}\n");
}

TEST_F(V2ResourcesTest, CreatingMakesADatabaseOnce) {
  const std::string body = R"({"orgID":"0123456789abcdef","name":"made","retentionRules":[]})";
  const Reply reply = CreateBucket("", body, kCreated, &databases_);
  EXPECT_EQ(reply.status, 201);
  EXPECT_THAT(reply.body, HasSubstr(R"("orgID":"0123456789abcdef","type":"user","name":"made")"));
  EXPECT_TRUE(databases_.Find("made"));
  const Reply again = CreateBucket("", body, kCreated, &databases_);
  EXPECT_EQ(again.status, 422);
  EXPECT_THAT(again.body, HasSubstr("\"code\":\"conflict\""));
}

TEST_F(V2ResourcesTest, LongNamesAreNotRepeated) {
  databases_.Create("a");
  const std::string fits(255, 'x');
  const std::string is_long(256, 'x');
  EXPECT_THAT(List("orgID=" + fits), HasSubstr(fits));
  EXPECT_EQ(List("orgID=" + is_long), List(""));
  EXPECT_EQ(List("org=" + is_long), List(""));
  EXPECT_THAT(
      CreateBucket("", R"({"name":"b","orgID":")" + is_long + "\"}", kCreated, &databases_).body,
      Not(HasSubstr(fits)));
  EXPECT_EQ(CreateBucket("", R"({"name":")" + is_long + "\"}", kCreated, &databases_).status, 400);
  EXPECT_EQ(CreateBucket("", R"({"name":")" + fits + "\"}", kCreated, &databases_).status, 201);
}

TEST_F(V2ResourcesTest, CreatingNeedsAName) {
  for (const std::string_view body : {"", "{", "[]", "{}", R"({"name":""})", R"({"name":1})"}) {
    EXPECT_EQ(CreateBucket("", body, kCreated, &databases_).status, 400) << body;
  }
  EXPECT_EQ(CreateBucket("", std::string(60'000, '['), kCreated, &databases_).status, 400);
}

TEST_F(V2ResourcesTest, FullRegistrySaysSo) {
  for (int i = 0; i < 10; ++i) {
    databases_.Create("db" + std::to_string(i));
  }
  EXPECT_EQ(CreateBucket("", R"({"name":"more"})", kCreated, &databases_).status, 422);
}

TEST_F(V2ResourcesTest, AnyOrgExists) {
  const std::string named = ListOrgs("org=mine", kCreated).body;
  EXPECT_THAT(named, HasSubstr("\"name\":\"mine\""));
  EXPECT_EQ(named, ListOrgs("org=mine", kCreated).body);
  EXPECT_NE(named, ListOrgs("org=yours", kCreated).body);
  EXPECT_THAT(ListOrgs("", kCreated).body, HasSubstr("\"name\":\"default\""));
}

TEST_F(V2ResourcesTest, SetupIsDone) {
  EXPECT_EQ(AnswerSetup(false).body, "{\"allowed\":false}\n");
  EXPECT_EQ(AnswerSetup(true).status, 422);
}

}  // namespace
}  // namespace fluxgate
