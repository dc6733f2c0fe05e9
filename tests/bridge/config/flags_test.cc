#include "bridge/config/flags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fluxgate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int64_t kSecond = 1'000'000'000;
using Variables = std::map<std::string, std::string>;

absl::StatusOr<CommandLine> Parse(const std::vector<std::string>& arguments,
                                  const Variables& variables = {}) {
  return ParseCommandLine(arguments, [&](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  });
}

Config ConfigOf(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  absl::StatusOr<CommandLine> line = Parse(arguments, variables);
  EXPECT_TRUE(line.ok()) << line.status();
  return line.ok() ? line->config : Config();
}

std::string ErrorOf(const std::vector<std::string>& arguments, const Variables& variables = {}) {
  return std::string(Parse(arguments, variables).status().message());
}

std::vector<std::string> AddressesOf(const Config& config) {
  std::vector<std::string> addresses;
  for (const ListenAddress& address : config.http.addresses) {
    addresses.push_back(address.host + ":" + std::to_string(address.port));
  }
  return addresses;
}

TEST(Flags, UploadPathsGoInThePlaceOfTheDefaults) {
  EXPECT_THAT(ConfigOf({}).http.upload_paths, ElementsAre("/data.cgi", "/upload"));
  const Config config =
      ConfigOf({"--upload.path=/a", "--upload.path=/b", "--upload.config=rules.yaml"});
  EXPECT_THAT(config.http.upload_paths, ElementsAre("/a", "/b"));
  EXPECT_EQ(config.upload.config_path, "rules.yaml");
  EXPECT_THAT(ErrorOf({"--upload.path=a"}), HasSubstr("--upload.path"));
}

TEST(Flags, DatabasesThatExistFromTheStart) {
  EXPECT_THAT(ConfigOf({}).ingest.databases, IsEmpty());
  EXPECT_THAT(ConfigOf({"--influxdb.database=a", "--influxdb.database=b c"}).ingest.databases,
              ElementsAre("a", "b c"));
  EXPECT_THAT(ErrorOf({"--influxdb.database="}), HasSubstr("--influxdb.database"));
  EXPECT_THAT(ErrorOf({"--influxdb.database=" + std::string(256, 'x')}), HasSubstr("255"));
}

TEST(Flags, GroupsLastForADayAndAnHour) {
  EXPECT_EQ(ConfigOf({}).cache.group_expiry_ns, 25 * 3600 * kSecond);
  EXPECT_EQ(ConfigOf({"--influxdb.group-expiry=90m"}).cache.group_expiry_ns, 5400 * kSecond);
  for (const std::string value : {"0", "-5m", "soon", ""}) {
    EXPECT_THAT(ErrorOf({"--influxdb.group-expiry=" + value}),
                HasSubstr("--influxdb.group-expiry: \"" + value + "\" is not a duration"));
  }
}

TEST(Flags, DefaultsAreThoseOfInfluxdbExporter) {
  const Config config = ConfigOf({});
  EXPECT_THAT(AddressesOf(config), ElementsAre(":9122"));
  EXPECT_EQ(config.http.telemetry_path, "/metrics");
  EXPECT_EQ(config.http.exporter_telemetry_path, "/metrics/exporter");
  EXPECT_EQ(config.http.reported_version, "1.8.10");
  EXPECT_EQ(config.http.connections_max, 2048u);
  ASSERT_EQ(config.udp.listeners.size(), 1u);
  EXPECT_EQ(config.udp.listeners[0].address.port, 9122);
  EXPECT_EQ(config.udp.listeners[0].params.protocol, WriteProtocol::kUdp);
  EXPECT_EQ(config.udp.listeners[0].params.precision, influx::Precision::kUnspecified);
  EXPECT_EQ(config.cache.sample_expiry_ns, 300 * kSecond);
  EXPECT_EQ(config.cache.sample_age_max_ns, 3600 * kSecond);
  EXPECT_EQ(config.cache.expiry_clock, ExpiryClock::kReceive);
  EXPECT_EQ(config.cache.series_max, 10'000'000u);
  EXPECT_EQ(config.ingest.body_size_max, uint64_t{32} << 20);
  EXPECT_EQ(config.ingest.inflated_size_max, uint64_t{256} << 20);
  EXPECT_EQ(config.ingest.line_size_max, size_t{1} << 20);
  EXPECT_FALSE(config.ingest.strict);
  EXPECT_FALSE(config.expose.timestamps);
  EXPECT_EQ(config.runtime.shutdown_delay_ns, 0);
  EXPECT_EQ(config.log.level, LogLevel::kInfo);
}

