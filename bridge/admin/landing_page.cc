#include "bridge/admin/landing_page.h"

#include <absl/strings/str_replace.h>

#include <string_view>

namespace fluxgate {
namespace {

constexpr std::string_view kPage = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>fluxgate</title>
<style>
body { font: 16px/1.5 sans-serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }
code { background: #eee; color: #111; padding: 0 0.2em; }
</style>
</head>
<body>
<h1>fluxgate</h1>
<p>Takes InfluxDB writes, serves them to Prometheus. Version @version@.</p>
<h2>Read</h2>
<ul>
<li><a href="@prefix@@telemetry_path@">@telemetry_path@</a>: what was written, to scrape</li>
<li><a href="@prefix@@own_telemetry_path@">@own_telemetry_path@</a>: metrics of fluxgate itself</li>
<li><a href="@prefix@/status/rejections">/status/rejections</a>: what was not taken, and why</li>
<li><a href="@prefix@/health">/health</a>: whether it works</li>
</ul>
<h2>Write</h2>
<ul>
<li><code>POST /write?db=mydb</code>: InfluxDB 1.x</li>
<li><code>POST /api/v2/write?bucket=mydb</code>: InfluxDB 2.x</li>
<li><code>POST /api/v3/write_lp?db=mydb</code>: InfluxDB 3.x</li>
@udp@</ul>
</body>
</html>
)";

std::string EscapeHtml(std::string_view text) {
  return absl::StrReplaceAll(
      {text.data(), text.size()},
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&#39;"}});
}

}  // namespace

Reply LandingPage(const LandingPageOptions& options) {
  const std::string udp =
      options.udp_address.empty()
          ? ""
          : "<li>UDP on <code>" + EscapeHtml(options.udp_address) + "</code>: line protocol</li>\n";
  return {
      .status = 200,
      .content_type = "text/html; charset=utf-8",
      .body = absl::StrReplaceAll({kPage.data(), kPage.size()},
                                  {{"@version@", EscapeHtml(options.version)},
                                   {"@prefix@", EscapeHtml(options.route_prefix)},
                                   {"@telemetry_path@", EscapeHtml(options.telemetry_path)},
                                   {"@own_telemetry_path@", EscapeHtml(options.own_telemetry_path)},
                                   {"@udp@", udp}}),
      .headers = {}};
}

}  // namespace fluxgate
