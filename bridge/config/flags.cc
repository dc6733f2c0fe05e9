#include "bridge/config/flags.h"

#include "bridge/config/flag_table.h"
#include "bridge/config/version.h"

#include <CLI/CLI.hpp>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

// Where the bridge that this process's flags and environment describe answers on this machine.
std::string HealthcheckUrl(const Config& config) {
  const auto found = std::ranges::find(config.http.addresses, false, &ListenAddress::is_unix);
  if (found == config.http.addresses.end()) {
    return absl::StrFormat("unix:%s?%s/-/ready", config.http.addresses.front().path,
                           config.http.route_prefix);
  }
  const ListenAddress& address = *found;
  std::string host = address.host;
  if (host.empty() || host == "0.0.0.0") {
    host = "127.0.0.1";
  } else if (host == "::") {
    host = "::1";
  }
  if (host.find(':') != std::string::npos) {
    host = "[" + host + "]";
  }
  return absl::StrFormat("http://%s:%d%s/-/ready", host, address.port, config.http.route_prefix);
}

// CLI11 takes `--name=` for a name whose value comes next, and reads arguments from the back.
std::vector<std::string> ForCli11(std::span<const std::string> arguments) {
  std::vector<std::string> reversed;
  for (const std::string& argument : arguments) {
    const bool has_empty_value =
        argument.starts_with("--") && argument.find('=') == argument.size() - 1;
    if (has_empty_value) {
      reversed.push_back(argument.substr(0, argument.size() - 1));
      reversed.emplace_back();
    } else {
      reversed.push_back(argument);
    }
  }
  std::ranges::reverse(reversed);
  return reversed;
}

std::vector<std::string> SplitAtCommas(const std::string& text) {
  std::vector<std::string> values;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(',', begin), text.size());
    values.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return values;
}

absl::Status Blame(std::string_view name, const absl::Status& status) {
  const auto message = status.message();
  return absl::InvalidArgumentError(
      absl::StrFormat("%s: %s", name, std::string_view(message.data(), message.size())));
}

// The values of a flag and where they come from.
struct FlagValues {
  std::string source;
  std::vector<std::string> values;
};

bool IsRepeated(FlagKind kind) {
  return kind == FlagKind::kRepeated || kind == FlagKind::kOptionalRepeated;
}

bool MayBeEmpty(FlagKind kind) {
  return kind == FlagKind::kOptional || kind == FlagKind::kOptionalRepeated;
}

FlagValues FromEnvironment(const Flag& flag, const Environment& environment) {
  FlagValues found{EnvironmentName(flag.name), {}};
  const std::optional<std::string> value = environment(found.source);
  if (!value || (value->empty() && !MayBeEmpty(flag.kind))) {
    return found;  // a variable that is set to nothing is none, where nothing says nothing
  }
  found.values = IsRepeated(flag.kind) ? SplitAtCommas(*value) : std::vector{*value};
  return found;
}

class Parser {
 public:
  explicit Parser(const Environment& environment);

  absl::StatusOr<CommandLine> Parse(std::span<const std::string> arguments);

 private:
  void AddFlag(const Flag& flag);
  // Whether the flag was given.
  absl::StatusOr<bool> Apply(const Flag& flag, const CLI::Option& option, Config* config) const;
  absl::Status ApplyFlags(Config* config) const;
  absl::StatusOr<CommandLine> Collect();
  absl::Status CollectExplain(ExplainRequest* request) const;

  const Environment& environment_;
  CLI::App app_{"Takes InfluxDB writes and serves the values to Prometheus.", "fluxgate"};
  std::vector<std::pair<const Flag*, CLI::Option*>> options_;
  CLI::App* explain_ = nullptr;
  CLI::App* healthcheck_ = nullptr;
  std::string precision_;
  std::string now_ns_;
  std::vector<std::string> paths_;
  std::string url_;
};

Parser::Parser(const Environment& environment) : environment_(environment) {
  app_.require_subcommand(0, 1);
  app_.set_version_flag(
      "--version", absl::StrFormat("fluxgate, version %s (revision: %s)", Version(), Revision()));
  app_.footer(
      "Every flag can come from the environment: FLUXGATE_WEB_LISTEN_ADDRESS is "
      "--web.listen-address.");
  for (const Flag& flag : Flags()) {
    AddFlag(flag);
  }
  explain_ = app_.add_subcommand("explain", "Say what would become of each line; nothing is kept.");
  explain_->fallthrough();
  explain_->add_option("--precision", precision_, "Unit of the timestamps. Default: detected.")
      ->type_name("PRECISION");
  explain_->add_option("--now-ns", now_ns_, "The time of a line that has none. Default: now.")
      ->type_name("NANOSECONDS");
  explain_->add_option("files", paths_, "Files to read; - is standard input. Default -.")
      ->type_name("");
  healthcheck_ = app_.add_subcommand("healthcheck", "Exit 0 when the URL answers 200, else 1.");
  healthcheck_->add_option("url", url_, "Default: /-/ready at the first --web.listen-address.")
      ->type_name("");
}