TEST(Flags, EveryFlagSetsItsOption) {
  const Config config = ConfigOf({"--web.telemetry-path=/m",
                                  "--web.exporter-telemetry-path=/e",
                                  "--web.max-body-size=1KiB",
                                  "--web.max-inflated-size=2KiB",
                                  "--web.max-request-memory=4MiB",
                                  "--web.max-connections=3",
                                  "--influxdb.sample-expiry=2h",
                                  "--influxdb.expiry-clock=sample",
                                  "--influxdb.max-sample-age=0",
                                  "--influxdb.max-line-size=4KiB",
                                  "--influxdb.strict",
                                  "--influxdb.reported-version=2.7",
                                  "--influxdb.max-series=5",
                                  "--influxdb.max-series-per-database=6",
                                  "--influxdb.max-series-per-measurement=7",
                                  "--influxdb.max-labels=8",
                                  "--influxdb.max-label-name-size=9",
                                  "--influxdb.max-label-value-size=10",
                                  "--udp.bind-address=h:11",
                                  "--udp.precision=ms",
                                  "--timestamps",
                                  "--shutdown.delay=12s",
                                  "--log.level=error",
                                  "--log.format=json",
                                  "--runtime.threads=13"});
  EXPECT_EQ(config.http.telemetry_path, "/m");
  EXPECT_EQ(config.http.exporter_telemetry_path, "/e");
  EXPECT_EQ(config.ingest.body_size_max, 1024u);
  EXPECT_EQ(config.ingest.inflated_size_max, 2048u);
  EXPECT_EQ(config.ingest.request_memory_max, 4u << 20);
  EXPECT_EQ(config.http.connections_max, 3u);
  EXPECT_EQ(config.cache.sample_expiry_ns, 7200 * kSecond);
  EXPECT_EQ(config.cache.expiry_clock, ExpiryClock::kSample);
  EXPECT_EQ(config.cache.sample_age_max_ns, 0);
  EXPECT_EQ(config.ingest.line_size_max, 4096u);
  EXPECT_TRUE(config.ingest.strict);
  EXPECT_EQ(config.http.reported_version, "2.7");
  EXPECT_EQ(config.cache.series_max, 5u);
  EXPECT_EQ(config.cache.series_per_database_max, 6u);
  EXPECT_EQ(config.cache.series_per_measurement_max, 7u);
  EXPECT_EQ(config.mapping.labels_per_series_max, 8u);
  EXPECT_EQ(config.mapping.label_name_size_max, 9u);
  EXPECT_EQ(config.mapping.label_value_size_max, 10u);
  ASSERT_EQ(config.udp.listeners.size(), 1u);
  EXPECT_EQ(config.udp.listeners[0].address.host, "h");
  EXPECT_EQ(config.udp.listeners[0].params.precision, influx::Precision::kMillisecond);
  EXPECT_TRUE(config.expose.timestamps);
  EXPECT_EQ(config.runtime.shutdown_delay_ns, 12 * kSecond);
  EXPECT_EQ(config.log.level, LogLevel::kError);
  EXPECT_EQ(config.log.format, LogFormat::kJson);
  EXPECT_EQ(config.runtime.threads, 13u);
}

TEST(Flags, HistoricAgeFollowsTheExpiryWhereThatIsLonger) {
  EXPECT_EQ(ConfigOf({"--influxdb.sample-expiry=59m"}).cache.sample_age_max_ns, 3600 * kSecond);
  EXPECT_EQ(ConfigOf({"--influxdb.sample-expiry=2h"}).cache.sample_age_max_ns, 7200 * kSecond);
  EXPECT_EQ(ConfigOf({"--influxdb.sample-expiry=2h", "--influxdb.max-sample-age=1m"})
                .cache.sample_age_max_ns,
            60 * kSecond);
}

