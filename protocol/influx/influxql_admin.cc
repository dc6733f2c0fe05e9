#include "protocol/influx/influxql_admin.h"

#include "protocol/influx/influxql_clauses.h"
#include "protocol/influx/influxql_select.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <vector>

namespace fluxgate::influx {
namespace {

bool TakeDurationTo(InfluxqlCursor* cursor, std::optional<int64_t>* duration) {
  return cursor->TakeDuration(&duration->emplace());
}

bool TakeReplicasTo(InfluxqlCursor* cursor, std::optional<int>* replicas) {
  return cursor->TakeReplicas(&replicas->emplace());
}

// What follows SHARD.
bool TakeShardDuration(InfluxqlCursor* cursor, bool takes_inf, std::optional<int64_t>* duration) {
  if (!cursor->Expect(TokenType::kDurationWord)) {
    return false;
  }
  const Token next = cursor->Peek();
  if (!takes_inf && next.type == TokenType::kInf) {
    return cursor->Fail("invalid duration INF for shard duration", next.place);
  }
  return TakeDurationTo(cursor, duration);
}

bool ParseOnDatabase(InfluxqlCursor* cursor, Statement* statement) {
  return cursor->Expect(TokenType::kOn) && cursor->TakeIdentifier(&statement->database);
}

// `name ON database.policy`
bool ParseSubscriptionPlace(InfluxqlCursor* cursor, Statement* statement) {
  if (!cursor->TakeIdentifier(&statement->name) || !ParseOnDatabase(cursor, statement)) {
    return false;
  }
  if (!cursor->AcceptAdjacent(TokenType::kDot)) {
    return cursor->Unexpected(cursor->Take(), ".");
  }
  return cursor->TakeIdentifier(&statement->policy_name);
}

struct Privilege {
  bool is_all = false;
};

bool TakePrivilege(InfluxqlCursor* cursor, Privilege* privilege) {
  const Token token = cursor->Take();
  switch (token.type) {
    case TokenType::kRead:
    case TokenType::kWrite:
      return true;
    case TokenType::kAll:
      privilege->is_all = true;
      cursor->Accept(TokenType::kPrivileges);
      return true;
    default:
      return cursor->Unexpected(token, "READ, WRITE, ALL [PRIVILEGES]");
  }
}

// `ON database TO user`, or for all privileges `TO user`; REVOKE has FROM instead of TO.
bool ParsePrivilege(InfluxqlCursor* cursor, TokenType direction, StatementType admin_type,
                    Statement* statement) {
  Privilege privilege;
  if (!TakePrivilege(cursor, &privilege)) {
    return false;
  }
  if (cursor->Accept(TokenType::kOn)) {
    return cursor->TakeIdentifier(&statement->database) && cursor->Expect(direction) &&
           cursor->TakeIdentifier(&statement->user);
  }
  if (!privilege.is_all) {
    return cursor->Unexpected(cursor->Take(), "ON");
  }
  statement->type = admin_type;
  return cursor->Expect(direction, absl::StrFormat("ON, %s", TokenName(direction))) &&
         cursor->TakeIdentifier(&statement->user);
}

bool ParseResample(InfluxqlCursor* cursor) {
  int64_t duration = 0;
  bool is_any = false;
  for (const TokenType word : {TokenType::kEvery, TokenType::kFor}) {
    if (cursor->Accept(word)) {
      is_any = true;
      if (!cursor->NextIs(TokenType::kDuration)) {
        return cursor->Unexpected(cursor->Take(), "duration");
      }
      if (!cursor->TakeDuration(&duration)) {
        return false;
      }
    }
  }
  return is_any || cursor->Unexpected(cursor->Take(), "EVERY, FOR");
}

bool TakePolicyOption(InfluxqlCursor* cursor, TokenType option, PolicyOptions* policy) {
  switch (option) {
    case TokenType::kDurationWord:
      return TakeDurationTo(cursor, &policy->duration_ns);
    case TokenType::kReplication:
      return TakeReplicasTo(cursor, &policy->replicas);
    case TokenType::kShard:
      return TakeShardDuration(cursor, false, &policy->shard_duration_ns);
    default:
      policy->is_default = true;
      return true;
  }
}

}  // namespace

bool ParseNamed(InfluxqlCursor* cursor, Statement* statement) {
  return cursor->TakeIdentifier(&statement->name);
}

bool ParseNamedOn(InfluxqlCursor* cursor, Statement* statement) {
  return cursor->TakeIdentifier(&statement->name) && ParseOnDatabase(cursor, statement);
}

bool ParseNumbered(InfluxqlCursor* cursor, Statement* statement) {
  return cursor->TakeUnsigned(&statement->number);
}

bool ParseKillQuery(InfluxqlCursor* cursor, Statement* statement) {
  return cursor->TakeUnsigned(&statement->number) && ParseOn(cursor, &statement->name);
}

bool ParseExplain(InfluxqlCursor* cursor, Statement* statement) {
  cursor->Accept(TokenType::kAnalyze);
  return cursor->Expect(TokenType::kSelect) &&
         ParseSelect(cursor, SelectTarget::kOptional, kSubqueryDepthMax, statement);
}

bool ParseCreateDatabase(InfluxqlCursor* cursor, Statement* statement) {
  if (!cursor->TakeIdentifier(&statement->name)) {
    return false;
  }
  statement->has_policy = cursor->Accept(TokenType::kWith);
  if (!statement->has_policy) {
    return true;
  }
  constexpr TokenType kOptions[] = {TokenType::kDurationWord, TokenType::kName,
                                    TokenType::kReplication, TokenType::kShard};
  const Token next = cursor->Peek();
  if (std::ranges::find(kOptions, next.type) == std::end(kOptions)) {
    return cursor->Unexpected(next, "DURATION, NAME, REPLICATION, SHARD");
  }
  PolicyOptions* const policy = &statement->policy;
  return (!cursor->Accept(TokenType::kDurationWord) ||
          TakeDurationTo(cursor, &policy->duration_ns)) &&
         (!cursor->Accept(TokenType::kReplication) || TakeReplicasTo(cursor, &policy->replicas)) &&
         (!cursor->Accept(TokenType::kShard) ||
          TakeShardDuration(cursor, true, &policy->shard_duration_ns)) &&
         (!cursor->Accept(TokenType::kName) || cursor->TakeIdentifier(&statement->policy_name));
}

bool ParseCreateUser(InfluxqlCursor* cursor, Statement* statement) {
  std::string password;  // there is nothing that it opens
  if (!cursor->TakeIdentifier(&statement->name) || !cursor->Expect(TokenType::kWith) ||
      !cursor->Expect(TokenType::kPassword) || !cursor->TakeString(&password)) {
    return false;
  }
  statement->is_admin = cursor->Accept(TokenType::kWith);
  return !statement->is_admin ||
         (cursor->Expect(TokenType::kAll) && cursor->Expect(TokenType::kPrivileges));
}

bool ParseCreatePolicy(InfluxqlCursor* cursor, Statement* statement) {
  PolicyOptions* const policy = &statement->policy;
  if (!ParseNamedOn(cursor, statement) || !cursor->Expect(TokenType::kDurationWord) ||
      !TakeDurationTo(cursor, &policy->duration_ns) || !cursor->Expect(TokenType::kReplication) ||
      !TakeReplicasTo(cursor, &policy->replicas)) {
    return false;
  }
  if (cursor->Accept(TokenType::kShard) &&
      !TakeShardDuration(cursor, false, &policy->shard_duration_ns)) {
    return false;
  }
  policy->is_default = cursor->Accept(TokenType::kDefault);
  return true;
}

bool ParseAlterPolicy(InfluxqlCursor* cursor, Statement* statement) {
  if (cursor->Accept(TokenType::kDefault)) {
    statement->name = "default";
  } else if (!cursor->TakeIdentifier(&statement->name)) {
    return false;
  }
  if (!ParseOnDatabase(cursor, statement)) {
    return false;
  }
  constexpr std::array kOptions = {TokenType::kDurationWord, TokenType::kReplication,
                                   TokenType::kShard, TokenType::kDefault};
  std::vector<TokenType> found;
  for (Token next = cursor->Peek(); std::ranges::find(kOptions, next.type) != kOptions.end();
       next = cursor->Peek()) {
    if (std::ranges::find(found, next.type) != found.end()) {
      return cursor->Fail(absl::StrFormat("found duplicate %s option", TokenName(next.type)),
                          next.place);
    }
    cursor->Take();
    if (!TakePolicyOption(cursor, next.type, &statement->policy)) {
      return false;
    }
    found.push_back(next.type);
  }
  return !found.empty() ||
         cursor->Unexpected(cursor->Take(), "DURATION, REPLICATION, SHARD, DEFAULT");
}

bool ParseCreateSubscription(InfluxqlCursor* cursor, Statement* statement) {
  if (!ParseSubscriptionPlace(cursor, statement) || !cursor->Expect(TokenType::kDestinations)) {
    return false;
  }
  if (!cursor->Accept(TokenType::kAll) && !cursor->Accept(TokenType::kAny)) {
    return cursor->Unexpected(cursor->Take(), "ALL, ANY");
  }
  std::string destination;
  do {
    if (!cursor->TakeString(&destination)) {
      return false;
    }
  } while (cursor->Accept(TokenType::kComma));
  return true;
}

bool ParseDropSubscription(InfluxqlCursor* cursor, Statement* statement) {
  return ParseSubscriptionPlace(cursor, statement);
}

bool ParseCreateContinuousQuery(InfluxqlCursor* cursor, Statement* statement) {
  return ParseNamedOn(cursor, statement) &&
         (!cursor->Accept(TokenType::kResample) || ParseResample(cursor)) &&
         cursor->Expect(TokenType::kBegin) && cursor->Expect(TokenType::kSelect) &&
         ParseSelect(cursor, SelectTarget::kRequired, kSubqueryDepthMax, statement) &&
         cursor->Expect(TokenType::kEndWord);
}

bool ParseGrant(InfluxqlCursor* cursor, Statement* statement) {
  return ParsePrivilege(cursor, TokenType::kTo, StatementType::kGrantAdmin, statement);
}

bool ParseRevoke(InfluxqlCursor* cursor, Statement* statement) {
  return ParsePrivilege(cursor, TokenType::kFrom, StatementType::kRevokeAdmin, statement);
}

bool ParseSetPassword(InfluxqlCursor* cursor, Statement* statement) {
  std::string password;
  return cursor->TakeIdentifier(&statement->user) && cursor->Expect(TokenType::kEqual) &&
         cursor->TakeString(&password);
}

}  // namespace fluxgate::influx
