#include "bridge/upload/report_rules_file.h"

#include "bridge/base/status_macros.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <yaml-cpp/yaml.h>

namespace fluxgate {
namespace {

std::string_view MessageOf(const absl::Status& status) {
  return {status.message().data(), status.message().size()};
}

absl::Status Invalid(const std::string& message) {
  return absl::InvalidArgumentError(message);
}

absl::Status CheckKeys(const YAML::Node& node, std::string_view what,
                       std::initializer_list<std::string_view> known) {
  if (!node.IsMap()) {
    // An empty file has no line.
    const int line = std::max(node.Mark().line, 0) + 1;
    return Invalid(absl::StrFormat("line %d: %s is not a mapping", line, what));
  }
  for (const auto& member : node) {
    const YAML::Node& key = member.first;
    if (std::ranges::find(known, key.Scalar()) == known.end()) {
      return Invalid(absl::StrFormat("line %d: %s has no key \"%s\"", key.Mark().line + 1, what,
                                     key.Scalar()));
    }
  }
  return absl::OkStatus();
}

std::string ScalarOf(const YAML::Node& node) {
  return node && node.IsScalar() ? node.Scalar() : std::string();
}

absl::Status ReadTexts(const YAML::Node& node, const RE2& pattern, std::string_view what,
                       NamedTexts* texts) {
  if (!node) {
    return absl::OkStatus();
  }
  if (!node.IsMap()) {
    return Invalid(absl::StrFormat("%s is not a mapping", what));
  }
  for (const auto& member : node) {
    const std::string key = member.first.Scalar();
    ReportText text;
    const absl::Status status = ReportText::Parse(ScalarOf(member.second), pattern, &text);
    if (!status.ok()) {
      return Invalid(absl::StrFormat("%s %s: %s", what, key, MessageOf(status)));
    }
    texts->emplace_back(key, std::move(text));
  }
  return absl::OkStatus();
}

absl::Status ReadTime(const YAML::Node& node, ReportRule* rule) {
  if (!node) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(CheckKeys(node, "time", {"text", "format", "zone"}));
  rule->time_format = ScalarOf(node["format"]);
  if (rule->time_format.empty()) {
    return Invalid("time has no format");
  }
  RETURN_IF_ERROR(ReportText::Parse(ScalarOf(node["text"]), *rule->pattern, &rule->time));
  if (rule->time.empty()) {
    return Invalid("time has no text");
  }
  return ReportText::Parse(ScalarOf(node["zone"]), *rule->pattern, &rule->time_zone);
}

absl::Status ReadParts(const YAML::Node& node, ReportRule* rule) {
  RETURN_IF_ERROR(
      ReportText::Parse(ScalarOf(node["measurement"]), *rule->pattern, &rule->measurement));
  RETURN_IF_ERROR(ReadTexts(node["tags"], *rule->pattern, "tag", &rule->tags));
  RETURN_IF_ERROR(ReadTexts(node["fields"], *rule->pattern, "field", &rule->fields));
  RETURN_IF_ERROR(ReadTexts(node["report_tags"], *rule->pattern, "tag", &rule->report_tags));
  RETURN_IF_ERROR(ReadTime(node["time"], rule));
  if (rule->fields.empty() != rule->measurement.empty()) {
    return Invalid("a measurement needs fields, and fields a measurement");
  }
  const bool does_something =
      !rule->fields.empty() || !rule->report_tags.empty() || !rule->time.empty();
  const bool ignores = ScalarOf(node["ignore"]) == "true";
  if (does_something == ignores) {
    return Invalid(ignores ? "ignores its lines and uses them"
                           : "makes nothing of its lines (ignore: true passes over them)");
  }
  return absl::OkStatus();
}

// Zones that rules name are looked up once, here.
absl::Status AddZone(const ReportText& text, ReportZones* zones) {
  if (text.empty() || text.has_groups()) {
    return absl::OkStatus();
  }
  const std::string name = text.Fill({});
  if (zones->known.contains(name)) {
    return absl::OkStatus();
  }
  const std::optional<absl::TimeZone> zone = FindTimeZone(name);
  if (!zone) {
    return Invalid(absl::StrFormat("zone: \"%s\" is unknown here", name));
  }
  zones->known.emplace(name, *zone);
  return absl::OkStatus();
}

absl::Status AddRule(const YAML::Node& node, size_t number, ReportRules* rules) {
  ReportRule rule;
  rule.name = node.IsMap() ? ScalarOf(node["name"]) : "";
  if (rule.name.empty()) {
    return Invalid(absl::StrFormat("line %d: rule %d has no name", node.Mark().line + 1, number));
  }
  RETURN_IF_ERROR(CheckKeys(
      node, absl::StrFormat("rule \"%s\"", rule.name),
      {"name", "pattern", "measurement", "tags", "fields", "report_tags", "time", "ignore"}));
  if (!node["pattern"]) {
    return Invalid(absl::StrFormat("rule \"%s\" has no pattern", rule.name));
  }
  RETURN_IF_ERROR(ReportRules::MakePattern(rule.name, ScalarOf(node["pattern"]), &rule.pattern));
  absl::Status status = ReadParts(node, &rule);
  status.Update(AddZone(rule.time_zone, &rules->zones()));
  if (!status.ok()) {
    return Invalid(absl::StrFormat("rule \"%s\": %s", rule.name, MessageOf(status)));
  }
  rules->Add(std::move(rule));
  return absl::OkStatus();
}

absl::Status ReadZones(const YAML::Node& root, ReportZones* zones) {
  const std::string own = root["timezone"] ? ScalarOf(root["timezone"]) : "UTC";
  const std::optional<absl::TimeZone> zone = FindTimeZone(own);
  if (!zone) {
    return Invalid(absl::StrFormat("timezone: \"%s\" is unknown here", own));
  }
  zones->zone = *zone;
  if (!root["zones"]) {
    return absl::OkStatus();
  }
  if (!root["zones"].IsMap()) {
    return Invalid("zones is not a mapping");
  }
  for (const auto& member : root["zones"]) {
    const std::string name = member.first.Scalar();
    const std::string value = ScalarOf(member.second);
    const std::optional<absl::TimeZone> known = FindTimeZone(value);
    if (!known) {
      return Invalid(absl::StrFormat("zones, %s: \"%s\" is unknown here", name, value));
    }
    zones->known.insert_or_assign(name, *known);
  }
  return absl::OkStatus();
}

absl::StatusOr<ReportRules> ReadRoot(const YAML::Node& root) {
  RETURN_IF_ERROR(CheckKeys(root, "the file", {"timezone", "zones", "rules"}));
  ReportRules rules;
  RETURN_IF_ERROR(ReadZones(root, &rules.zones()));
  if (!root["rules"] || !root["rules"].IsSequence() || root["rules"].size() == 0) {
    return Invalid("there are no rules");
  }
  size_t number = 0;
  for (const YAML::Node& node : root["rules"]) {
    RETURN_IF_ERROR(AddRule(node, ++number, &rules));
  }
  return rules;
}

}  // namespace

absl::StatusOr<ReportRules> ParseReportRules(const std::string& yaml) {
  try {
    return ReadRoot(YAML::Load(yaml));
  } catch (const YAML::Exception& error) {
    return Invalid(absl::StrFormat("line %d: %s", error.mark.line + 1, error.msg));
  }
}

absl::StatusOr<ReportRules> LoadReportRules(const UploadOptions& options) {
  const std::string& path = options.config_path;
  if (path.empty()) {
    return ReportRules();
  }
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  file.peek();  // a folder opens like a file
  if (!file.is_open() || file.bad()) {
    return Invalid(absl::StrFormat("%s: %s", path, std::strerror(errno)));
  }
  absl::StatusOr<ReportRules> rules = ParseReportRules(
      std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()));
  if (!rules.ok()) {
    return Invalid(absl::StrFormat("%s: %s", path, MessageOf(rules.status())));
  }
  return rules;
}

}  // namespace fluxgate
