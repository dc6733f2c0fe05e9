// What a request gives for the names `$name` in its query: each stands for one token.
//
// Thread: compatible.
// Spec: InfluxDB 1.x, parameter `params` of /query.
#pragma once

#include "protocol/influx/influxql_token.h"

#include <string>
#include <vector>

namespace fluxgate::influx {

struct BoundParameter {
  std::string name;
  TokenType type = TokenType::kBoundParameter;  // of the token; as it is: `text` says what is wrong
  std::string text;
};

using BoundParameters = std::vector<BoundParameter>;

}  // namespace fluxgate::influx
