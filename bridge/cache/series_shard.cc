#include "bridge/cache/series_shard.h"

#include "protocol/prometheus/label_set.h"

#include "bridge/base/check.h"
#include "bridge/base/prefetch.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

// More than a few raw spellings of one label set within one expiry are not worth remembering.
constexpr uint8_t kRoutesPerRow = 8;

uint64_t DatabaseKey(DatabaseId database) {
  // No label has an empty name, so these keys meet no label's.
  return LabelIndex::Key({}, {reinterpret_cast<const char*>(&database), sizeof(database)});
}

template <typename Visit>
void ForEachLabelKey(std::string_view labels, const Visit& visit) {
  std::string scratch;
  std::string_view name;
  std::string_view value;
  while (prom::TakeLabel(&labels, &name, &value, &scratch)) {
    visit(LabelIndex::Key(name, value));
  }
}

bool TakeRouteQuota(Tick idle_ticks, Tick now, Row* row) {
  if (row->routes == 0 ||
      static_cast<int32_t>(now - row->routes_since) > static_cast<int32_t>(idle_ticks)) {
    row->routes = 0;
    row->routes_since = now;
  }
  if (row->routes == kRoutesPerRow) {
    return false;
  }
  ++row->routes;
  return true;
}

uint32_t CountSamples(std::span<const CacheField> fields) {
  return static_cast<uint32_t>(std::count_if(
      fields.begin(), fields.end(), [](const CacheField& field) { return field.is_sample; }));
}

}  // namespace

// Where the row of a route is, or what took its place; null when there is no such place any more.
const Row* SeriesShard::FindRow(const RowRef& ref) const {
  if (ref.table >= tables_.size() || tables_[ref.table] == nullptr ||
      ref.row >= tables_[ref.table]->rows().size()) {
    return nullptr;
  }
  return &tables_[ref.table]->rows()[ref.row];
}

void SeriesShard::PrefetchRow(const RowRef& ref) const {
  if (const Row* const row = FindRow(ref)) {
    Prefetch(row, sizeof(Row));
  }
}

void SeriesShard::PrefetchCells(const RowRef& ref) const {
  if (const Row* const row = FindRow(ref)) {
    Prefetch(row->cells.get(), row->cell_count * sizeof(Cell));
  }
}

bool SeriesShard::WriteKnown(const WriteJob& job, const CachePoint& point, const RowRef& ref) {
  const Row* const row = FindRow(ref);
  if (row == nullptr || row->version != ref.version) {
    return false;
  }
  if (job.origin.body != nullptr || row->is_grouped) {
    WriteGroupedFields(job, point, {ref.table, ref.row}, ref.scope);
  } else {
    WriteFields(job, point, {ref.table, ref.row}, ref.scope);
  }
  return true;
}

RowRef SeriesShard::WriteMapped(const WriteJob& job, const CachePoint& point,
                                const MappedSeries& series, uint64_t labels_hash) {
  const uint32_t samples = CountSamples(job.slice->FieldsOf(point));
  if (samples == 0) {
    for (const CacheField& field : job.slice->FieldsOf(point)) {
      job.mapper->DropString(point, field);
    }
    return {};
  }
  const uint32_t table = TableFor(series.table);
  uint32_t row = tables_[table]->FindRow(series.labels, labels_hash);
  if (row == SeriesTable::kNotFound) {
    row = AddRow(table, series.labels, job.origin.database);
    RowAt({table, row}).Reserve(samples);
  }
  const Place place{table, row};
  if (job.origin.body != nullptr || RowAt(place).is_grouped) {
    WriteGroupedFields(job, point, place, series.scope);
  } else {
    WriteFields(job, point, place, series.scope);
  }
  Row& written = RowAt(place);
  if (written.cell_count == 0) {  // every sample was dropped, or belongs to a row of another table
    RemoveRow(place);
    if (tables_[table]->live_rows() == 0) {
      RemoveTable(table);
    }
    return {};
  }
  if (!TakeRouteQuota(context_.freshness.expiry_ticks(), job.now.tick, &written)) {
    return {};
  }
  return {number_, table, row, written.version, series.scope};
}

// The row counts against the database that writes to it.
void SeriesShard::TakeRow(const WriteJob& job, const CachePoint& point, Place place) {
  if (RowAt(place).database != job.origin.database &&
      CountSamples(job.slice->FieldsOf(point)) > 0) {
    SetDatabase(place, job.origin.database);
  }
}