TEST(Flags, ValuesMayFollow) {
  const Config config = ConfigOf({"--web.listen-address", ":1", "--web.listen-address=[::1]:2",
                                  "--timestamps", "--log.level", "warn"});
  EXPECT_THAT(AddressesOf(config), ElementsAre(":1", "::1:2"));
  EXPECT_TRUE(config.expose.timestamps);
  EXPECT_EQ(config.log.level, LogLevel::kWarn);
}

TEST(Flags, AnEmptyValueIsNotTheNextArgument) {
  const Config config = ConfigOf({"--udp.bind-address=", "--timestamps"});
  EXPECT_TRUE(config.udp.listeners.empty());
  EXPECT_TRUE(config.expose.timestamps);
  EXPECT_TRUE(ConfigOf({"--udp.bind-address", ""}).udp.listeners.empty());
}

TEST(Flags, ListenersForLinesAreRepeatable) {
  const Config config = ConfigOf({"--udp.bind-address=:1?db=a&precision=s", "--udp.bind-address=:2",
                                  "--udp.precision=ms", "--tcp.listen-address=:3?db=b",
                                  "--unix.listen-path=/run/x.sock?mode=0600"});
  ASSERT_EQ(config.udp.listeners.size(), 2u);
  EXPECT_EQ(config.udp.listeners[0].params.database, "a");
  EXPECT_EQ(config.udp.listeners[0].params.precision, influx::Precision::kSecond);
  EXPECT_EQ(config.udp.listeners[1].params.precision, influx::Precision::kMillisecond);
  ASSERT_EQ(config.http.line_streams.size(), 2u);
  EXPECT_EQ(config.http.line_streams[0].params.protocol, WriteProtocol::kTcp);
  EXPECT_EQ(config.http.line_streams[0].params.database, "b");
  EXPECT_EQ(config.http.line_streams[1].params.protocol, WriteProtocol::kUnix);
  EXPECT_EQ(config.http.line_streams[1].address.path, "/run/x.sock");
  EXPECT_EQ(config.http.line_streams[1].address.mode, 0600u);
  const Variables variables = {{"FLUXGATE_UDP_BIND_ADDRESS", ":1,:2"}};
  EXPECT_EQ(ConfigOf({}, variables).udp.listeners.size(), 2u);
}

TEST(Flags, SwitchesHaveANegativeForm) {
  EXPECT_FALSE(ConfigOf({"--no-timestamps"}).expose.timestamps);
  EXPECT_FALSE(ConfigOf({"--no-timestamps"}, {{"FLUXGATE_TIMESTAMPS", "1"}}).expose.timestamps);
  EXPECT_TRUE(ConfigOf({"--timestamps=true"}).expose.timestamps);
  EXPECT_FALSE(ConfigOf({"--timestamps=false"}).expose.timestamps);
}

TEST(Flags, TheEnvironmentComesSecond) {
  const Variables variables = {{"FLUXGATE_WEB_LISTEN_ADDRESS", ":1,127.0.0.1:2"},
                               {"FLUXGATE_LOG_LEVEL", "warn"},
                               {"FLUXGATE_LOG_FORMAT", ""},
                               {"FLUXGATE_UDP_BIND_ADDRESS", ""},
                               {"FLUXGATE_INFLUXDB_STRICT", "true"},
                               {"FLUXGATE_PORT", "tcp://10.0.0.1:9122"}};
  const Config config = ConfigOf({"--log.level=debug"}, variables);
  EXPECT_THAT(AddressesOf(config), ElementsAre(":1", "127.0.0.1:2"));
  EXPECT_EQ(config.log.level, LogLevel::kDebug);
  EXPECT_EQ(config.log.format, LogFormat::kLogfmt);
  EXPECT_TRUE(config.udp.listeners.empty());
  EXPECT_TRUE(config.ingest.strict);
  EXPECT_THAT(AddressesOf(ConfigOf({"--web.listen-address=:3"}, variables)), ElementsAre(":3"));
}

