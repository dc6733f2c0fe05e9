#include "bridge/expose/gzip_stream.h"

#include "bridge/base/check.h"

#include <isa-l/igzip_lib.h>

#include <array>
#include <cstdint>

namespace fluxgate {
namespace {

constexpr size_t kOutputStep = size_t{32} << 10;

// ISA-L leaves the upper halves of the vector registers in use, which slows down the SSE code that
// follows in this thread: formatting numbers then takes half as long again.
void ReleaseVectorRegisters() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx")) {
    asm volatile("vzeroupper" ::
                     : "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8",
                       "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
  }
#endif
}

}  // namespace

struct GzipStream::State {
  isal_zstream stream;
  std::array<uint8_t, ISAL_DEF_LVL1_DEFAULT> level_memory;
};

GzipStream::GzipStream() : state_(std::make_unique_for_overwrite<State>()) {
  isal_zstream& stream = state_->stream;
  isal_deflate_init(&stream);
  stream.gzip_flag = IGZIP_GZIP;
  stream.level = 1;
  stream.level_buf = state_->level_memory.data();
  stream.level_buf_size = static_cast<uint32_t>(state_->level_memory.size());
  stream.flush = NO_FLUSH;
}

GzipStream::~GzipStream() = default;

void GzipStream::Append(std::string_view bytes, bool last, std::string* out) {
  isal_zstream& stream = state_->stream;
  // ISA-L does not write to its input.
  stream.next_in = reinterpret_cast<uint8_t*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uint32_t>(bytes.size());
  stream.end_of_stream = last ? 1 : 0;
  do {
    const size_t size = out->size();
    out->resize(size + kOutputStep);
    stream.next_out = reinterpret_cast<uint8_t*>(out->data() + size);
    stream.avail_out = static_cast<uint32_t>(kOutputStep);
    const int result = isal_deflate(&stream);
    CHECK(result == COMP_OK);
    out->resize(size + kOutputStep - stream.avail_out);
  } while (stream.avail_out == 0);
  ReleaseVectorRegisters();
}

}  // namespace fluxgate