// The hot loop: the i-th sample of a line is most often the i-th cell of its row.
void SeriesShard::WriteFields(const WriteJob& job, const CachePoint& point, Place place,
                              uint32_t scope) {
  TakeRow(job, point, place);
  SeriesTable& table = *tables_[place.table];
  uint32_t hint = 0;
  for (const CacheField& field : job.slice->FieldsOf(point)) {
    if (!field.is_sample) {
      job.mapper->DropString(point, field);
      continue;
    }
    Row& row = table.rows()[place.row];
    if (hint < row.cell_count) {
      Cell& cell = row.cells[hint];
      const FieldKey& key = table.columns()[cell.column].keys.front();
      if (key.key == field.key && key.scope == scope) {
        Store(job, point, field, &cell);
        ++hint;
        continue;
      }
    }
    const uint32_t column = table.FindColumn(scope, field.key);
    Cell* const cell = column == SeriesTable::kNotFound ? nullptr : row.FindCell(column, hint);
    if (cell == nullptr) {
      WriteUnseen(job, point, field, place, scope);
      continue;
    }
    Store(job, point, field, cell);
    hint = static_cast<uint32_t>(cell - row.cells.get()) + 1;
  }
}

void SeriesShard::Store(const WriteJob& job, const CachePoint& point, const CacheField& field,
                        Cell* cell) {
  if (IsOlder(point.time_ns, *cell, job.now) && !context_.freshness.IsExpired(*cell, job.now)) {
    job.mapper->Drop(point, field, cache_drop_reason::kOlderThanCurrent);
    return;
  }
  cell->value = field.value;
  cell->time_ns = point.time_ns;
  if (static_cast<int32_t>(job.now.tick - cell->tick) >
      0) {  // threads read the clock at different moments
    cell->tick = job.now.tick;
  }
  ++job.counts->samples;
}

// A field that the row has no cell for under this key.
void SeriesShard::WriteUnseen(const WriteJob& job, const CachePoint& point, const CacheField& field,
                              Place place, uint32_t scope) {
  SeriesTable& table = *tables_[place.table];
  const uint32_t column = table.FindColumn(scope, field.key);
  if (column != SeriesTable::kNotFound) {
    AddSeries(job, point, field, place, scope, table.columns()[column].family->name);
    return;
  }
  const std::string_view family_name = job.mapper->MapField(point, table.name(), scope, field);
  if (family_name.empty()) {
    return;
  }
  const auto family = families_.find(family_name);
  if (family != families_.end()) {
    for (const FedBy& fed_by : family->second.columns) {
      if (fed_by.table != place.table) {
        continue;
      }
      table.Bind(scope, field.key, fed_by.column);
      Cell* const cell = RowAt(place).FindCell(fed_by.column, 0);
      if (cell != nullptr) {
        StoreAt(job, point, field, place, cell);
        return;
      }
    }
  }
  AddSeries(job, point, field, place, scope, family_name);
}

// Gives the row a cell in the family, unless another table's row of the same labels has it already.
void SeriesShard::AddSeries(const WriteJob& job, const CachePoint& point, const CacheField& field,
                            Place place, uint32_t scope, std::string_view family_name) {
  const auto known = families_.find(family_name);
  if (known != families_.end()) {
    const std::optional<Owner> owner = FindOwner(known->second, RowAt(place).labels_text());
    if (owner) {
      const Place owned{owner->table, owner->row};
      if (RowAt(owned).database != job.origin.database) {
        SetDatabase(owned, job.origin.database);
      }
      StoreAt(job, point, field, owned, RowAt(owned).FindCell(owner->column, 0));
      return;
    }
  }
  SeriesTable& table = *tables_[place.table];
  const std::string_view reason = context_.limits->Add(
      table.series_count(), context_.databases->SeriesCount(RowAt(place).database));
  if (!reason.empty()) {
    job.mapper->Drop(point, field, reason);
    return;
  }
  const uint32_t column = ColumnFor(place, scope, field.key, family_name);
  Row& row = RowAt(place);
  Cell* const cell = row.AddCell(column);
  cell->value = field.value;
  cell->time_ns = point.time_ns;
  cell->tick = job.now.tick;
  if (job.origin.body != nullptr) {
    JoinGroup(job, place, cell);
  }
  ++job.counts->samples;
  table.columns()[column].rows.Add(place.row);
  ShardFamily& family = families_.find(table.columns()[column].family->name)->second;
  if (family.owners != nullptr) {
    (*family.owners)[row.labels_text()] = {place.table, place.row, column,
                                           context_.scrape_epoch->load()};
  }
}

