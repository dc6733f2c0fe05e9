#include "bridge/ingest/query_catalog.h"

#include <gtest/gtest.h>

#include <string>

namespace fluxgate {
namespace {

TEST(QueryCatalog, RemembersABoundedNumber) {
  DatabaseRegistry databases(10);
  QueryCatalog catalog(&databases);
  EXPECT_EQ(catalog.CreateDatabase("d", "", nullptr), "");
  for (size_t i = 0; i < 2 * QueryCatalog::kPoliciesMax; ++i) {
    EXPECT_EQ(catalog.CreatePolicy("d", "p" + std::to_string(i), {}), "");
  }
  EXPECT_EQ(catalog.Policies("d").size(), QueryCatalog::kPoliciesMax);
  for (size_t i = 0; i < 2 * QueryCatalog::kUsersMax; ++i) {
    EXPECT_EQ(catalog.CreateUser("u" + std::to_string(i), false), "");
  }
  EXPECT_EQ(catalog.Users().size(), QueryCatalog::kUsersMax);
  const std::string long_name(DatabaseRegistry::kNameSizeMax + 1, 'n');
  EXPECT_EQ(catalog.CreateUser(long_name, false), "");
  EXPECT_FALSE(catalog.HasUser(long_name));
}

TEST(QueryCatalog, PoliciesEndWithTheirDatabase) {
  DatabaseRegistry databases(10);
  QueryCatalog catalog(&databases);
  influx::PolicyOptions options;
  options.duration_ns = int64_t{7200} * 1'000'000'000;
  EXPECT_EQ(catalog.CreateDatabase("d", "short", &options), "");
  EXPECT_EQ(catalog.Policies("d").front().name, "short");
  catalog.DropDatabase("d");
  EXPECT_EQ(catalog.CreateDatabase("d", "", nullptr), "");
  EXPECT_EQ(catalog.Policies("d").front().name, "autogen");
}

TEST(QueryCatalog, OneDefaultPolicy) {
  DatabaseRegistry databases(10);
  QueryCatalog catalog(&databases);
  catalog.CreateDatabase("d", "", nullptr);
  influx::PolicyOptions options;
  options.is_default = true;
  catalog.CreatePolicy("d", "p", options);
  EXPECT_FALSE(catalog.Policies("d")[0].is_default);
  EXPECT_TRUE(catalog.Policies("d")[1].is_default);
  EXPECT_EQ(catalog.AlterPolicy("d", "autogen", options), "");
  EXPECT_TRUE(catalog.Policies("d")[0].is_default);
  EXPECT_FALSE(catalog.Policies("d")[1].is_default);
}

}  // namespace
}  // namespace fluxgate
