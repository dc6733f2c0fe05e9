#include "tests/bench/telegraf_fleet.h"

#include "protocol/prometheus/number_format.h"

#include "tests/bench/mix.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <charconv>
#include <span>

namespace fluxgate::bench {
namespace {

enum class FieldKind : uint8_t { kFloat, kInteger, kBoolean, kString };

struct PluginField {
  std::string_view key;
  FieldKind kind;
  double values;          // that many different ones, from 0
  std::string_view text;  // of a string, as in a line
};

// `$` stands for the number of the host.
struct Plugin {
  std::string_view measurement;
  std::string_view tags;
  std::string_view labels;
  std::span<const PluginField> fields;
};

constexpr PluginField kCpu[] = {{"usage_user", FieldKind::kFloat, 100, {}},
                                {"usage_system", FieldKind::kFloat, 100, {}},
                                {"usage_idle", FieldKind::kFloat, 100, {}},
                                {"usage_iowait", FieldKind::kInteger, 1, {}}};
constexpr PluginField kDisk[] = {{"total", FieldKind::kInteger, 4e11, {}},
                                 {"free", FieldKind::kInteger, 1e11, {}},
                                 {"used_percent", FieldKind::kFloat, 100, {}}};
constexpr PluginField kProcstat[] = {
    {"cmdline", FieldKind::kString, 0, R"("mysqld --init=\"SET a, b\" --x=1")"},
    {"pid", FieldKind::kInteger, 32768, {}},
    {"realtime", FieldKind::kBoolean, 2, {}},
    {"cpu_usage", FieldKind::kFloat, 100, {}}};
constexpr PluginField kSystem[] = {{"load1", FieldKind::kFloat, 4, {}},
                                   {"load5", FieldKind::kFloat, 4, {}},
                                   {"load15", FieldKind::kFloat, 4, {}},
                                   {"n_cpus", FieldKind::kInteger, 64, {}},
                                   {"uptime_format", FieldKind::kString, 0, R"("12 days,  4:05")"},
                                   {"healthy", FieldKind::kBoolean, 2, {}}};
constexpr PluginField kNet[] = {{"bytes_sent", FieldKind::kInteger, 1e12, {}},
                                {"bytes_recv", FieldKind::kInteger, 1e12, {}},
                                {"drop_in", FieldKind::kInteger, 1, {}},
                                {"err_in", FieldKind::kInteger, 1, {}}};

constexpr Plugin kPlugins[] = {
    {"cpu", R"(cpu=cpu$,host=web\ $)", R"(cpu="cpu$",host="web $")", kCpu},
    {"disk", R"(device=sda$,fstype=ext4,host=web\ $,mode=rw,path=/var/lib/a\,b)",
     R"(device="sda$",fstype="ext4",host="web $",mode="rw",path="/var/lib/a,b")", kDisk},
    {"procstat", "exe=mysqld,host=db$,pidfile=/run/mysqld.pid",
     R"(exe="mysqld",host="db$",pidfile="/run/mysqld.pid")", kProcstat},
    {"system", "host=web$", R"(host="web$")", kSystem},
    {"net", "host=web$,interface=eth0", R"(host="web$",interface="eth0")", kNet},
};

const Plugin& PluginOf(uint32_t host) {
  return kPlugins[host % std::size(kPlugins)];
}

void AppendNumbered(std::string_view form, uint32_t number, std::string* out) {
  for (const char c : form) {
    if (c == '$') {
      prom::AppendInteger(number, out);
    } else {
      out->push_back(c);
    }
  }
}

double ValueOf(uint32_t host, size_t index, const PluginField& field, uint32_t round) {
  const uint64_t bits = Mix((uint64_t{host} * 8 + index) ^ (uint64_t{round} << 40));
  if (field.kind == FieldKind::kFloat) {
    return static_cast<double>(bits >> 11) * 0x1p-53 * field.values;
  }
  return static_cast<double>(bits % static_cast<uint64_t>(field.values));
}

void AppendValue(double value, const PluginField& field, std::string* out) {
  switch (field.kind) {
    case FieldKind::kFloat:
      prom::AppendGoFloat(value, out);
      break;
    case FieldKind::kInteger:
      prom::AppendInteger(static_cast<int64_t>(value), out);
      out->push_back('i');
      break;
    case FieldKind::kBoolean:
      out->append(value != 0 ? "true" : "false");
      break;
    case FieldKind::kString:
      out->append(field.text);
      break;
  }
}

std::vector<std::string> PluginFamilies() {
  std::vector<std::string> families;
  for (const Plugin& plugin : kPlugins) {
    for (const PluginField& field : plugin.fields) {
      families.push_back(absl::StrFormat("%s_%s", plugin.measurement, field.key));
    }
  }
  return families;
}

class MixedFleet final : public Fleet {
 public:
  MixedFleet() : Fleet(PluginFamilies()) {
    for (const Plugin& plugin : kPlugins) {
      for (size_t index = 0; index < plugin.fields.size(); ++index) {
        places_.push_back({&plugin, index});
      }
    }
  }

  void AppendLine(uint32_t host, uint32_t round, int64_t time_ns, std::string* out) const override {
    const Plugin& plugin = PluginOf(host);
    out->append(plugin.measurement).push_back(',');
    AppendNumbered(plugin.tags, host, out);
    for (size_t index = 0; index < plugin.fields.size(); ++index) {
      const PluginField& field = plugin.fields[index];
      out->push_back(index == 0 ? ' ' : ',');
      out->append(field.key).push_back('=');
      const bool is_text = field.kind == FieldKind::kString;
      AppendValue(is_text ? 0 : ValueOf(host, index, field, round), field, out);
    }
    absl::StrAppendFormat(out, " %d\n", time_ns);
  }

  void AppendLabels(uint32_t host, std::string* out) const override {
    AppendNumbered(PluginOf(host).labels, host, out);
  }

  std::optional<double> Value(uint32_t host, size_t family, uint32_t round) const override {
    const Place& place = places_[family];
    const PluginField& field = place.plugin->fields[place.index];
    if (place.plugin != &PluginOf(host) || field.kind == FieldKind::kString) {
      return std::nullopt;
    }
    return ValueOf(host, place.index, field, round);
  }

  uint32_t SampleCount(uint32_t host) const override {
    const std::span<const PluginField> fields = PluginOf(host).fields;
    return static_cast<uint32_t>(
        std::count_if(fields.begin(), fields.end(),
                      [](const PluginField& field) { return field.kind != FieldKind::kString; }));
  }

  std::optional<uint32_t> HostOf(std::string_view labels) const override {
    constexpr std::string_view kBefore = "host=\"";
    const size_t name = labels.find(kBefore);
    const size_t digits = labels.find_first_of("0123456789", name);
    if (name == std::string_view::npos || digits == std::string_view::npos) {
      return std::nullopt;
    }
    uint32_t host = 0;
    const std::from_chars_result read =
        std::from_chars(labels.data() + digits, labels.data() + labels.size(), host);
    return read.ec == std::errc() ? std::optional(host) : std::nullopt;
  }

  bool Owns(std::string_view exposition_line) const override {
    return std::any_of(std::begin(kPlugins), std::end(kPlugins), [&](const Plugin& plugin) {
      return exposition_line.starts_with(plugin.measurement) &&
             exposition_line.substr(plugin.measurement.size()).starts_with('_');
    });
  }

 private:
  struct Place {
    const Plugin* plugin;
    size_t index;
  };
  std::vector<Place> places_;  // of each family
};

}  // namespace

const Fleet& TelegrafFleet() {
  static const MixedFleet fleet;
  return fleet;
}

}  // namespace fluxgate::bench
