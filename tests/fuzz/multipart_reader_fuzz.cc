// MultipartReader on any bytes: whole, in two pieces and byte by byte it finds the same parts.
//
// The first byte chooses where the rest, which is the body, is cut.
#include "protocol/http/multipart_reader.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {
namespace {

using http::MultipartReader;

// All parts as one text. The caller keeps no more than the contract says.
std::string Read(std::string_view body, const std::vector<size_t>& cuts) {
  MultipartReader reader("B");
  std::string out;
  std::string unread;
  size_t begin = 0;
  for (size_t i = 0; i <= cuts.size(); ++i) {
    const size_t end = i < cuts.size() ? cuts[i] : body.size();
    unread.append(body.substr(begin, end - begin));
    begin = end;
    reader.SetInput(unread, i == cuts.size());
    for (bool more = true; more;) {
      switch (reader.Next()) {
        case MultipartReader::Result::kPartBegin:
          out += "\n[" + reader.part().name + "|" + reader.part().filename + "]";
          break;
        case MultipartReader::Result::kBytes:
          out += reader.bytes();
          break;
        case MultipartReader::Result::kPartEnd:
          out += "\n;";
          break;
        case MultipartReader::Result::kError:
          return out + "\n!" + std::string(reader.error());
        case MultipartReader::Result::kNeedMore:
        case MultipartReader::Result::kEnd:
          more = false;
      }
    }
    unread.erase(0, reader.consumed());
    if (unread.size() > http::kPartHeadSizeMax + 4) {
      std::abort();
    }
  }
  return out;
}

void RequireEqual(const std::string& actual, const std::string& expected) {
  if (actual != expected) {
    std::cerr << "expected:\n" << expected << "\nactual:\n" << actual << '\n';
    std::abort();
  }
}

}  // namespace
}  // namespace fluxgate

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  using namespace fluxgate;
  if (size < 1) {
    return 0;
  }
  const std::string body(bytes + 1, bytes + size);
  const std::string whole = Read(body, {});
  RequireEqual(Read(body, {size_t{bytes[0]} * body.size() / 255}), whole);
  if (body.size() <= 512) {
    std::vector<size_t> every;
    for (size_t i = 1; i < body.size(); ++i) {
      every.push_back(i);
    }
    RequireEqual(Read(body, every), whole);
  }
  return 0;
}
