// The groups' side of a shard: kept apart from ordinary writing, which only asks whether a row may
// have members.
#include "bridge/cache/series_shard.h"

#include <algorithm>

namespace fluxgate {

// As WriteFields, for a row that has members of groups or gets some.
void SeriesShard::WriteGroupedFields(const WriteJob& job, const CachePoint& point, Place place,
                                     uint32_t scope) {
  TakeRow(job, point, place);
  SeriesTable& table = *tables_[place.table];
  uint32_t hint = 0;
  for (const CacheField& field : job.slice->FieldsOf(point)) {
    if (!field.is_sample) {
      job.mapper->DropString(point, field);
      continue;
    }
    const Row& row = RowAt(place);
    const uint32_t column = table.FindColumn(scope, field.key);
    Cell* const cell = column == SeriesTable::kNotFound ? nullptr : row.FindCell(column, hint);
    if (cell == nullptr) {
      WriteUnseen(job, point, field, place, scope);
      continue;
    }
    StoreInGroup(job, point, field, place, cell);
    hint = static_cast<uint32_t>(cell - row.cells.get()) + 1;
  }
}

void SeriesShard::StoreAt(const WriteJob& job, const CachePoint& point, const CacheField& field,
                          Place place, Cell* cell) {
  if (job.origin.body != nullptr || RowAt(place).is_grouped) {
    StoreInGroup(job, point, field, place, cell);
  } else {
    Store(job, point, field, cell);
  }
}

// A body's point makes its series a member of the group; an ordinary one takes it out.
void SeriesShard::StoreInGroup(const WriteJob& job, const CachePoint& point,
                               const CacheField& field, Place place, Cell* cell) {
  const CellPlace at{place.table, place.row, cell->column};
  const std::optional<GroupMembers::Membership> member = members_.Find(at);
  if (!member && job.origin.body == nullptr) {
    Store(job, point, field, cell);
    return;
  }
  if (member && LosesToMember(job, point, *cell, *member) &&
      !context_.freshness.IsExpired(*cell, job.now)) {
    job.mapper->Drop(point, field, cache_drop_reason::kOlderThanCurrent);
    return;
  }
  cell->value = field.value;
  cell->time_ns = point.time_ns;
  if (job.origin.body != nullptr) {
    JoinGroup(job, place, cell);
  } else {
    cell->tick = job.now.tick;
    members_.Leave(at);
  }
  ++job.counts->samples;
}

// A body is newer than all that is not of its group; of one group the body that began last is.
bool SeriesShard::LosesToMember(const WriteJob& job, const CachePoint& point, const Cell& cell,
                                const GroupMembers::Membership& member) {
  const GroupBody* const body = job.origin.body;
  if (body != nullptr && body->group != member.group) {
    return false;
  }
  if (body != nullptr && body->generation != member.generation) {
    return body->generation < member.generation;
  }
  return IsOlder(point.time_ns, cell, member.arrival, job.now);
}

// `cell` has its new time already.
void SeriesShard::JoinGroup(const WriteJob& job, Place place, Cell* cell) {
  const GroupBody& body = *job.origin.body;
  cell->tick = context_.freshness.TickToLive(body.lifetime, cell->time_ns, job.now);
  members_.Join({place.table, place.row, cell->column}, body, job.now.tick);
  RowAt(place).is_grouped = true;
}

// Lets a row that no group has left be written as others are.
void SeriesShard::SettleGrouping(Place place) {
  Row& row = RowAt(place);
  const Cell* const begin = row.cells.get();
  row.is_grouped = std::any_of(begin, begin + row.cell_count, [&](const Cell& cell) {
    return members_.Find({place.table, place.row, cell.column}).has_value();
  });
}

bool SeriesShard::SweepGroup(const GroupSweep& sweep, const Now& now, size_t visits, size_t* left) {
  // Members of one row mostly follow one another: it is swept once for all of them.
  std::optional<Place> touched;
  for (; visits > 0; --visits) {
    const std::span<const GroupMember> members = members_.Of(sweep.group);
    // Of the members behind, none is left to visit: places are filled from the end.
    *left = std::min(*left, members.size());
    if (*left == 0) {
      break;
    }
    const GroupMember member = members[--*left];
    if (!sweep.Takes(member.generation)) {
      continue;
    }
    const Place place{member.cell.table, member.cell.row};
    if (touched && (touched->table != place.table || touched->row != place.row)) {
      SweepRow(*touched, now);
    }
    touched = place;
    RowAt(place).FindCell(member.cell.column, 0)->tick = context_.freshness.ExpiredTick(now);
  }
  if (touched) {
    SweepRow(*touched, now);
  }
  return *left > 0;
}

}  // namespace fluxgate
