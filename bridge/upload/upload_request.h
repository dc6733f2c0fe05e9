// One upload from its first body byte to its reply, without sockets: a form with files, or one file
// as it is.
//
// Use: as WriteRequest.
// Lifetime: views the Ingest and the rules it was made with. What was stored stays stored whatever
// becomes of the request.
// Errors: become replies (upload_reply.h).
// Bounds: memory does not follow the size of the body. With lines of up to 1 MiB it is under 2 MiB
// for line protocol and exports; under 20 MiB for annotated CSV, whose rows repeat what annotations
// and header say; and for a report 1 MiB of texts and what its points take (report_reader.h) more.
// A form has at most 1,000 parts; names are cut at 255 bytes. The sizes of a body as sent and
// inflated are those of a write; gzip files inside it count together. Thread: compatible. Spec:
// README.md, "Files and reports".
#pragma once

#include "bridge/base/clock.h"
#include "bridge/ingest/body_decoder.h"
#include "bridge/ingest/reply.h"
#include "bridge/ingest/write_params.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

class Ingest;       // bridge/ingest/ingest.h
class ReportRules;  // bridge/upload/report_rules.h

struct UploadTarget {
  WriteParams params;
  std::optional<std::string> boundary;  // of a form; none: the body is a file
  std::string name;                     // of that file
};

// Reads the query part of a URL and a Content-Type header. nullopt: `target` was set; else the
// error to reply.
std::optional<Reply> ParseUploadTarget(std::string_view query, std::string_view content_type,
                                       UploadTarget* target);

class UploadRequest {
 public:
  // `rules`: null for none. `peer` is the sender's address and port. `now` is when the request
  // began.
  UploadRequest(Ingest* ingest, const ReportRules* rules, UploadTarget target,
                const ContentCodings& codings, std::string peer, const Now& now);
  ~UploadRequest();
  UploadRequest(const UploadRequest&) = delete;
  UploadRequest& operator=(const UploadRequest&) = delete;

  std::optional<Reply> Announce(uint64_t content_length);
  void SetNow(const Now& now);
  std::span<char> Prepare();
  std::optional<Reply> Commit(size_t size);
  bool has_more() const;
  std::optional<Reply> Continue();
  std::optional<Reply> End();
  Reply Finish();
  void Abandon();

 private:
  class Body;
  std::unique_ptr<Body> body_;
};

}  // namespace fluxgate
