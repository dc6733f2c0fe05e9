// What the upload side can be told. Set once, before it is made.
//
// Thread: immutable.
#pragma once

#include <string>

namespace fluxgate {

struct UploadOptions {
  std::string config_path;  // --upload.config; empty: no report rules
};

}  // namespace fluxgate
