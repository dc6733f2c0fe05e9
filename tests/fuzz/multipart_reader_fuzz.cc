// MultipartReader on any bytes: whole, in two pieces and byte by byte it finds the same parts.
//
// The first byte chooses where the rest, which is the body, is cut.
#include "tests/fuzz/agreement.h"
#include "tests/protocol/http/multipart_text.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  if (size < 1) {
    return 0;
  }
  const std::string body(bytes + 1, bytes + size);
  fluxgate::RequireSameWhereverCut(
      [&](const std::vector<size_t>& cuts) { return fluxgate::http::MultipartText(body, cuts); },
      body.size(), bytes[0], 512);
  return 0;
}
