// fluxgate: takes InfluxDB writes and serves the values to Prometheus.

#include "bridge/config/flags.h"
#include "bridge/runtime/commands.h"

#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr int kBadUsage = 2;

int Run(const std::vector<std::string>& arguments) {
  const auto line = fluxgate::ParseCommandLine(arguments, &fluxgate::ProcessEnvironment);
  if (!line.ok()) {
    std::cerr << "fluxgate: " << std::string(line.status().message()) << "\n";
    return kBadUsage;
  }
  return fluxgate::RunCommand(*line);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run({argv + 1, argv + argc});
  } catch (const std::exception& failure) {
    std::cerr << "fluxgate: " << failure.what() << "\n";
    return 1;
  }
}
