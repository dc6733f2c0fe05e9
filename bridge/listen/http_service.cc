#include "bridge/listen/http_service.h"

#include "bridge/admin/groups_page.h"
#include "bridge/admin/rejections_page.h"
#include "bridge/admin/v2_resources.h"
#include "bridge/ingest/query.h"
#include "bridge/ingest/url_query.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

// Which API a path belongs to, below whatever prefix.
WriteProtocol ProtocolOf(const RequestHead& head) {
  return head.path.find("/api/v2/") != std::string::npos   ? WriteProtocol::kHttpV2
         : head.path.find("/api/v3/") != std::string::npos ? WriteProtocol::kHttpV3
                                                           : WriteProtocol::kHttpV1;
}

Reply ErrorReply(const RequestHead& head, int status, std::string_view message) {
  return ProtocolError(ProtocolOf(head), status, message);
}

Reply NotFound(const RequestHead& head) {
  const bool is_v2 = ProtocolOf(head) == WriteProtocol::kHttpV2;
  return ErrorReply(head, 404, is_v2 ? "path not found" : "not found");
}

// What InfluxDB 1.x lets web pages of other origins do.
constexpr std::pair<const char*, const char*> kCorsHeaders[] = {
    {"Access-Control-Allow-Headers",
     "Accept, Accept-Encoding, Authorization, Content-Length, Content-Type, X-CSRF-Token, "
     "X-HTTP-Method-Override"},
    {"Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, POST, PUT"},
    {"Access-Control-Expose-Headers", "Date, X-InfluxDB-Version, X-InfluxDB-Build"},
};

Reply MethodNotAllowed(const RequestHead& head, const Route& route) {
  Reply reply = ErrorReply(head, 405, "method not allowed");
  reply.headers.emplace_back("Allow", route.allow);
  return reply;
}

Reply AnswerOptions(const Route& route) {
  return {.status = 200,
          .content_type = {},
          .body = {},
          .headers = {{"Allow", std::string(route.allow)}}};
}

}  // namespace

void Exchange::Abandon() {
  if (write) {
    write->Abandon();
  }
  if (upload) {
    upload->Abandon();
  }
}

void Exchange::Clear() {
  route = nullptr;
  write.reset();
  upload.reset();
  takes_form = false;
  scrape.reset();
  reply = {};
}

HttpService::HttpService(const HttpOptions& options, HttpStages stages)
    : options_(options),
      stages_(std::move(stages)),
      router_(options.telemetry_path, options.exporter_telemetry_path, options.upload_paths,
              options.route_prefix),
      counters_(router_) {}

void HttpService::Begin(const RequestHead& head, std::string_view peer, Exchange* exchange) const {
  exchange->Clear();
  exchange->began = ReadClock();
  const Route& route = router_.Find(head.path);
  exchange->route = &route;
  if (route.endpoint == Endpoint::kNone) {
    exchange->reply = NotFound(head);
  } else if (!route.Takes(head.method)) {
    exchange->reply = MethodNotAllowed(head, route);
  } else if (head.method == HttpMethod::kOptions) {
    exchange->reply = AnswerOptions(route);
  } else if (route.endpoint == Endpoint::kWriteV1) {
    BeginWrite(WriteProtocol::kHttpV1, head, peer, exchange);
  } else if (route.endpoint == Endpoint::kWriteV2) {
    BeginWrite(WriteProtocol::kHttpV2, head, peer, exchange);
  } else if (route.endpoint == Endpoint::kWriteV3) {
    BeginWrite(WriteProtocol::kHttpV3, head, peer, exchange);
  } else if (route.endpoint == Endpoint::kUpload) {
    BeginUpload(head, peer, exchange);
  } else if (route.endpoint == Endpoint::kTelemetry) {
    BeginScrape(*stages_.exposer, head, exchange);
  } else if (route.endpoint == Endpoint::kExporterTelemetry) {
    BeginScrape(*stages_.own_exposer, head, exchange);
  } else if (route.endpoint == Endpoint::kQueryV1 && head.method == HttpMethod::kPost &&
             head.has_body()) {
    exchange->takes_form = true;
  } else if (route.endpoint == Endpoint::kBucketsV2 && head.method == HttpMethod::kPost) {
    exchange->takes_form = true;
  } else {
    exchange->reply = Answer(head, *exchange);
  }
}

void HttpService::BeginWrite(WriteProtocol protocol, const RequestHead& head, std::string_view peer,
                             Exchange* exchange) const {
  WriteParams params;
  if (auto error = ParseWriteParams(protocol, head.query, &params)) {
    exchange->reply = *std::move(error);
    return;
  }
  const auto coding = ParseContentEncoding(head.content_encoding);
  if (!coding) {
    exchange->reply = ErrorReply(
        head, 415, absl::StrFormat("unsupported content encoding: %s", head.content_encoding));
    return;
  }
  exchange->write.emplace(stages_.ingest, std::move(params), *coding, std::string(peer),
                          exchange->began);
}

