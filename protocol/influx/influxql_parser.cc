#include "protocol/influx/influxql_parser.h"

#include "protocol/influx/influxql_admin.h"
#include "protocol/influx/influxql_clauses.h"
#include "protocol/influx/influxql_cursor.h"
#include "protocol/influx/influxql_select.h"
#include "protocol/influx/influxql_show.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace fluxgate::influx {
namespace {

using T = TokenType;
using S = StatementType;

constexpr size_t kWordsMax = 3;

// The words that a statement begins with, and what reads the rest. The order is that of InfluxDB's
// messages.
struct StatementForm {
  std::array<TokenType, kWordsMax> words;  // kEnd where there are fewer
  StatementType type;
  bool (*parse)(InfluxqlCursor* cursor, Statement* statement);
};

bool ParseWholeSelect(InfluxqlCursor* cursor, Statement* statement) {
  return ParseSelect(cursor, SelectTarget::kOptional, kSubqueryDepthMax, statement);
}

constexpr StatementForm kForms[] = {
    {{T::kSelect, T::kEnd, T::kEnd}, S::kSelect, ParseWholeSelect},
    {{T::kDelete, T::kEnd, T::kEnd}, S::kDelete, ParseDelete},
    {{T::kShow, T::kContinuous, T::kQueries}, S::kShowContinuousQueries, ParseNothing},
    {{T::kShow, T::kDatabases, T::kEnd}, S::kShowDatabases, ParseNothing},
    {{T::kShow, T::kDiagnostics, T::kEnd}, S::kShowDiagnostics, ParseShowModule},
    {{T::kShow, T::kField, T::kKey}, S::kShowFieldKeyCardinality, ParseKeyCardinality},
    {{T::kShow, T::kField, T::kKeys}, S::kShowFieldKeys, ParseShowFieldKeys},
    {{T::kShow, T::kGrants, T::kFor}, S::kShowGrants, ParseNamed},
    {{T::kShow, T::kMeasurement, T::kExact}, S::kShowMeasurementCardinality, ParseExactCardinality},
    {{T::kShow, T::kMeasurement, T::kCardinality},
     S::kShowMeasurementCardinality,
     ParseCardinality},
    {{T::kShow, T::kMeasurements, T::kEnd}, S::kShowMeasurements, ParseShowMeasurements},
    {{T::kShow, T::kQueries, T::kEnd}, S::kShowQueries, ParseNothing},
    {{T::kShow, T::kRetention, T::kPolicies}, S::kShowRetentionPolicies, ParseShowPolicies},
    {{T::kShow, T::kSeries, T::kEnd}, S::kShowSeries, ParseShowSeries},
    {{T::kShow, T::kShard, T::kGroups}, S::kShowShardGroups, ParseNothing},
    {{T::kShow, T::kShards, T::kEnd}, S::kShowShards, ParseNothing},
    {{T::kShow, T::kStats, T::kEnd}, S::kShowStats, ParseShowModule},
    {{T::kShow, T::kSubscriptions, T::kEnd}, S::kShowSubscriptions, ParseNothing},
    {{T::kShow, T::kTag, T::kKey}, S::kShowTagKeyCardinality, ParseKeyCardinality},
    {{T::kShow, T::kTag, T::kKeys}, S::kShowTagKeys, ParseShowTagKeys},
    {{T::kShow, T::kTag, T::kValues}, S::kShowTagValues, ParseShowTagValues},
    {{T::kShow, T::kUsers, T::kEnd}, S::kShowUsers, ParseNothing},
    {{T::kCreate, T::kContinuous, T::kQuery},
     S::kCreateContinuousQuery,
     ParseCreateContinuousQuery},
    {{T::kCreate, T::kDatabase, T::kEnd}, S::kCreateDatabase, ParseCreateDatabase},
    {{T::kCreate, T::kUser, T::kEnd}, S::kCreateUser, ParseCreateUser},
    {{T::kCreate, T::kRetention, T::kPolicy}, S::kCreateRetentionPolicy, ParseCreatePolicy},
    {{T::kCreate, T::kSubscription, T::kEnd}, S::kCreateSubscription, ParseCreateSubscription},
    {{T::kDrop, T::kContinuous, T::kQuery}, S::kDropContinuousQuery, ParseNamedOn},
    {{T::kDrop, T::kDatabase, T::kEnd}, S::kDropDatabase, ParseNamed},
    {{T::kDrop, T::kMeasurement, T::kEnd}, S::kDropMeasurement, ParseNamed},
    {{T::kDrop, T::kRetention, T::kPolicy}, S::kDropRetentionPolicy, ParseNamedOn},
    {{T::kDrop, T::kSeries, T::kEnd}, S::kDropSeries, ParseDelete},
    {{T::kDrop, T::kShard, T::kEnd}, S::kDropShard, ParseNumbered},
    {{T::kDrop, T::kSubscription, T::kEnd}, S::kDropSubscription, ParseDropSubscription},
    {{T::kDrop, T::kUser, T::kEnd}, S::kDropUser, ParseNamed},
    {{T::kExplain, T::kEnd, T::kEnd}, S::kExplain, ParseExplain},
    {{T::kGrant, T::kEnd, T::kEnd}, S::kGrant, ParseGrant},
    {{T::kRevoke, T::kEnd, T::kEnd}, S::kRevoke, ParseRevoke},
    {{T::kAlter, T::kRetention, T::kPolicy}, S::kAlterRetentionPolicy, ParseAlterPolicy},
    {{T::kSet, T::kPassword, T::kFor}, S::kSetPassword, ParseSetPassword},
    {{T::kKill, T::kQuery, T::kEnd}, S::kKillQuery, ParseKillQuery},
};

// The words that may come at `position`, as a message lists them.
std::string ExpectedWords(const std::vector<const StatementForm*>& forms, size_t position) {
  std::string list;
  TokenType last = T::kEnd;
  for (const StatementForm* form : forms) {
    const TokenType word = form->words[position];
    if (word != last) {
      list += list.empty() ? "" : ", ";
      list += TokenName(word);
      last = word;
    }
  }
  return list;
}

// Takes the words that a statement begins with; null when they begin none.
const StatementForm* TakeForm(InfluxqlCursor* cursor) {
  std::vector<const StatementForm*> forms;
  for (const StatementForm& form : kForms) {
    forms.push_back(&form);
  }
  for (size_t position = 0;; ++position) {
    const Token token = cursor->Take();
    const std::string expected = ExpectedWords(forms, position);
    std::erase_if(forms,
                  [&](const StatementForm* form) { return form->words[position] != token.type; });
    if (forms.empty() || token.type == T::kEnd) {
      cursor->Unexpected(token, expected);
      return nullptr;
    }
    if (position + 1 == kWordsMax || forms.front()->words[position + 1] == T::kEnd) {
      return forms.front();
    }
  }
}

bool ParseStatement(std::string_view text, InfluxqlCursor* cursor, Statement* statement) {
  cursor->AtRegex();  // passes over blanks
  const size_t begin = cursor->offset();
  const StatementForm* const form = TakeForm(cursor);
  if (form == nullptr) {
    return false;
  }
  statement->type = form->type;
  if (!form->parse(cursor, statement)) {
    return false;
  }
  statement->text = text.substr(begin, cursor->offset() - begin);
  return true;
}

bool ParseStatements(std::string_view text, size_t statements_max, InfluxqlCursor* cursor,
                     std::vector<Statement>* statements) {
  bool is_separated = true;
  while (!cursor->NextIs(T::kEnd)) {
    if (cursor->Accept(T::kSemicolon)) {
      is_separated = true;
      continue;
    }
    if (!is_separated) {
      return cursor->Unexpected(cursor->Take(), ";");
    }
    if (statements->size() == statements_max) {
      return cursor->Fail(absl::StrFormat("more than %d statements", statements_max));
    }
    is_separated = false;
    if (!ParseStatement(text, cursor, &statements->emplace_back())) {
      return false;
    }
  }
  return true;
}

}  // namespace

ParsedQuery ParseInfluxql(std::string_view text, size_t statements_max,
                          const BoundParameters* parameters) {
  ParsedQuery query;
  InfluxqlCursor cursor(text, parameters);
  if (!ParseStatements(text, statements_max, &cursor, &query.statements)) {
    query.error = cursor.error();
    query.statements.clear();
  }
  return query;
}

}  // namespace fluxgate::influx
