// Reads a multipart body in pieces and writes what comes out as text.
//
// Errors: ends the program when the reader breaks its word about empty pieces and unread bytes.
// Thread: compatible.
#pragma once

#include "protocol/http/multipart_reader.h"

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate::http {

// `[name|filename]bytes;` for each part, `!error` at the end.
inline std::string MultipartText(std::string_view body, const std::vector<size_t>& cuts,
                                 std::string_view boundary = "B") {
  MultipartReader reader(boundary);
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
          out += "[" + reader.part().name + "|" + reader.part().filename + "]";
          break;
        case MultipartReader::Result::kBytes:
          if (reader.bytes().empty()) {
            std::abort();
          }
          out += reader.bytes();
          break;
        case MultipartReader::Result::kPartEnd:
          out += ";";
          break;
        case MultipartReader::Result::kError:
          return out + "!" + std::string(reader.error());
        case MultipartReader::Result::kNeedMore:
        case MultipartReader::Result::kEnd:
          more = false;
      }
    }
    unread.erase(0, reader.consumed());
    if (unread.size() > kPartHeadSizeMax + 4) {
      std::abort();
    }
  }
  return out;
}

}  // namespace fluxgate::http