void HttpService::BeginUpload(const RequestHead& head, std::string_view peer,
                              Exchange* exchange) const {
  UploadTarget target;
  if (auto error = ParseUploadTarget(head.query, head.content_type, &target)) {
    exchange->reply = *std::move(error);
    return;
  }
  const auto coding = ParseContentEncoding(head.content_encoding);
  if (!coding) {
    exchange->reply = ErrorReply(
        head, 415, absl::StrFormat("unsupported content encoding: %s", head.content_encoding));
    return;
  }
  exchange->upload.emplace(stages_.ingest, stages_.report_rules, std::move(target), *coding,
                           std::string(peer), exchange->began);
}

void HttpService::BeginScrape(const Exposer& exposer, const RequestHead& head,
                              Exchange* exchange) const {
  exchange->scrape = exposer.Begin(head.accept, head.accept_encoding, exchange->began);
}

void HttpService::TakeForm(const RequestHead& head, std::string_view form,
                           Exchange* exchange) const {
  if (exchange->route->endpoint == Endpoint::kBucketsV2) {
    exchange->reply = CreateBucket(head.query, form, stages_.health->started().wall_ns,
                                   &stages_.ingest->cache()->databases());
    return;
  }
  exchange->reply = AnswerQueryV1(head, form, exchange->began);
}

Reply HttpService::AnswerQueryV1(const RequestHead& head, std::string_view body,
                                 const Now& now) const {
  return AnswerQuery(
      {head.query, head.content_type, body}, head.accept, head.method != HttpMethod::kPost,
      {stages_.ingest->cache(), &stages_.ingest->query_catalog(), options_.reported_version, now});
}

Reply HttpService::Answer(const RequestHead& head, const Exchange& exchange) const {
  const Health& health = *stages_.health;
  switch (exchange.route->endpoint) {
    case Endpoint::kQueryV1:
      return AnswerQueryV1(head, {}, exchange.began);
    case Endpoint::kQueryV2:
      return {.status = 200, .content_type = "text/csv; charset=utf-8", .body = {}, .headers = {}};
    case Endpoint::kQuerySqlV3:
      return V3Error(501, "fluxgate keeps no history and answers no SQL; scrape its metrics");
    case Endpoint::kSetupV2:
      return AnswerSetup(head.method == HttpMethod::kPost);
    case Endpoint::kOrgsV2:
      return ListOrgs(head.query, health.started().wall_ns);
    case Endpoint::kBucketsV2:
      return ListBuckets(head.query, stages_.ingest->cache()->databases(),
                         health.started().wall_ns);
    case Endpoint::kPing:
      if (head.method == HttpMethod::kPost) {
        return health.AnswerPingV3();
      }
      return health.AnswerPing(FindUrlParameter(head.query, "verbose").value_or(""));
    case Endpoint::kInfluxHealth:
      return health.AnswerInfluxHealth();
    case Endpoint::kInfluxReady:
      return health.AnswerInfluxReady(exchange.began);
    case Endpoint::kInfluxStatus:
      return health.AnswerInfluxStatus();
    case Endpoint::kPrometheusHealthy:
      return health.AnswerPrometheusHealthy();
    case Endpoint::kPrometheusReady:
      return health.AnswerPrometheusReady();
    case Endpoint::kLivez:
      return health.AnswerLivez();
    case Endpoint::kReadyz:
      return health.AnswerReadyz();
    case Endpoint::kRejections:
      return RejectionsPage(stages_.ingest->rejections());
    case Endpoint::kGroups:
      return GroupsPage(stages_.ingest->cache());
    case Endpoint::kGroup:
      return DeleteGroup(router_.Within(*exchange.route, head.path), exchange.began,
                         stages_.ingest->cache());
    case Endpoint::kLanding:
      return stages_.landing_page;
    case Endpoint::kWriteV1:
    case Endpoint::kWriteV2:
    case Endpoint::kWriteV3:
    case Endpoint::kUpload:
    case Endpoint::kTelemetry:
    case Endpoint::kExporterTelemetry:
    case Endpoint::kNone:
      break;
  }
  return NotFound(head);
}

void HttpService::Refuse(const RequestHead& head, int status, std::string_view message,
                         Exchange* exchange) const {
  exchange->Clear();
  exchange->began = ReadClock();
  exchange->route = &router_.Find(head.path);
  exchange->reply = ErrorReply(head, status, message);
}

const Reply& HttpService::Complete(const RequestHead& head, Exchange* exchange) {
  if (exchange->route->is_influx && !head.origin.empty()) {
    auto& headers = exchange->reply.headers;
    headers.emplace_back("Access-Control-Allow-Origin", head.origin);
    headers.insert(headers.end(), std::begin(kCorsHeaders), std::end(kCorsHeaders));
  }
  return exchange->reply;
}

void HttpService::Finish(const Exchange& exchange, int status) {
  counters_.Add(*exchange.route, status);
  const bool has_body = exchange.scrape != nullptr && exchange.scrape->size() > 0;  // not for HEAD
  if (has_body && stages_.on_scrape) {
    // The wall clock may have been set back.
    const int64_t duration_ns = ReadClock().wall_ns - exchange.began.wall_ns;
    stages_.on_scrape(
        {exchange.route->endpoint, std::max<int64_t>(duration_ns, 0), exchange.scrape->size()});
  }
}

}  // namespace fluxgate
