#include "bridge/expose/exposer.h"

#include "protocol/prometheus/exposition_format.h"

#include "bridge/cache/family_cursor.h"
#include "bridge/expose/gzip_stream.h"

#include <optional>
#include <utility>

namespace fluxgate {
namespace {

// Families visited for one chunk, if none of them has a live sample.
constexpr size_t kFamiliesPerChunk = 4096;

}  // namespace

class Scrape::Body {
 public:
  Body(const ExposeOptions& options, const prom::Negotiated& negotiated, bool gzip,
       SeriesCache* cache, std::vector<prom::MetricFamily> own_families, const Now& now)
      : chunk_size_(options.chunk_size),
        negotiated_(negotiated),
        own_families_(std::move(own_families)) {
    if (gzip) {
      gzip_.emplace();
    }
    if (cache != nullptr) {
      cached_.emplace(cache, negotiated.format, options.timestamps, now);
      has_cached_ = cached_->NextFamily();
    }
  }

  bool Next(std::string* chunk) {
    chunk->clear();
    if (is_done_) {
      return false;
    }
    text_.clear();
    is_done_ = !Fill();
    if (gzip_) {
      gzip_->Append(text_, is_done_, chunk);
    } else {
      chunk->swap(text_);
    }
    size_ += chunk->size();
    return true;
  }

  std::string_view content_type() const { return negotiated_.content_type; }
  bool is_gzip() const { return gzip_.has_value(); }
  uint64_t size() const { return size_; }

 private:
  // Appends to the text until it holds about a chunk, or a chunk's worth of work found nothing to
  // append; false when the exposition is complete.
  bool Fill() {
    for (size_t families = 0; text_.size() < chunk_size_ && families < kFamiliesPerChunk;
         ++families) {
      const bool has_own = own_ < own_families_.size();
      if (has_own && (!has_cached_ || own_families_[own_].name < cached_->name())) {
        AppendFamily(negotiated_.format, own_families_[own_++], &text_);
      } else if (has_cached_) {
        if (cached_->Append(chunk_size_, &text_)) {
          return true;  // enough, or enough rows without a sample
        }
        has_cached_ = cached_->NextFamily();
      } else {
        AppendEnd(negotiated_.format, &text_);
        return false;
      }
    }
    return true;
  }

  const size_t chunk_size_;
  const prom::Negotiated negotiated_;
  const std::vector<prom::MetricFamily> own_families_;
  size_t own_ = 0;
  std::optional<FamilyCursor> cached_;
  bool has_cached_ = false;
  std::optional<GzipStream> gzip_;
  std::string text_;
  bool is_done_ = false;
  uint64_t size_ = 0;
};

Scrape::Scrape(std::unique_ptr<Body> body) : body_(std::move(body)) {}
Scrape::~Scrape() = default;

std::string_view Scrape::content_type() const {
  return body_->content_type();
}
bool Scrape::is_gzip() const {
  return body_->is_gzip();
}
bool Scrape::Next(std::string* chunk) {
  return body_->Next(chunk);
}
uint64_t Scrape::size() const {
  return body_->size();
}

Exposer::Exposer(const ExposeOptions& options, SeriesCache* cache, FamilySource own_families)
    : options_(options), cache_(cache), own_families_(std::move(own_families)) {}

std::unique_ptr<Scrape> Exposer::Begin(std::string_view accept, std::string_view accept_encoding,
                                       const Now& now) const {
  return std::unique_ptr<Scrape>(new Scrape(std::make_unique<Scrape::Body>(
      options_, prom::NegotiateFormat(accept), prom::AcceptsGzip(accept_encoding), cache_,
      own_families_(now), now)));
}

}  // namespace fluxgate
