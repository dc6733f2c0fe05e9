#include "bridge/ingest/rejection_log.h"

#include <utility>

namespace fluxgate {
namespace {

bool ContinuesUtf8(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Cuts `text` to the size limit, not within a UTF-8 sequence (which has at most three continuation
// bytes).
void Shorten(std::string* text) {
  if (text->size() <= RejectionLog::kTextSizeMax) {
    return;
  }
  size_t end = RejectionLog::kTextSizeMax;
  while (end > RejectionLog::kTextSizeMax - 3 && ContinuesUtf8((*text)[end])) {
    --end;
  }
  text->resize(end);
  text->shrink_to_fit();
}

}  // namespace

void RejectionLog::Add(std::string_view reason, Rejection rejection) {
  for (std::string* text :
       {&rejection.peer, &rejection.database, &rejection.text, &rejection.detail}) {
    Shorten(text);
  }
  MutexLock lock(&mutex_);
  std::deque<Rejection>& rejections = by_reason_[reason];
  rejections.push_front(std::move(rejection));
  if (rejections.size() > kPerReason) {
    rejections.pop_back();
  }
}

std::vector<std::pair<std::string_view, std::vector<Rejection>>> RejectionLog::Snapshot() const {
  std::vector<std::pair<std::string_view, std::vector<Rejection>>> snapshot;
  MutexLock lock(&mutex_);
  snapshot.reserve(by_reason_.size());
  for (const auto& [reason, rejections] : by_reason_) {
    snapshot.emplace_back(reason, std::vector<Rejection>(rejections.begin(), rejections.end()));
  }
  return snapshot;
}

}  // namespace fluxgate
