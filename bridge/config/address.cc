#include "bridge/config/address.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fluxgate {
namespace {

// The host of `[host]` or `host`; nullopt when the brackets do not fit.
std::optional<std::string_view> ParseHost(std::string_view text) {
  if (text.starts_with('[')) {
    if (!text.ends_with(']') || text.size() == 2) {
      return std::nullopt;
    }
    text = text.substr(1, text.size() - 2);
  } else if (text.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  if (text.find_first_of("[] \t") != std::string_view::npos) {
    return std::nullopt;
  }
  return text;
}

}  // namespace

std::optional<ListenAddress> ParseAddress(std::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto host = ParseHost(text.substr(0, colon));
  const std::string_view port_text = text.substr(colon + 1);
  const char* const end = port_text.data() + port_text.size();
  uint16_t port = 0;
  const auto parsed = std::from_chars(port_text.data(), end, port);
  if (!host || parsed.ec != std::errc() || parsed.ptr != end) {
    return std::nullopt;
  }
  return ListenAddress{std::string(*host), port};
}

namespace {

constexpr std::string_view kAddressWanted =
    "an address (such as :9122, 127.0.0.1:9122 or [::1]:9122)";
constexpr std::string_view kUnixPrefix = "unix:";

absl::Status Invalid(std::string_view value, std::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrFormat("\"%s\" is not %s", value, wanted));
}

absl::Status SetMode(std::string_view value, LineListenOptions* options) {
  constexpr uint32_t kModeMax = 0777;
  uint32_t mode = 0;
  const char* const end = value.data() + value.size();
  const auto parsed = std::from_chars(value.data(), end, mode, 8);
  if (parsed.ec != std::errc() || parsed.ptr != end || mode > kModeMax) {
    return Invalid(value, "a file mode (such as 0660)");
  }
  options->address.mode = mode;
  return absl::OkStatus();
}

absl::Status SetPrecision(std::string_view value, LineListenOptions* options) {
  const auto precision = influx::ParsePrecision(value);
  if (!precision) {
    return Invalid(value, "a precision (ns, us, ms, s, m or h)");
  }
  options->params.precision = *precision;
  return absl::OkStatus();
}

// What senders of a kind send when nobody has told them otherwise.
absl::Status SetPreset(std::string_view value, LineListenOptions* options) {
  if (value != "collectd") {
    return Invalid(value, "a preset (collectd)");
  }
  options->params.precision = influx::Precision::kMillisecond;
  options->params.database = "collectd";
  return absl::OkStatus();
}

struct Parameter {
  std::string_view name;
  absl::Status (*set)(std::string_view value, LineListenOptions* options);
};

constexpr Parameter kFileParameters[] = {
    {"mode", &SetMode},
    {"owner",
     [](std::string_view value, LineListenOptions* options) {
       options->address.owner = std::string(value);
       return absl::OkStatus();
     }},
    {"group",
     [](std::string_view value, LineListenOptions* options) {
       options->address.group = std::string(value);
       return absl::OkStatus();
     }},
};
constexpr Parameter kLineParameters[] = {
    {"preset", &SetPreset},
    {"precision", &SetPrecision},
    {"db",
     [](std::string_view value, LineListenOptions* options) {
       options->params.database = std::string(value);
       return absl::OkStatus();
     }},
    {"rp",
     [](std::string_view value, LineListenOptions* options) {
       options->params.retention_policy = std::string(value);
       return absl::OkStatus();
     }},
};
constexpr Parameter kGroupParameters[] = {
    {"interface",
     [](std::string_view value, LineListenOptions* options) {
       options->address.network_interface = std::string(value);
       return absl::OkStatus();
     }},
};

using Parameters = std::span<const Parameter>;

// Reads `name=value&...`. A preset goes first, so that the others change it.
absl::Status Apply(std::string_view text, std::initializer_list<Parameters> known,
                   LineListenOptions* options) {
  std::vector<std::pair<std::string_view, std::string_view>> given;
  while (!text.empty()) {
    const size_t end = std::min(text.find('&'), text.size());
    const std::string_view part = text.substr(0, end);
    const size_t equals = std::min(part.find('='), part.size());
    given.emplace_back(part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  size_t applied = 0;
  for (const Parameters parameters : known) {
    for (const Parameter& parameter : parameters) {
      for (const auto& [name, value] : given) {
        if (name != parameter.name) {
          continue;
        }
        ++applied;
        if (absl::Status status = parameter.set(value, options); !status.ok()) {
          return status;
        }
      }
    }
  }
  if (applied != given.size()) {
    return absl::InvalidArgumentError("unknown parameter behind the address");
  }
  return absl::OkStatus();
}

absl::Status ParseTarget(std::string_view text, bool is_unix, LineListenOptions* options) {
  if (is_unix) {
    options->address.path = std::string(text);
    return text.starts_with('/') ? absl::OkStatus() : Invalid(text, "a path (such as /run/x.sock)");
  }
  const auto address = ParseAddress(text);
  if (!address) {
    return Invalid(text, kAddressWanted);
  }
  options->address = *address;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ListenAddress> ParseStreamAddress(std::string_view text) {
  const bool is_unix = text.starts_with(kUnixPrefix);
  text.remove_prefix(is_unix ? kUnixPrefix.size() : 0);
  const size_t mark = is_unix ? std::min(text.find('?'), text.size()) : text.size();
  LineListenOptions options;
  absl::Status status = ParseTarget(text.substr(0, mark), is_unix, &options);
  if (status.ok()) {
    status = Apply(text.substr(std::min(mark + 1, text.size())), {kFileParameters}, &options);
  }
  if (!status.ok()) {
    return status;
  }
  return options.address;
}

absl::StatusOr<LineListenOptions> ParseLineListener(WriteProtocol protocol, std::string_view text) {
  const size_t mark = std::min(text.find('?'), text.size());
  const std::string_view rest = text.substr(std::min(mark + 1, text.size()));
  const bool is_unix = protocol == WriteProtocol::kUnix;
  LineListenOptions options;
  options.params.protocol = protocol;
  absl::Status status = ParseTarget(text.substr(0, mark), is_unix, &options);
  if (status.ok()) {
    const Parameters own = is_unix                           ? Parameters(kFileParameters)
                           : protocol == WriteProtocol::kUdp ? Parameters(kGroupParameters)
                                                             : Parameters();
    status = Apply(rest, {kLineParameters, own}, &options);
  }
  if (!status.ok()) {
    return status;
  }
  return options;
}

}  // namespace fluxgate