// The column of the table that feeds the family, made if need be.
uint32_t SeriesShard::ColumnFor(Place place, uint32_t scope, std::string_view key,
                                std::string_view family_name) {
  SeriesTable& table = *tables_[place.table];
  const auto known = families_.find(family_name);
  if (known != families_.end()) {
    for (const FedBy& fed_by : known->second.columns) {
      if (fed_by.table == place.table) {
        return fed_by.column;
      }
    }
  }
  const uint32_t column = table.AddColumn(NextVersion());
  table.Bind(scope, key, column);
  Family* const family = context_.families->Attach(family_name, Ref(place.table, column));
  table.columns()[column].family = family;
  ShardFamily& fed = families_[family->name];
  fed.columns.push_back({place.table, column});
  if (fed.columns.size() == 2 && fed.owners == nullptr) {
    fed.owners = std::make_unique<StringViewMap<Owner>>();
    RecordOwners(&fed, fed.columns.front());
  }
  return column;
}

// Until now the column was the family's only one in this shard.
void SeriesShard::RecordOwners(ShardFamily* family, const FedBy& fed_by) {
  SeriesTable& table = *tables_[fed_by.table];
  for (RowSet::Walk walk(table.columns()[fed_by.column].rows, 0); !walk.is_done(); walk.Next()) {
    const Row& row = table.rows()[walk.row()];
    (*family->owners)[row.labels_text()] = {fed_by.table, walk.row(), fed_by.column,
                                            row.created_epoch};
  }
}

// The place of the cell of the family for the labels, if there is one.
std::optional<SeriesShard::Owner> SeriesShard::FindOwner(const ShardFamily& family,
                                                         std::string_view labels) const {
  if (family.owners != nullptr) {
    const auto owner = family.owners->find(labels);
    return owner == family.owners->end() ? std::nullopt : std::optional(owner->second);
  }
  const FedBy& only = family.columns.front();
  const SeriesTable& table = *tables_[only.table];
  const uint32_t row = table.FindRow(labels, SeriesTable::HashLabels(labels));
  if (row == SeriesTable::kNotFound || table.rows()[row].FindCell(only.column, 0) == nullptr) {
    return std::nullopt;
  }
  return Owner{only.table, row, only.column, table.rows()[row].created_epoch};
}

bool SeriesShard::IsLive(const RowId& id) const {
  return id.table < tables_.size() && tables_[id.table] != nullptr &&
         id.row < tables_[id.table]->rows().size() &&
         tables_[id.table]->rows()[id.row].version == id.version;
}

ColumnRef SeriesShard::Ref(uint32_t table, uint32_t column) const {
  return {number_, table, column, tables_[table]->columns()[column].version};
}

// The live rows of a posting, each once.
std::vector<RowId> SeriesShard::Candidates(uint64_t key) const {
  std::vector<RowId> rows = labels_.Find(key);
  std::erase_if(rows, [&](const RowId& id) { return !IsLive(id); });
  std::sort(rows.begin(), rows.end());
  rows.erase(std::unique(rows.begin(), rows.end()), rows.end());
  return rows;
}

void SeriesShard::FindByLabel(std::string_view name, std::string_view value,
                              std::vector<std::string>* labels) const {
  for (const RowId& id : Candidates(LabelIndex::Key(name, value))) {
    const std::string_view text = tables_[id.table]->rows()[id.row].labels_text();
    std::string_view rest = text;
    std::string scratch;
    std::string_view label_name;
    std::string_view label_value;
    while (prom::TakeLabel(&rest, &label_name, &label_value, &scratch)) {
      if (label_name == name && label_value == value) {
        labels->emplace_back(text);
      }
    }
  }
}

void SeriesShard::FindByDatabase(DatabaseId database, std::vector<std::string>* labels) const {
  for (const RowId& id : Candidates(DatabaseKey(database))) {
    if (tables_[id.table]->rows()[id.row].database == database) {
      labels->emplace_back(tables_[id.table]->rows()[id.row].labels_text());
    }
  }
}

// Versions come round after four thousand million; 0 means none.
uint32_t SeriesShard::NextVersion() {
  next_version_ = next_version_ == UINT32_MAX ? 1 : next_version_ + 1;
  return next_version_;
}

uint32_t SeriesShard::TableFor(std::string_view name) {
  const auto found = table_of_name_.find(name);
  if (found != table_of_name_.end()) {
    return found->second;
  }
  uint32_t number;
  if (free_tables_.empty()) {
    number = static_cast<uint32_t>(tables_.size());
    tables_.emplace_back();
  } else {
    number = free_tables_.back();
    free_tables_.pop_back();
  }
  tables_[number] = std::make_unique<SeriesTable>(name, context_.limits->Acquire(name));
  table_of_name_.emplace(name, number);
  return number;
}

uint32_t SeriesShard::AddRow(uint32_t table, std::string_view labels, DatabaseId database) {
  const size_t slots_before = tables_[table]->rows().size();
  const uint32_t row = tables_[table]->AddRow(labels, NextVersion());
  row_slots_ += tables_[table]->rows().size() - slots_before;
  Row& added = tables_[table]->rows()[row];
  added.created_epoch = context_.scrape_epoch->load();
  added.database = database;
  const RowId id{table, row, added.version};
  ForEachLabelKey(labels, [&](uint64_t key) { labels_.Add(key, id); });
  labels_.Add(DatabaseKey(database), id);
  context_.row_count->fetch_add(1, std::memory_order_relaxed);
  return row;
}

