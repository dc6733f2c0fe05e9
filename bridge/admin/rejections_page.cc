#include "bridge/admin/rejections_page.h"

#include "bridge/admin/rfc3339.h"

#include <absl/strings/str_format.h>

namespace fluxgate {
namespace {

std::string RejectionJson(const Rejection& rejection) {
  return absl::StrFormat(R"({"time":"%s","peer":%s,"database":%s,"text":%s,"detail":%s})",
                         FormatRfc3339(rejection.time_ns), JsonString(rejection.peer),
                         JsonString(rejection.database), JsonString(rejection.text),
                         JsonString(rejection.detail));
}

}  // namespace

Reply RejectionsPage(const RejectionLog& rejections) {
  std::string reasons;
  for (const auto& [reason, latest] : rejections.Snapshot()) {
    std::string list;
    for (const Rejection& rejection : latest) {
      list += (list.empty() ? "" : ",") + RejectionJson(rejection);
    }
    reasons += absl::StrFormat(R"(%s{"reason":%s,"rejections":[%s]})", reasons.empty() ? "" : ",",
                               JsonString(reason), list);
  }
  return {.status = 200,
          .content_type = "application/json; charset=utf-8",
          .body = "{\"reasons\":[" + reasons + "]}\n",
          .headers = {}};
}

}  // namespace fluxgate
