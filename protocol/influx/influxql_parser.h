// Reads the statements of a query.
//
// Errors: the first statement that InfluxDB could not read either ends it with InfluxDB's message.
// Regular expressions are not looked into.
// Bounds: at most `statements_max` statements; memory up to 100 times the text.
// Thread: compatible (pure function).
// Spec: InfluxQL 1.x grammar.
#pragma once

#include "protocol/influx/influxql_parameters.h"
#include "protocol/influx/influxql_statement.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::influx {

struct ParsedQuery {
  std::vector<Statement> statements;  // views the text
  std::string error;                  // empty: none
};

// `parameters` are what `$name` stands for; null: there are none.
ParsedQuery ParseInfluxql(std::string_view text, size_t statements_max,
                          const BoundParameters* parameters = nullptr);

}  // namespace fluxgate::influx
