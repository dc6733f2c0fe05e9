#include "bridge/admin/groups_page.h"

#include "bridge/admin/rfc3339.h"
#include "bridge/ingest/url_query.h"

#include <absl/strings/str_format.h>

#include <string>

namespace fluxgate {
namespace {

std::string GroupJson(const GroupState& group, uint64_t series) {
  // Sixteenths of a second up to two years need twelve digits.
  return absl::StrFormat(
      R"({"name":%s,"series":%d,"last_complete":%s,"ttl_seconds":%.12g,"expires":%s})",
      JsonString(group.name), series,
      group.completed_ns ? JsonString(FormatRfc3339(*group.completed_ns)) : "null",
      static_cast<double>(group.lifetime_ns) / 1e9, JsonString(FormatRfc3339(group.expires_ns)));
}

}  // namespace

Reply GroupsPage(SeriesCache* cache) {
  const auto sizes = cache->GroupSizes();
  std::string list;
  for (const GroupState& group : cache->groups().List()) {
    const auto size = sizes.find(group.id);
    list += (list.empty() ? "" : ",") + GroupJson(group, size == sizes.end() ? 0 : size->second);
  }
  return {.status = 200,
          .content_type = "application/json; charset=utf-8",
          .body = "{\"groups\":[" + list + "]}\n",
          .headers = {}};
}

Reply DeleteGroup(std::string_view encoded_name, const Now& now, SeriesCache* cache) {
  if (!cache->DeleteGroup(DecodePercent(encoded_name), now)) {
    return V1Error(404, "no such group");
  }
  return {};
}

}  // namespace fluxgate