void Parser::AddFlag(const Flag& flag) {
  CLI::Option* option = nullptr;
  if (flag.kind == FlagKind::kSwitch) {
    option = app_.add_flag(absl::StrFormat("--%s{true},--no-%s{false}", flag.name, flag.name));
  } else {
    // Read from results(), so that all flags are alike; the empty variable is for the type alone.
    option = app_.add_option(absl::StrFormat("--%s", flag.name), CLI::callback_t());
    option->type_name(std::string(flag.value_name))->type_size(1)->expected(1);
    option->allow_extra_args(false);
  }
  option->description(std::string(flag.help));
  option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  options_.emplace_back(&flag, option);
}

CommandLine Print(std::string text) {
  CommandLine line;
  line.command = Command::kPrint;
  line.text = std::move(text);
  return line;
}

absl::StatusOr<CommandLine> Parser::Parse(std::span<const std::string> arguments) {
  try {
    app_.parse(ForCli11(arguments));
  } catch (const CLI::CallForHelp&) {
    return Print(app_.help());
  } catch (const CLI::CallForVersion& version) {
    return Print(std::string(version.what()) + "\n");
  } catch (const CLI::Error& error) {
    return absl::InvalidArgumentError(error.what());
  }
  return Collect();
}

absl::StatusOr<CommandLine> Parser::Collect() {
  CommandLine line;
  if (absl::Status status = ApplyFlags(&line.config); !status.ok()) {
    return status;
  }
  if (explain_->parsed()) {
    line.command = Command::kExplain;
    if (absl::Status status = CollectExplain(&line.explain); !status.ok()) {
      return status;
    }
  } else if (healthcheck_->parsed()) {
    line.command = Command::kHealthcheck;
    line.healthcheck_url = url_.empty() ? HealthcheckUrl(line.config) : url_;
  }
  return line;
}

absl::Status Parser::ApplyFlags(Config* config) const {
  const std::vector<ListenAddress> default_addresses = std::exchange(config->http.addresses, {});
  const std::vector<LineListenOptions> default_udp = std::exchange(config->udp.listeners, {});
  const std::vector<std::string> default_paths = std::exchange(config->http.upload_paths, {});
  const int64_t default_age = std::exchange(config->cache.sample_age_max_ns, -1);
  for (const auto& [flag, option] : options_) {
    const absl::StatusOr<bool> given = Apply(*flag, *option, config);
    if (!given.ok()) {
      return given.status();
    }
    if (!*given && flag->name == "udp.bind-address") {
      config->udp.listeners = default_udp;
    }
  }
  if (config->http.addresses.empty()) {
    config->http.addresses = default_addresses;
  }
  for (LineListenOptions& listener : config->udp.listeners) {
    if (listener.params.precision == influx::Precision::kUnspecified) {
      listener.params.precision = config->udp.precision;
    }
  }
  if (config->http.upload_paths.empty()) {
    config->http.upload_paths = default_paths;
  }
  if (config->cache.sample_age_max_ns < 0) {
    config->cache.sample_age_max_ns = std::max(default_age, config->cache.sample_expiry_ns);
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> Parser::Apply(const Flag& flag, const CLI::Option& option,
                                   Config* config) const {
  FlagValues given{absl::StrFormat("--%s", flag.name), option.results()};
  if (given.values.empty()) {
    given = FromEnvironment(flag, environment_);
  } else if (given.values.size() > 1 && !IsRepeated(flag.kind)) {
    return Blame(given.source, absl::InvalidArgumentError("given more than once"));
  }
  for (const std::string& value : given.values) {
    if (absl::Status status = flag.set(value, config); !status.ok()) {
      return Blame(given.source, status);
    }
  }
  return !given.values.empty();
}

absl::Status Parser::CollectExplain(ExplainRequest* request) const {
  const auto precision = influx::ParsePrecision(precision_);
  if (!precision) {
    return absl::InvalidArgumentError(absl::StrFormat(
        "--precision: \"%s\" is not a precision (ns, us, ms, s, m or h)", precision_));
  }
  request->precision = *precision;
  if (!now_ns_.empty()) {
    const char* const end = now_ns_.data() + now_ns_.size();
    const auto parsed = std::from_chars(now_ns_.data(), end, request->now_ns.emplace());
    if (parsed.ec != std::errc() || parsed.ptr != end) {
      return absl::InvalidArgumentError(
          absl::StrFormat("--now-ns: \"%s\" is not a time in nanoseconds", now_ns_));
    }
  }
  request->paths = paths_;
  return absl::OkStatus();
}

}  // namespace

std::optional<std::string> ProcessEnvironment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

absl::StatusOr<CommandLine> ParseCommandLine(std::span<const std::string> arguments,
                                             const Environment& environment) {
  return Parser(environment).Parse(arguments);
}

}  // namespace fluxgate
