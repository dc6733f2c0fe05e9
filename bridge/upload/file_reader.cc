#include "bridge/upload/file_reader.h"

#include "bridge/base/check.h"

#include <algorithm>

namespace fluxgate {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr size_t kFirstSize = size_t{1} << 10;  // a form may hold many small files
constexpr size_t kSliceSize = size_t{64} << 10;
constexpr size_t kInflatedSize = size_t{32} << 10;
// Inflated at a time.
constexpr size_t kTurnSize = size_t{256} << 10;

}  // namespace

FileReader::FileReader(const ReportRules* rules, const influx::ReaderOptions& options,
                       uint64_t inflated_size_max, PointSink* sink)
    : rules_(rules), options_(options), inflated_size_max_(inflated_size_max), sink_(sink) {}

void FileReader::SetDefaultTime(int64_t default_time_ns) {
  options_.default_time_ns = default_time_ns;
  if (source_ != nullptr) {
    source_->SetDefaultTime(default_time_ns);
  }
}

absl::Status FileReader::Write(std::string_view bytes) {
  CHECK(!has_more_);
  if (magic_known_) {
    magic_ = {};
    return WriteCoded(bytes);
  }
  magic_.insert(magic_.end(), bytes.begin(), bytes.end());
  if (magic_.size() < kGzipMagic.size()) {
    return absl::OkStatus();
  }
  magic_known_ = true;
  if (std::string_view(magic_.data(), kGzipMagic.size()) == kGzipMagic) {
    decoder_.emplace(ContentCoding::kGzip, inflated_size_max_);
  }
  return WriteCoded({magic_.data(), magic_.size()});
}

absl::Status FileReader::WriteCoded(std::string_view bytes) {
  if (failed_) {
    return absl::OkStatus();  // was told
  }
  if (decoder_) {
    decoder_->SetInput(bytes, false);
    return Inflate();
  }
  WriteText(bytes);
  return absl::OkStatus();
}

// Inflates for one turn.
absl::Status FileReader::Inflate() {
  has_more_ = false;
  inflated_.resize(kInflatedSize);
  size_t inflated = 0;
  while (inflated < kTurnSize) {
    size_t written = 0;
    switch (decoder_->Decode(inflated_, &written)) {
      case BodyDecoder::Result::kOutput:
        WriteText({inflated_.data(), written});
        inflated += written;
        break;
      case BodyDecoder::Result::kNeedInput:
      case BodyDecoder::Result::kEnd:
        return absl::OkStatus();
      case BodyDecoder::Result::kCorrupt:
        failed_ = true;
        return absl::InvalidArgumentError("gzip: invalid or truncated stream");
      case BodyDecoder::Result::kTooLarge:
        failed_ = true;
        return absl::ResourceExhaustedError("the file is too large when decompressed");
    }
  }
  has_more_ = true;
  return absl::OkStatus();
}

absl::Status FileReader::End(bool whole) {
  if (!magic_known_) {
    WriteText({magic_.data(), magic_.size()});
  }
  absl::Status status;
  if (decoder_ && whole && !failed_) {
    CHECK(!has_more_);
    decoder_->SetInput({}, true);
    do {
      status = Inflate();
    } while (has_more_);
  }
  const bool is_whole = whole && status.ok() && !failed_;
  ReadText(is_whole);
  if (!is_whole && source_ != nullptr) {
    source_->EndEarly();
    TakePoints();
  }
  return status;
}

void FileReader::WriteText(std::string_view bytes) {
  while (!bytes.empty()) {
    if (text_size_ == text_.size()) {
      text_.resize(std::min(std::max({2 * text_size_, bytes.size(), kFirstSize}), kSliceSize));
    }
    const size_t size = std::min(bytes.size(), text_.size() - text_size_);
    std::copy_n(bytes.begin(), size, text_.begin() + static_cast<ptrdiff_t>(text_size_));
    text_size_ += size;
    bytes.remove_prefix(size);
    if (text_size_ == text_.size() && text_size_ >= kSliceSize) {
      ReadText(false);
      if (text_size_ > text_.size() / 2) {
        // In one step: while it grows it is in memory twice.
        text_.resize(std::max(text_size_, options_.max_line_size) + kSliceSize);
      }
    }
  }
}

void FileReader::FindFormat() {
  const std::string_view head(text_.data(), std::min(text_size_, kFormatHeadSize));
  format_ = DetectFormat(head, rules_);
  if (format_ != UploadFormat::kEmpty) {
    source_ = MakePointSource(format_, rules_, options_);
  }
}

void FileReader::ReadText(bool last) {
  if (source_ == nullptr) {
    FindFormat();
    if (source_ == nullptr) {
      return;  // there is no text
    }
  }
  source_->SetInput({text_.data(), text_size_}, last);
  TakePoints();
  const size_t consumed = source_->consumed();
  std::copy(text_.begin() + static_cast<ptrdiff_t>(consumed),
            text_.begin() + static_cast<ptrdiff_t>(text_size_), text_.begin());
  text_size_ -= consumed;
}

void FileReader::TakePoints() {
  for (;;) {
    switch (source_->Next()) {
      case PointSource::Result::kPoint:
        sink_->TakePoint(source_->point(), *source_);
        continue;
      case PointSource::Result::kError:
        sink_->TakeError(source_->error());
        continue;
      case PointSource::Result::kNeedMore:
      case PointSource::Result::kEnd:
        return;
    }
  }
}

}  // namespace fluxgate