TEST(Flags, ErrorsNameWhatIsWrong) {
  EXPECT_EQ(ErrorOf({"--influxdb.sample-expiry=5x"}),
            "--influxdb.sample-expiry: \"5x\" is not a duration (such as 5m, 1h30m or 500ms)");
  EXPECT_EQ(ErrorOf({}, {{"FLUXGATE_LOG_LEVEL", "loud"}}),
            "FLUXGATE_LOG_LEVEL: \"loud\" is not one of debug, info, warn, error");
  EXPECT_EQ(ErrorOf({}, {{"FLUXGATE_WEB_LISTEN_ADDRESS", ":1,,:2"}}),
            "FLUXGATE_WEB_LISTEN_ADDRESS: \"\" is not an address (such as :9122, 127.0.0.1:9122 or "
            "[::1]:9122)");
  EXPECT_EQ(ErrorOf({"--web.max-connections=0"}),
            "--web.max-connections: \"0\" is not a number from 1 to 9223372036854775807");
  EXPECT_EQ(ErrorOf({"--log.level=info", "--log.level=info"}), "--log.level: given more than once");
  EXPECT_EQ(ErrorOf({"--influxdb.max-line-size=65MiB"}),
            "--influxdb.max-line-size: \"65MiB\" is not a size from 1 to 64MiB");
  EXPECT_THAT(ErrorOf({"--bogus"}), HasSubstr("--bogus"));
  EXPECT_THAT(ErrorOf({"stray"}), HasSubstr("stray"));
  EXPECT_THAT(ErrorOf({"--web.listen-address", ":1", "stray"}), HasSubstr("stray"));
}

TEST(Flags, CommandsAreRecognised) {
  EXPECT_EQ(Parse({})->command, Command::kServe);
  EXPECT_EQ(Parse({"healthcheck"})->healthcheck_url, "http://127.0.0.1:9122/-/ready");
  EXPECT_EQ(Parse({"healthcheck", "http://h/"})->healthcheck_url, "http://h/");
  const std::pair<const char*, const char*> addresses[] = {
      {":8086", "http://127.0.0.1:8086/-/ready"},
      {"0.0.0.0:1", "http://127.0.0.1:1/-/ready"},
      {"[::]:2,:3", "http://[::1]:2/-/ready"},
      {"host:4", "http://host:4/-/ready"}};
  for (const auto& [address, url] : addresses) {
    EXPECT_EQ(Parse({"healthcheck"}, {{"FLUXGATE_WEB_LISTEN_ADDRESS", address}})->healthcheck_url,
              url);
  }
  const auto help = Parse({"--help"});
  EXPECT_EQ(help->command, Command::kPrint);
  EXPECT_THAT(help->text, HasSubstr("--influxdb.max-sample-age"));
  EXPECT_THAT(Parse({"--version"})->text,
              testing::MatchesRegex("fluxgate, version .* \\(revision: .*\\)\n"));
}

TEST(Flags, ExplainTakesItsOwnAndTheCommonOnes) {
  const auto line =
      Parse({"--influxdb.max-line-size=9", "explain", "a", "--precision", "s", "--influxdb.strict",
             "--now-ns=-5", "-", "--influxdb.max-sample-age=0", "b"});
  ASSERT_TRUE(line.ok()) << line.status();
  EXPECT_EQ(line->command, Command::kExplain);
  EXPECT_EQ(line->explain.precision, influx::Precision::kSecond);
  EXPECT_EQ(line->explain.now_ns, -5);
  EXPECT_THAT(line->explain.paths, ElementsAre("a", "-", "b"));
  EXPECT_TRUE(line->config.ingest.strict);
  EXPECT_EQ(line->config.ingest.line_size_max, 9u);
  EXPECT_EQ(line->config.cache.sample_age_max_ns, 0);
}

TEST(Flags, ExplainRefusesWhatItCannotRead) {
  EXPECT_THAT(ErrorOf({"explain", "--precision=x"}), HasSubstr("--precision"));
  EXPECT_THAT(ErrorOf({"explain", "--now-ns=1.5"}), HasSubstr("--now-ns"));
  EXPECT_THAT(ErrorOf({"--precision=s"}), HasSubstr("--precision"));
}

}  // namespace
}  // namespace fluxgate
