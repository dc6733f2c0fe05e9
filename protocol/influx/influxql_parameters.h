// What a request gives for the names `$name` in its query: each stands for one token.
//
// Thread: compatible.
// Spec: InfluxDB 1.x, parameter `params` of /query.
#pragma once

#include "protocol/influx/influxql_token.h"

#include <functional>
#include <map>
#include <string>

namespace fluxgate::influx {

struct BoundParameter {
  TokenType type = TokenType::kBoundParameter;  // of the token; as it is: `text` says what is wrong
  std::string text;
};

using BoundParameters = std::map<std::string, BoundParameter, std::less<>>;

}  // namespace fluxgate::influx
