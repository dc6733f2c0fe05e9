#include "bridge/admin/v2_resources.h"

#include "bridge/admin/rfc3339.h"
#include "bridge/ingest/url_query.h"

#include <absl/strings/str_format.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

constexpr std::string_view kDefaultOrg = "default";
constexpr uint64_t kBucketsPerList = 20;
constexpr uint64_t kBucketsPerListMax = 100;
constexpr size_t kNameSizeMax = 255;  // of names and ids that an answer repeats

// FNV-1a, 64 bits.
uint64_t Hash(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) {
    hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001b3;
  }
  return hash;
}

// Never zero, which is no id.
std::string IdOf(std::string_view kind, std::string_view name) {
  const uint64_t hash = Hash(std::string(kind).append("/").append(name));
  return absl::StrFormat("%016x", std::max<uint64_t>(hash, 1));
}

Reply Json(int status, std::string body) {
  body += '\n';
  return {.status = status,
          .content_type = "application/json; charset=utf-8",
          .body = std::move(body),
          .headers = {}};
}

struct Org {
  std::string name;
  std::string id;
};

// A name or an id that is no longer than those may be.
bool IsName(const std::optional<std::string>& text) {
  return text && !text->empty() && text->size() <= kNameSizeMax;
}

// The organisation that a request names, by name or by id.
Org OrgOf(std::string_view query) {
  const auto name = FindUrlParameter(query, "org");
  const auto id = FindUrlParameter(query, "orgID");
  Org org;
  org.name = IsName(name) ? *name : std::string(kDefaultOrg);
  org.id = IsName(id) ? *id : IdOf("org", org.name);
  return org;
}

std::string BucketJson(std::string_view name, const Org& org, int64_t created_ns) {
  const std::string id = IdOf("bucket", name);
  const std::string time = FormatRfc3339(created_ns);
  const std::string self = "/api/v2/buckets/" + id;
  return absl::StrFormat(
      R"({"id":"%s","orgID":%s,"type":"user","name":%s,"description":"","retentionRules":[],)"
      R"("createdAt":"%s","updatedAt":"%s","links":{"self":"%s","write":"/api/v2/write"},)"
      R"("labels":[]})",
      id, JsonString(org.id), JsonString(name), time, time, self);
}

// A count in the query; nullopt when it is none, or over `max`.
std::optional<uint64_t> FindCount(std::string_view query, std::string_view name, uint64_t absent,
                                  uint64_t max) {
  const auto text = FindUrlParameter(query, name);
  if (!text) {
    return absent;
  }
  uint64_t count = 0;
  const char* const end = text->data() + text->size();
  const auto parsed = std::from_chars(text->data(), end, count);
  if (parsed.ec != std::errc() || parsed.ptr != end || count > max) {
    return std::nullopt;
  }
  return count;
}

// The member of a JSON object, if it is a string.
std::optional<std::string> FindText(std::string_view json, std::string_view key) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse({json.data(), json.size()}, error);
  const boost::json::object* const object = error ? nullptr : value.if_object();
  const boost::json::value* const member =
      object == nullptr ? nullptr : object->if_contains({key.data(), key.size()});
  const boost::json::string* const text = member == nullptr ? nullptr : member->if_string();
  if (text == nullptr) {
    return std::nullopt;
  }
  return std::string(text->data(), text->size());
}

}  // namespace

Reply ListOrgs(std::string_view query, int64_t created_ns) {
  const Org org = OrgOf(query);
  const std::string time = FormatRfc3339(created_ns);
  return Json(200, absl::StrFormat(
                       R"({"links":{"self":"/api/v2/orgs"},"orgs":[{"links":{"self":%s},)"
                       R"("id":%s,"name":%s,"description":"","createdAt":"%s","updatedAt":"%s"}]})",
                       JsonString("/api/v2/orgs/" + org.id), JsonString(org.id),
                       JsonString(org.name), time, time));
}

Reply ListBuckets(std::string_view query, const DatabaseRegistry& databases, int64_t created_ns) {
  const auto limit = FindCount(query, "limit", kBucketsPerList, kBucketsPerListMax);
  const auto offset = FindCount(query, "offset", 0, UINT64_MAX);
  if (!limit || *limit == 0 || !offset) {
    return V2Error(400, absl::StrFormat("limit must be between 1 and %d, and offset a number",
                                        kBucketsPerListMax));
  }
  const auto name = FindUrlParameter(query, "name");
  const auto id = FindUrlParameter(query, "id");
  std::vector<std::string> names = databases.Names();
  std::erase_if(names, [&](const std::string& each) {
    return (name && each != *name) || (id && IdOf("bucket", each) != *id);
  });
  // As InfluxDB: one that is asked for by name within an organisation must be there.
  const bool has_org = FindUrlParameter(query, "org") || FindUrlParameter(query, "orgID");
  if (names.empty() && name && has_org) {
    return V2Error(404, "bucket \"" + name->substr(0, kNameSizeMax) + "\" not found");
  }
  const Org org = OrgOf(query);
  std::string list;
  for (uint64_t i = *offset; i < names.size() && i - *offset < *limit; ++i) {
    list.append(list.empty() ? "" : ",").append(BucketJson(names[i], org, created_ns));
  }
  return Json(200, absl::StrFormat(
                       R"({"links":{"self":"/api/v2/buckets?descending=false&limit=%d&offset=%d"},)"
                       R"("buckets":[%s]})",
                       *limit, *offset, list));
}

Reply CreateBucket(std::string_view query, std::string_view body, int64_t created_ns,
                   DatabaseRegistry* databases) {
  const auto name = FindText(body, "name");
  if (!name || name->empty()) {
    return V2Error(400, "bucket name is missing");
  }
  if (name->size() > kNameSizeMax) {
    return V2Error(400, absl::StrFormat("bucket name is longer than %d bytes", kNameSizeMax));
  }
  if (databases->Find(*name)) {
    return V2Error(422, "conflict", "bucket with name " + *name + " already exists");
  }
  if (databases->Create(*name) == DatabaseRegistry::kOther) {
    return V2Error(422, "no further bucket can be remembered; writes to it are taken all the same");
  }
  Org org = OrgOf(query);
  const auto id = FindText(body, "orgID");
  org.id = IsName(id) ? *id : org.id;
  return Json(201, BucketJson(*name, org, created_ns));
}

Reply AnswerSetup(bool is_post) {
  return is_post ? V2Error(422, "conflict", "onboarding has already been completed")
                 : Json(200, R"({"allowed":false})");
}

}  // namespace fluxgate
