#include "tests/reference/reference_cache.h"

#include "protocol/prometheus/label_set.h"

#include "bridge/cache/series_mapper.h"
#include "bridge/mapping/drop_reason.h"

#include "tests/reference/reference_line_parser.h"

#include <algorithm>
#include <cstdlib>

namespace fluxgate::reference {
namespace {

// No database can be called this: names of databases come without line feeds here.
const std::string kOther = "\n";

double ValueOf(const FieldOutcome& field) {
  switch (field.type) {
    case influx::FieldType::kInt:
      return static_cast<double>(std::strtoll(field.value.c_str(), nullptr, 10));
    case influx::FieldType::kUint:
      return static_cast<double>(std::strtoull(field.value.c_str(), nullptr, 10));
    case influx::FieldType::kBool:
      return field.value == "true" ? 1 : 0;
    case influx::FieldType::kFloat:
    case influx::FieldType::kString:
      break;
  }
  return std::strtod(field.value.c_str(), nullptr);
}

// Of a field key that is given twice the last value counts: a number before a string of its key is
// none.
std::vector<FieldOutcome> Settled(std::vector<FieldOutcome> fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    for (size_t later = i + 1; later < fields.size(); ++later) {
      if (fields[later].key == fields[i].key && fields[later].type == influx::FieldType::kString) {
        fields[i].type = influx::FieldType::kString;
      }
    }
  }
  return fields;
}

bool HasSample(const LineOutcome& line) {
  return std::ranges::any_of(line.fields, [](const FieldOutcome& field) {
    return field.type != influx::FieldType::kString;
  });
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const CachedSample& sample) {
  return out << sample.family << "{" << sample.labels << "} " << sample.value;
}

ReferenceCache::Outcome ReferenceCache::Write(const std::string& body, const std::string& database,
                                              const Now& now, const Body* group) {
  influx::ReaderOptions reader;
  reader.precision = influx::Precision::kNanosecond;
  reader.default_time_ns = now.wall_ns;
  Outcome outcome;
  const Batch batch{CountedAs(database), now, group};
  for (LineOutcome& line : ParseLines(reader, body)) {
    if (line.ok) {
      ++outcome.points;
      line.fields = Settled(std::move(line.fields));
      WritePoint(line, batch, &outcome);
    }
  }
  return outcome;
}

void ReferenceCache::WritePoint(const LineOutcome& line, const Batch& batch, Outcome* outcome) {
  std::vector<influx::Tag> tags;
  for (const auto& [key, value] : line.tags) {
    tags.push_back({key, value});
  }
  SeriesTarget target;
  mapping_->MapSeries(line.measurement, tags, &target);
  if (!target.drop_reason.empty()) {
    for (const FieldOutcome& field : line.fields) {
      const bool is_string = field.type == influx::FieldType::kString;
      ++outcome->dropped_samples[std::string(is_string ? drop_reason::kStringField
                                                       : target.drop_reason)];
    }
    return;
  }
  const int64_t age_max_ns = options_.expiry_clock == ExpiryClock::kSample
                                 ? std::min(options_.sample_age_max_ns, options_.sample_expiry_ns)
                                 : options_.sample_age_max_ns;
  if (batch.body == nullptr && age_max_ns > 0 && line.time_ns < batch.now.wall_ns - age_max_ns) {
    ++outcome->historic_points;
    return;
  }
  const Row row{target.table, target.labels};
  if (database_of_row_.contains(row) && HasSample(line)) {
    database_of_row_[row] = batch.database;
  }
  for (const FieldOutcome& field : line.fields) {
    WriteField(field, line.time_ns, row, batch, outcome);
  }
}

void ReferenceCache::WriteField(const FieldOutcome& field, int64_t time_ns, const Row& row,
                                const Batch& batch, Outcome* outcome) {
  if (field.type == influx::FieldType::kString) {
    ++outcome->dropped_samples[std::string(drop_reason::kStringField)];
    return;
  }
  std::string family;
  std::string reason(mapping_->MapField(row.table, field.key, &family));
  const Key key{family, row.labels};
  const auto found = series_.find(key);
  if (reason.empty() && found == series_.end()) {
    reason = LimitReason(row.table, batch.database);
  }
  if (!reason.empty()) {
    ++outcome->dropped_samples[reason];
    return;
  }
  const std::string table = found == series_.end() ? row.table : found->second.table;
  database_of_row_[{table, row.labels}] = batch.database;
  if (found != series_.end() && !IsExpired(found->second, batch.now) &&
      Loses(time_ns, batch, found->second)) {
    ++outcome->dropped_samples[std::string(cache_drop_reason::kOlderThanCurrent)];
    return;
  }
  series_[key] = {ValueOf(field), time_ns, batch.now.tick, table,
                  batch.body == nullptr ? std::nullopt : std::optional(*batch.body)};
  ++outcome->samples;
}

bool ReferenceCache::Loses(int64_t time_ns, const Batch& batch, const Series& series) {
  const bool is_of_group =
      batch.body != nullptr && series.body && series.body->group == batch.body->group;
  if (batch.body != nullptr && !is_of_group) {
    return false;
  }
  if (is_of_group && series.body->generation != batch.body->generation) {
    return series.body->generation > batch.body->generation;
  }
  return std::min(time_ns, batch.now.wall_ns) < OrderTime(series, batch.now);
}

std::optional<ReferenceCache::Body> ReferenceCache::Begin(const std::string& group, Tick lifetime,
                                                          const Now& now) {
  if (!groups_.contains(group)) {
    if (groups_.size() >= options_.groups_max) {
      return std::nullopt;
    }
    groups_[group].expires = now.tick;
  }
  Body body{group, ++generation_, lifetime, groups_[group].open};
  groups_[group].open.insert(generation_);
  groups_[group].last = generation_;
  return body;
}

void ReferenceCache::End(const Body& body, bool is_complete, const Now& now) {
  Group& group = groups_[body.group];
  group.open.erase(body.generation);
  const Tick expires = now.tick + body.lifetime;
  if (is_complete) {
    group.expires = expires;
    group.is_complete = true;
    Remove(body.group, [&](uint64_t generation) {
      return generation < body.generation && !body.beside.contains(generation);
    });
  } else if (body.generation < group.deleted) {
    Remove(body.group, [&](uint64_t generation) { return generation == body.generation; });
    if (group.open.empty() && group.last < group.deleted && !group.is_complete) {
      groups_.erase(body.group);
    }
  } else if (static_cast<int32_t>(expires - group.expires) > 0) {
    group.expires = expires;
  }
}

bool ReferenceCache::Delete(const std::string& group, const Now& now) {
  if (!groups_.contains(group)) {
    return false;
  }
  Remove(group, [](uint64_t) { return true; });
  if (groups_[group].open.empty()) {
    groups_.erase(group);
    return true;
  }
  groups_[group].deleted = ++generation_;
  groups_[group].is_complete = false;
  groups_[group].expires = now.tick;
  return true;
}

// But for what is on its way.
template <typename Takes>
void ReferenceCache::Remove(const std::string& group, const Takes& takes) {
  const std::set<uint64_t>& open = groups_[group].open;
  std::erase_if(series_, [&](const auto& entry) {
    const std::optional<Body>& body = entry.second.body;
    return body && body->group == group && takes(body->generation) &&
           !open.contains(body->generation);
  });
  DropEmptyRows();
}

std::map<std::string, size_t> ReferenceCache::Groups() const {
  std::map<std::string, size_t> sizes;
  for (const auto& [name, group] : groups_) {
    sizes[name] = static_cast<size_t>(std::ranges::count_if(series_, [&](const auto& entry) {
      return entry.second.body && entry.second.body->group == name;
    }));
  }
  return sizes;
}

std::string ReferenceCache::LimitReason(const std::string& table,
                                        const std::string& database) const {
  const auto in_table = std::ranges::count_if(
      series_, [&](const auto& entry) { return entry.second.table == table; });
  const auto is_full = [](uint64_t limit, uint64_t count) { return limit != 0 && count >= limit; };
  if (is_full(options_.series_max, series_.size())) {
    return std::string(cache_drop_reason::kSeriesLimit);
  }
  if (is_full(options_.series_per_database_max, SeriesCount(database))) {
    return std::string(cache_drop_reason::kDatabaseSeriesLimit);
  }
  if (is_full(options_.series_per_measurement_max, static_cast<uint64_t>(in_table))) {
    return std::string(cache_drop_reason::kMeasurementSeriesLimit);
  }
  return {};
}

// A time to come counts as the time of arrival, counted back in ticks.
int64_t ReferenceCache::OrderTime(const Series& series, const Now& now) {
  const int64_t ticks_ago = int64_t{now.tick} - int64_t{series.tick};
  const int64_t arrival_ns = now.wall_ns - std::max<int64_t>(ticks_ago, 0) * kNanosecondsPerTick;
  return series.time_ns > now.wall_ns ? arrival_ns : series.time_ns;
}

bool ReferenceCache::IsExpired(const Series& series, const Now& now) const {
  if (series.body) {
    return static_cast<int32_t>(now.tick - series.tick) >
           static_cast<int32_t>(series.body->lifetime);
  }
  const double age_s =
      static_cast<double>(static_cast<int32_t>(now.tick - series.tick)) / kTicksPerSecond;
  if (age_s > static_cast<double>(options_.sample_expiry_ns) / 1e9) {
    return true;
  }
  return options_.expiry_clock == ExpiryClock::kSample &&
         series.time_ns < now.wall_ns - options_.sample_expiry_ns;
}

std::string ReferenceCache::CountedAs(const std::string& database) {
  if (!databases_.contains(database) && databases_.size() >= options_.databases_max) {
    return kOther;
  }
  databases_.insert(database);
  return database;
}

void ReferenceCache::Sweep(const Now& now) {
  std::erase_if(series_, [&](const auto& entry) { return IsExpired(entry.second, now); });
  const std::map<std::string, size_t> sizes = Groups();
  std::erase_if(groups_, [&](const auto& entry) {
    return entry.second.open.empty() && sizes.at(entry.first) == 0 &&
           static_cast<int32_t>(now.tick - entry.second.expires) > 0;
  });
  DropEmptyRows();
}

void ReferenceCache::DropEmptyRows() {
  std::erase_if(database_of_row_, [&](const auto& entry) {
    return std::ranges::none_of(series_, [&](const auto& series) {
      return series.second.table == entry.first.table && series.first.labels == entry.first.labels;
    });
  });
}

std::vector<CachedSample> ReferenceCache::Scrape(const Now& now) const {
  std::vector<CachedSample> samples;
  for (const auto& [key, series] : series_) {
    if (!IsExpired(series, now)) {
      samples.push_back({key.family, key.labels, series.value});
    }
  }
  return samples;
}

std::vector<std::string> ReferenceCache::FindByLabel(std::string_view name,
                                                     std::string_view value) const {
  std::vector<std::string> found;
  for (const auto& [row, database] : database_of_row_) {
    std::string_view rest = row.labels;
    std::string_view label_name;
    std::string_view label_value;
    std::string scratch;
    while (prom::TakeLabel(&rest, &label_name, &label_value, &scratch)) {
      if (label_name == name && label_value == value) {
        found.push_back(row.labels);
      }
    }
  }
  std::ranges::sort(found);
  return found;
}

std::vector<std::string> ReferenceCache::FindByDatabase(const std::string& database) const {
  std::vector<std::string> found;
  for (const auto& [row, written_by] : database_of_row_) {
    if (written_by == database) {
      found.push_back(row.labels);
    }
  }
  std::ranges::sort(found);
  return found;
}

size_t ReferenceCache::family_count() const {
  std::set<std::string_view> families;
  for (const auto& [key, series] : series_) {
    families.insert(key.family);
  }
  return families.size();
}

size_t ReferenceCache::SeriesCount(const std::string& database) const {
  return static_cast<size_t>(std::ranges::count_if(series_, [&](const auto& entry) {
    return database_of_row_.at({entry.second.table, entry.first.labels}) == database;
  }));
}

}  // namespace fluxgate::reference
