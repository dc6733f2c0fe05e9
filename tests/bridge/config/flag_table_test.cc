#include "bridge/config/flag_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <string_view>

namespace fluxgate {
namespace {

TEST(FlagTable, NamesAreUniqueAndHelped) {
  std::set<std::string_view> names;
  for (const Flag& flag : Flags()) {
    EXPECT_TRUE(names.insert(flag.name).second) << flag.name;
    EXPECT_EQ(flag.help.back(), '.') << flag.name;
    EXPECT_EQ(flag.value_name.empty(), flag.kind == FlagKind::kSwitch) << flag.name;
  }
}

TEST(FlagTable, EnvironmentNamesFollowTheFlags) {
  EXPECT_EQ(EnvironmentName("web.listen-address"), "FLUXGATE_WEB_LISTEN_ADDRESS");
  EXPECT_EQ(EnvironmentName("timestamps"), "FLUXGATE_TIMESTAMPS");
}

TEST(FlagTable, EmptyIsAValueWhereNothingIsOne) {
  for (const Flag& flag : Flags()) {
    Config config;
    const bool takes_empty = flag.kind == FlagKind::kOptional ||
                             flag.kind == FlagKind::kOptionalRepeated ||
                             flag.name == "influxdb.reported-version";
    EXPECT_EQ(flag.set("", &config).ok(), takes_empty) << flag.name;
  }
}

}  // namespace
}  // namespace fluxgate