// Series count against the database that wrote their row last.
void SeriesShard::SetDatabase(Place place, DatabaseId database) {
  Row& row = RowAt(place);
  const DatabaseId before = row.database;
  context_.databases->SeriesCount(before)->fetch_sub(row.cell_count, std::memory_order_relaxed);
  context_.databases->SeriesCount(database)->fetch_add(row.cell_count, std::memory_order_relaxed);
  row.database = database;
  labels_.Add(DatabaseKey(database), {place.table, place.row, row.version});
  labels_.Remove(DatabaseKey(before), [&](const RowId& id) {
    return IsLive(id) && tables_[id.table]->rows()[id.row].database == before;
  });
}

// Takes what belongs to a cell away; the cell itself is left to the caller.
void SeriesShard::RemoveSeries(Place place, uint32_t number) {
  const Row& row = RowAt(place);
  SeriesTable& table = *tables_[place.table];
  Column& column = table.columns()[number];
  ShardFamily& family = families_.find(column.family->name)->second;
  if (family.owners != nullptr) {
    family.owners->erase(row.labels_text());
  }
  if (row.is_grouped) {
    members_.Leave({place.table, place.row, number});
  }
  context_.limits->Remove(table.series_count(), context_.databases->SeriesCount(row.database));
  column.rows.Remove(place.row);
  if (column.rows.empty()) {
    RemoveColumn(place.table, number);
  }
}

void SeriesShard::RemoveColumn(uint32_t table, uint32_t number) {
  Column& column = tables_[table]->columns()[number];
  const auto family = families_.find(column.family->name);
  auto& columns = family->second.columns;
  columns.erase(std::find(columns.begin(), columns.end(), FedBy{table, number}));
  if (columns.empty()) {
    families_.erase(family);
  }
  context_.families->Detach(column.family, Ref(table, number));
  tables_[table]->RemoveColumn(number);
}

void SeriesShard::RemoveRow(Place place) {
  std::vector<uint64_t> keys;
  ForEachLabelKey(RowAt(place).labels_text(), [&](uint64_t key) { keys.push_back(key); });
  const DatabaseId database = RowAt(place).database;
  tables_[place.table]->RemoveRow(place.row);
  for (const uint64_t key : keys) {
    labels_.Remove(key, [&](const RowId& id) { return IsLive(id); });
  }
  labels_.Remove(DatabaseKey(database), [&](const RowId& id) {
    return IsLive(id) && tables_[id.table]->rows()[id.row].database == database;
  });
  context_.row_count->fetch_sub(1, std::memory_order_relaxed);
}

void SeriesShard::RemoveTable(uint32_t table) {
  const std::string name = tables_[table]->name();
  table_of_name_.erase(name);
  row_slots_ -= tables_[table]->rows().size();
  tables_[table].reset();
  free_tables_.push_back(table);
  context_.limits->Release(name);
}

void SeriesShard::SweepRow(Place place, const Now& now) {
  Row& row = RowAt(place);
  const auto is_expired = [&](const Cell& cell) { return context_.freshness.IsExpired(cell, now); };
  uint32_t expired = 0;
  // Backwards: columns that become free are used again in the opposite order.
  for (uint32_t i = row.cell_count; i-- > 0;) {
    if (is_expired(row.cells[i])) {
      RemoveSeries(place, row.cells[i].column);
      ++expired;
    }
  }
  if (expired > 0) {
    row.RemoveCellsIf(is_expired);
  }
  if (row.cell_count == 0) {
    RemoveRow(place);
  } else if (row.is_grouped) {
    SettleGrouping(place);
  }
}

size_t SeriesShard::RoundSize() {
  round_size_ = std::max(round_size_, slot_count());
  return std::max(round_size_, last_round_size_);
}

void SeriesShard::Sweep(const Now& now, size_t slots) {
  for (; slots > 0; --slots) {
    if (swept_.table == tables_.size()) {
      swept_ = {0, 0};
      last_round_size_ = round_size_;
      round_size_ = slot_count();
      continue;
    }
    const SeriesTable* const table = tables_[swept_.table].get();
    if (table != nullptr && swept_.row < table->rows().size()) {
      if (table->rows()[swept_.row].version != 0) {
        SweepRow(swept_, now);
      }
      ++swept_.row;
      continue;
    }
    if (table != nullptr && table->live_rows() == 0) {
      RemoveTable(swept_.table);
    }
    swept_ = {swept_.table + 1, 0};
  }
}

}  // namespace fluxgate
