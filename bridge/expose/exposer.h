// Serves scrapes: negotiates, walks the families in name order, encodes, compresses, in chunks.
//
// A Scrape is pulled chunk by chunk and holds a shard of the cache only while it renders a few
// hundred samples of it. Families of our own come from a FamilySource and are merged in by name.
// Lifetime: an Exposer outlives its Scrapes; both use the cache of the Exposer's maker.
// Errors: none; a scrape always succeeds.
// Bounds: a Scrape holds about two chunks and the compressor's window, however many series there
// are.
// Thread: Exposer safe; Scrape compatible.
// Spec: Prometheus text format 0.0.4, OpenMetrics 1.0, RFC 1952.
#pragma once

#include "protocol/prometheus/metric_family.h"
#include "protocol/prometheus/negotiate.h"

#include "bridge/base/clock.h"
#include "bridge/cache/series_cache.h"
#include "bridge/expose/expose_options.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace fluxgate {

class Scrape {
 public:
  ~Scrape();
  Scrape(const Scrape&) = delete;
  Scrape& operator=(const Scrape&) = delete;

  std::string_view content_type() const;
  bool is_gzip() const;

  // Replaces `chunk` by the next bytes of the body; false when there are none left. Renders about
  // one chunk of text a call, so `chunk` may be empty while the compressor collects.
  bool Next(std::string* chunk);

  // Bytes handed out so far.
  uint64_t size() const;

 private:
  friend class Exposer;
  class Body;
  explicit Scrape(std::unique_ptr<Body> body);
  std::unique_ptr<Body> body_;
};

class Exposer {
 public:
  // Families sorted by name, names unique.
  using FamilySource = std::function<std::vector<prom::MetricFamily>(const Now&)>;

  // `cache` may be null: then only our own families are served.
  Exposer(const ExposeOptions& options, SeriesCache* cache, FamilySource own_families);

  // Header values as received, empty when absent.
  std::unique_ptr<Scrape> Begin(std::string_view accept, std::string_view accept_encoding,
                                const Now& now) const;

 private:
  const ExposeOptions options_;
  SeriesCache* const cache_;
  const FamilySource own_families_;
};

}  // namespace fluxgate
