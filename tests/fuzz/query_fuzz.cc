// Answers any text as a query, over a small cache: it must end, within its bounds, in a reply that
// InfluxDB could have given, and a statement must be read again from its own text.
//
// Input: one byte that chooses the form of the answer, then the query, in which `$h`, `$m`, `$r`,
// `$n`, `$d` and `$x` are bound.

#include "protocol/influx/influxql_parser.h"
#include "protocol/influx/influxql_text.h"

#include "bridge/base/check.h"
#include "bridge/ingest/query.h"

#include "tests/bridge/cache/pipeline.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using fluxgate::Pipeline;

constexpr std::string_view kLines =
    "cpu,host=a,region=eu usage=1.5,idle=3\ncpu,host=b usage=2.5,x=7\nmem,host=a,host-2=c v=1";

constexpr std::string_view kParameters =
    R"({"h":"a","m":{"ident":"cpu"},"r":{"regex":"c.u"},"n":1,"d":{"duration":"1h"},"x":null})";

std::string UrlEncode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char byte : text) {
    const auto number = static_cast<unsigned char>(byte);
    encoded += {'%', kDigits[number >> 4], kDigits[number & 15]};
  }
  return encoded;
}

void CheckParser(std::string_view text) {
  const fluxgate::influx::ParsedQuery query =
      fluxgate::influx::ParseInfluxql(text, fluxgate::kQueryStatementsMax);
  CHECK(query.error.empty() || query.statements.empty());
  for (const fluxgate::influx::Statement& statement : query.statements) {
    CHECK(fluxgate::influx::ParseInfluxql(statement.text, 1).error.empty());
    fluxgate::influx::CanonicalText(statement.text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  CheckParser(text);
  Pipeline pipeline;
  pipeline.Write(kLines);
  std::string url = "db=db&q=" + UrlEncode(text);
  url += (bytes[0] & 1) != 0 ? "&pretty=true" : "";
  url += (bytes[0] & 2) != 0 ? "&chunked=true&chunk_size=1" : "";
  url += (bytes[0] & 4) != 0 ? "&epoch=ms" : "";
  url += "&params=" + UrlEncode(kParameters);
  const fluxgate::Reply reply = fluxgate::AnswerQuery(
      {url, "", ""}, (bytes[0] & 8) != 0 ? "text/csv" : "", (bytes[0] & 16) != 0,
      {&pipeline.cache, &pipeline.ingest.query_catalog(), "1.8.10", pipeline.clock.Read()});
  CHECK(reply.status == 200 || reply.status == 400 || reply.status == 413);
  CHECK(reply.body.empty() || reply.body.ends_with('\n'));
  const std::string part = "--B\r\nContent-Disposition: form-data; name=q\r\n\r\n" + text;
  fluxgate::QueryForm("", "multipart/form-data; boundary=B", part).Find("q");
  fluxgate::QueryForm("", "multipart/form-data; boundary=" + text, text).Find("q");
  return 0;
}
