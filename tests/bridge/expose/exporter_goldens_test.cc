// Replays what influxdb_exporter was observed to do (tests/corpus/exporter_goldens.json): the same
// families and the same sample lines, but for the scenarios listed here. The order of samples
// inside a family is ours; values of the three own metrics are placeholders.
#include "tests/bridge/cache/pipeline.h"
#include "tests/bridge/expose/exporter.h"
#include "tests/bridge/ingest/gzip_reference.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>

namespace fluxgate {
namespace {

// Where influxdb_exporter is wrong: the number of the bug, and what we reply and show instead.
struct Difference {
  std::string_view id;
  int bug;
  int status;  // of the last write
  std::vector<std::string> samples;
};

const Difference kDifferences[] = {
    {"08_id_collision_bug", 11, 204, {R"(m{a="b",c="d"} 2)", R"(m{a="b.c.d"} 1)"}},
    {"16_partial_batch_dropped", 8, 400, {R"(cpu{host="a"} 9)", "mem 1", R"(ok{host="a"} 1)"}},
    {"20_own_metric_collision_500", 4, 204, {"cpu 2"}},
    {"22_crash_reserved_label", 2, 204, {R"(cpu{_x="y"} 1)"}},
    {"23_crash_bad_utf8_label_value", 3, 204, {R"(cpu{a="ÿ"} 1)"}},
    {"25_crlf", 9, 204, {"cpu 1", "mem 2"}},
};

std::string Decode64(std::string_view text) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char digit : text.substr(0, text.find('='))) {
    bits = (bits << 6) | static_cast<unsigned>(kDigits.find(digit));
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes.push_back(static_cast<char>((bits >> count) & 0xFF));
    }
  }
  return bytes;
}

boost::json::array Cases() {
  std::ifstream file(FLUXGATE_SOURCE_DIR "/tests/corpus/exporter_goldens.json");
  std::stringstream text;
  text << file.rdbuf();
  return boost::json::parse(text.str()).as_object().at("cases").as_array();
}

std::string Text(const boost::json::value& value) {
  return std::string(value.as_string());
}

// One string for each family: its header, then its samples sorted.
std::vector<std::string> Families(std::string_view body) {
  std::vector<std::vector<std::string>> families;
  std::istringstream lines{std::string(body)};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# HELP ")) {
      families.emplace_back();
    }
    for (const std::string_view own :
         {"influxdb_exporter_build_info", "influxdb_last_push_timestamp_seconds"}) {
      if (line.starts_with(own)) {
        line = own;
      }
    }
    families.back().push_back(line);
  }
  std::vector<std::string> texts;
  for (std::vector<std::string>& family : families) {
    std::sort(family.begin() + 2, family.end());
    std::string& text = texts.emplace_back();
    for (const std::string& line : family) {
      text += line + "\n";
    }
  }
  return texts;
}

Reply PostAll(Exporter* exporter, const boost::json::array& writes) {
  Reply reply;
  for (const boost::json::value& write : writes) {
    std::string body =
        write.at("body").is_null() ? Decode64(Text(write.at("body_b64"))) : Text(write.at("body"));
    EXPECT_EQ(body.find('@'), std::string::npos) << "no scenario writes a placeholder";
    const bool gzip = write.at("headers").as_object().contains("Content-Encoding");
    reply = exporter->Post(Text(write.at("path")), gzip ? ReferenceGzip(body) : body,
                           gzip ? "gzip" : "");
  }
  return reply;
}

TEST(ExporterGoldens, EveryScenarioIsEqualOrListed) {
  size_t different = 0;
  const boost::json::array cases = Cases();
  EXPECT_EQ(cases.size(), 17U);
  for (const boost::json::value& scenario : cases) {
    const std::string id = Text(scenario.at("id"));
    SCOPED_TRACE(id);
    EXPECT_TRUE(scenario.at("args").as_array().empty());
    EXPECT_TRUE(scenario.at("udp").as_array().empty());
    Exporter exporter;
    const boost::json::array& writes = scenario.at("writes").as_array();
    const Reply reply = PostAll(&exporter, writes);
    const auto* const difference = std::ranges::find(kDifferences, id, &Difference::id);
    if (difference != std::end(kDifferences)) {
      ++different;
      EXPECT_EQ(reply.status, difference->status);
      EXPECT_EQ(exporter.Samples(), difference->samples) << "bug " << difference->bug;
      continue;
    }
    EXPECT_EQ(reply.status, writes.back().at("status").as_int64());
    EXPECT_EQ(reply.body, Text(writes.back().at("reply")));
    EXPECT_EQ(Families(exporter.Scrape()), Families(Text(scenario.at("scrape").at("body"))));
  }
  EXPECT_EQ(different, std::size(kDifferences));
}

}  // namespace
}  // namespace fluxgate
