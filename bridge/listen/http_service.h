// Decides what becomes of an HTTP request. Does no I/O: a session moves the bytes.
//
// Lifetime: uses the stages of its maker, which outlive it; an Exchange uses the service it was
// begun by.
// Errors: become replies, in the shape of the API that was called.
// Thread: HttpService safe; Exchange compatible.
// Spec: README.md, "What it accepts" and "What it serves".
#pragma once

#include "bridge/admin/health.h"
#include "bridge/base/clock.h"
#include "bridge/expose/exposer.h"
#include "bridge/ingest/ingest.h"
#include "bridge/ingest/reply.h"
#include "bridge/ingest/write_request.h"
#include "bridge/listen/http_counters.h"
#include "bridge/listen/listen_options.h"
#include "bridge/listen/request_head.h"
#include "bridge/listen/router.h"
#include "bridge/upload/upload_request.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace fluxgate {

// One scrape that has ended.
struct ScrapeTotals {
  Endpoint endpoint = Endpoint::kTelemetry;
  int64_t duration_ns = 0;
  uint64_t size = 0;  // bytes of the body as sent
};

struct HttpStages {
  Ingest* ingest = nullptr;
  const Exposer* exposer = nullptr;      // the telemetry path
  const Exposer* own_exposer = nullptr;  // the exporter telemetry path
  const Health* health = nullptr;
  const Clock* clock = nullptr;
  Reply landing_page;
  const ReportRules* report_rules = nullptr;           // null: none
  std::function<void(const ScrapeTotals&)> on_scrape;  // called from any io thread
};

// A request and what it needs before its reply can be sent: one of `write`, `upload`,
// `takes_form` and `scrape`, or nothing.
struct Exchange {
  const Route* route = nullptr;
  Now began;
  std::optional<WriteRequest> write;    // takes the body; its reply is the reply
  std::optional<UploadRequest> upload;  // the same
  bool takes_form = false;              // takes the body as a form: TakeForm()
  std::unique_ptr<Scrape> scrape;       // is the body of the reply
  Reply reply;                          // else

  // The body will not come to its end. To be called before the exchange is cleared or ends, which
  // store and count nothing.
  void Abandon();

  void Clear();
};

class HttpService {
 public:
  HttpService(const HttpOptions& options, HttpStages stages);

  // `peer` is the client's address and port.
  void Begin(const RequestHead& head, std::string_view peer, Exchange* exchange) const;

  // Takes the body of a request that takes a form and sets the reply.
  void TakeForm(const RequestHead& head, std::string_view form, Exchange* exchange) const;

  // Begins an exchange whose reply is an error that the session met: `status` in the shape of the
  // request's API.
  void Refuse(const RequestHead& head, int status, std::string_view message,
              Exchange* exchange) const;

  // The reply as the client gets it: with leave for scripts of other web pages to read it, where
  // InfluxDB gives that.
  static const Reply& Complete(const RequestHead& head, Exchange* exchange);

  // Counts an exchange that has ended with `status`.
  void Finish(const Exchange& exchange, int status);

  const HttpOptions& options() const { return options_; }
  const HttpCounters& counters() const { return counters_; }
  const Clock& clock() const { return *stages_.clock; }
  Now ReadClock() const { return stages_.clock->Read(); }

 private:
  void BeginWrite(WriteProtocol protocol, const RequestHead& head, std::string_view peer,
                  Exchange* exchange) const;
  void BeginUpload(const RequestHead& head, std::string_view peer, Exchange* exchange) const;
  void BeginScrape(const Exposer& exposer, const RequestHead& head, Exchange* exchange) const;
  Reply AnswerQueryV1(const RequestHead& head, std::string_view body, const Now& now) const;
  Reply Answer(const RequestHead& head, const Exchange& exchange) const;

  const HttpOptions options_;
  const HttpStages stages_;
  const Router router_;
  HttpCounters counters_;
};

}  // namespace fluxgate
