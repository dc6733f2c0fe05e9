#include "bridge/ingest/query.h"

#include "bridge/ingest/query_tokens.h"
#include "bridge/ingest/url_query.h"

#include <absl/strings/match.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

namespace fluxgate {
namespace {

constexpr size_t kQuotedTokenSizeMax = 64;

constexpr std::string_view kVerbs[] = {"SELECT", "DELETE", "SHOW",  "CREATE", "DROP", "EXPLAIN",
                                       "GRANT",  "REVOKE", "ALTER", "SET",    "KILL"};

constexpr std::string_view kExpectedVerbs =
    "SELECT, DELETE, SHOW, CREATE, DROP, EXPLAIN, GRANT, REVOKE, ALTER, SET, KILL";

// One statement without its `;`; has at least one token.
using Statement = std::span<const QueryToken>;

struct StatementContext {
  QueryVerb verb;
  DatabaseRegistry* databases;
};

bool IsKeyword(const QueryToken& token, std::string_view keyword) {
  return token.type == QueryTokenType::kWord &&
         absl::EqualsIgnoreCase({token.text.data(), token.text.size()},
                                {keyword.data(), keyword.size()});
}

bool IsSymbol(const QueryToken& token, std::string_view symbol) {
  return token.type == QueryTokenType::kSymbol && token.text == symbol;
}

Reply ParseError(std::string_view found, std::string_view expected, size_t line, size_t column) {
  return V1Error(400,
                 absl::StrFormat("error parsing query: found %s, expected %s at line %d, char %d",
                                 found.substr(0, kQuotedTokenSizeMax), expected, line, column));
}

// What to reply when `statement` has something other than `expected` at `position`.
Reply UnexpectedAt(Statement statement, size_t position, std::string_view expected) {
  if (position < statement.size()) {
    const QueryToken& token = statement[position];
    return ParseError(token.text, expected, token.line, token.column);
  }
  const QueryToken& last = statement.back();
  return ParseError("EOF", expected, last.line, last.column + last.text.size());
}

// The text of the statement as it was written: its tokens view one text.
std::string_view TextOf(Statement statement) {
  const std::string_view last = statement.back().text;
  const char* const begin = statement.front().text.data();
  return {begin, static_cast<size_t>(last.data() + last.size() - begin)};
}

// CREATE DATABASE name [WITH ...]
constexpr size_t kDatabaseNamePosition = 2;

bool IsName(const QueryToken& token) {
  return token.type == QueryTokenType::kWord ||
         (token.type == QueryTokenType::kIdentifier && !Meaning(token).empty());
}

std::optional<Reply> CheckCreateDatabase(Statement statement) {
  constexpr size_t kAfterName = kDatabaseNamePosition + 1;
  if (statement.size() <= kDatabaseNamePosition || !IsName(statement[kDatabaseNamePosition])) {
    return UnexpectedAt(statement, kDatabaseNamePosition, "identifier");
  }
  if (statement.size() > kAfterName && !IsKeyword(statement[kAfterName], "WITH")) {
    return UnexpectedAt(statement, kAfterName, ";");
  }
  return std::nullopt;
}

std::string CreateDatabase(Statement statement, const StatementContext& context) {
  context.databases->Create(Meaning(statement[kDatabaseNamePosition]));
  if (context.verb == QueryVerb::kPost) {
    return {};
  }
  return absl::StrFormat(
      R"(,"messages":[{"level":"warning","text":%s}])",
      JsonString(absl::StrFormat("deprecated use of '%s' in a read only context, please use a "
                                 "POST request instead",
                                 TextOf(statement))));
}

std::optional<Reply> CheckNothing(Statement) {
  return std::nullopt;
}

std::string ShowDatabases(Statement, const StatementContext& context) {
  std::string values;
  for (const std::string& name : context.databases->Names()) {
    if (!name.empty()) {  // the writers that named none
      values += (values.empty() ? "[" : ",[") + JsonString(name) + "]";
    }
  }
  return R"(,"series":[{"name":"databases","columns":["name"])" +
         (values.empty() ? "" : R"(,"values":[)" + values + "]") + "}]";
}

// A statement that does something. `check` runs for all statements of a query before the first is
// answered; `answer` returns the members of the result that follow its statement_id.
struct StatementKind {
  std::string_view keywords[2];
  std::optional<Reply> (*check)(Statement);
  std::string (*answer)(Statement, const StatementContext&);
};

constexpr StatementKind kStatementKinds[] = {
    {{"CREATE", "DATABASE"}, CheckCreateDatabase, CreateDatabase},
    {{"SHOW", "DATABASES"}, CheckNothing, ShowDatabases},
};

const StatementKind* FindKind(Statement statement) {
  for (const StatementKind& kind : kStatementKinds) {
    if (statement.size() >= 2 && IsKeyword(statement[0], kind.keywords[0]) &&
        IsKeyword(statement[1], kind.keywords[1])) {
      return &kind;
    }
  }
  return nullptr;
}

std::vector<Statement> SplitStatements(std::span<const QueryToken> tokens) {
  std::vector<Statement> statements;
  while (!tokens.empty()) {
    const auto end =
        std::ranges::find_if(tokens, [](const QueryToken& token) { return IsSymbol(token, ";"); });
    const auto size = static_cast<size_t>(end - tokens.begin());
    if (size > 0) {
      statements.push_back(tokens.first(size));
    }
    tokens = tokens.subspan(std::min(size + 1, tokens.size()));
  }
  return statements;
}

std::optional<Reply> Check(Statement statement) {
  const bool is_known = std::ranges::any_of(
      kVerbs, [&](std::string_view verb) { return IsKeyword(statement[0], verb); });
  if (!is_known) {
    return UnexpectedAt(statement, 0, kExpectedVerbs);
  }
  const StatementKind* const kind = FindKind(statement);
  return kind != nullptr ? kind->check(statement) : std::nullopt;
}

std::string Results(std::span<const Statement> statements, const StatementContext& context) {
  std::string results;
  for (size_t id = 0; id < statements.size(); ++id) {
    const StatementKind* const kind = FindKind(statements[id]);
    const std::string members = kind != nullptr ? kind->answer(statements[id], context) : "";
    results += absl::StrFormat(R"(%s{"statement_id":%d%s})", id > 0 ? "," : "", id, members);
  }
  return "{\"results\":[" + results + "]}\n";
}

}  // namespace

std::string FindQueryText(std::string_view url_query, std::string_view form_body) {
  std::optional<std::string> text = FindUrlParameter(form_body, "q");
  if (!text) {
    text = FindUrlParameter(url_query, "q");
  }
  return text.value_or("");
}

Reply AnswerQuery(QueryVerb verb, std::string_view text, DatabaseRegistry* databases) {
  if (text.size() > kQueryTextSizeMax) {
    return V1Error(413, "Request Entity Too Large");
  }
  const std::vector<QueryToken> tokens = TokenizeQuery(text);
  if (tokens.empty()) {
    return V1Error(400, "missing required parameter \"q\"");
  }
  const std::vector<Statement> statements = SplitStatements(tokens);
  if (statements.size() > kStatementsMax) {
    return V1Error(400, absl::StrFormat("too many statements: %d, at most %d", statements.size(),
                                        kStatementsMax));
  }
  for (const Statement& statement : statements) {
    if (std::optional<Reply> error = Check(statement)) {
      return *std::move(error);
    }
  }
  return {.status = 200,
          .content_type = "application/json",
          .body = Results(statements, {verb, databases}),
          .headers = {}};
}

}  // namespace fluxgate
