#include "bridge/upload/file_reader.h"

#include "bridge/base/check.h"

#include <algorithm>
#include <utility>

namespace fluxgate {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr size_t kFirstSize = size_t{1} << 10;  // a form may hold many small files
constexpr size_t kSliceSize = size_t{64} << 10;
constexpr size_t kInflatedSize = size_t{32} << 10;
constexpr size_t kTurnSize = size_t{256} << 10;
// Of each line, beside its bytes: short ones take as much work as others.
constexpr size_t kLineCost = 64;
// What is made of a text, such as a row's names, may be so many times as long.
constexpr uint64_t kMadePerByte = 16;

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
  if (failed_) {
    return absl::OkStatus();  // was told
  }
  if (magic_known_) {
    magic_ = {};
  } else {
    magic_.insert(magic_.end(), bytes.begin(), bytes.end());
    if (magic_.size() < kGzipMagic.size()) {
      return absl::OkStatus();
    }
    magic_known_ = true;
    bytes = {magic_.data(), magic_.size()};
    if (bytes.starts_with(kGzipMagic)) {
      decoder_.emplace(ContentCoding::kGzip, inflated_size_max_);
    }
  }
  if (decoder_) {
    decoder_->SetInput(bytes, false);
    is_inflating_ = true;
  } else {
    unread_ = bytes;
  }
  return Continue();
}

absl::Status FileReader::Continue() {
  turn_size_ = 0;
  return Go();
}

// Goes on to the end of the turn, with what lies innermost first.
absl::Status FileReader::Go() {
  absl::Status status;
  has_more_ = true;
  while (has_more_ && turn_size_ < kTurnSize) {
    if (is_reading_) {
      status.Update(ReadPoints());
    } else if (!unread_.empty()) {
      TakeText();
    } else if (is_inflating_) {
      status.Update(Inflate());
    } else {
      has_more_ = TakeStep();
    }
  }
  return status;
}

absl::Status FileReader::End(bool whole) {
  CHECK(!whole || !has_more_);
  if (!magic_known_) {
    magic_known_ = true;
    unread_ = {magic_.data(), magic_.size()};
  }
  step_ = std::max(step_, Step::kInflateRest);
  turn_size_ = 0;
  if (whole) {
    return Go();
  }
  whole_ = false;
  is_inflating_ = false;
  absl::Status status = Go();
  for (int turn = 1; has_more_ && turn < kLastTurns; ++turn) {
    status.Update(Continue());
  }
  PassOver();
  return status;
}

bool FileReader::TakeStep() {
  switch (step_) {
    case Step::kOpen:
    case Step::kEnded:
      return false;
    case Step::kInflateRest:
      step_ = Step::kReadRest;
      if (decoder_ && whole_ && !failed_) {
        decoder_->SetInput({}, true);
        is_inflating_ = true;
      }
      return true;
    case Step::kReadRest: {
      const bool is_whole = whole_ && !failed_;
      step_ = is_whole ? Step::kEnded : Step::kCutOff;
      BeginReading(is_whole);
      return true;
    }
    case Step::kCutOff:
      step_ = Step::kEnded;
      BeginReading(false);
      if (source_ != nullptr) {
        source_->EndEarly();
      }
      return true;
  }
  return false;
}

// One piece.
absl::Status FileReader::Inflate() {
  inflated_.resize(kInflatedSize);
  size_t written = 0;
  switch (decoder_->Decode(inflated_, &written)) {
    case BodyDecoder::Result::kOutput:
      unread_ = {inflated_.data(), written};
      return absl::OkStatus();
    case BodyDecoder::Result::kNeedInput:
    case BodyDecoder::Result::kEnd:
      is_inflating_ = false;
      return absl::OkStatus();
    case BodyDecoder::Result::kCorrupt:
      return Fail(absl::InvalidArgumentError("gzip: invalid or truncated stream"));
    case BodyDecoder::Result::kTooLarge:
      break;
  }
  return Fail(absl::ResourceExhaustedError("the file is too large when decompressed"));
}

absl::Status FileReader::Fail(const absl::Status& status) {
  failed_ = true;
  is_inflating_ = false;
  return status;
}

void FileReader::PassOver() {
  unread_ = {};
  is_inflating_ = false;
  is_reading_ = false;
  text_size_ = 0;
  step_ = Step::kEnded;
  has_more_ = false;
}

void FileReader::TakeText() {
  if (std::exchange(has_long_line_, false)) {
    // In one step: while it grows it is in memory twice.
    text_.resize(std::max(text_size_, options_.max_line_size) + kSliceSize);
  } else if (text_size_ == text_.size()) {
    text_.resize(std::min(std::max({2 * text_size_, unread_.size(), kFirstSize}), kSliceSize));
  }
  const size_t size = std::min(unread_.size(), text_.size() - text_size_);
  std::copy_n(unread_.begin(), size, text_.begin() + static_cast<ptrdiff_t>(text_size_));
  text_size_ += size;
  text_total_ += size;
  turn_size_ += size;
  unread_.remove_prefix(size);
  if (text_size_ == text_.size() && text_size_ >= kSliceSize) {
    BeginReading(false);
  }
}

void FileReader::FindFormat() {
  const std::string_view head(text_.data(), std::min(text_size_, kFormatHeadSize));
  format_ = DetectFormat(head, rules_);
  if (format_ != UploadFormat::kEmpty) {
    source_ = MakePointSource(format_, rules_, options_);
  }
}

void FileReader::BeginReading(bool last) {
  if (source_ == nullptr) {
    FindFormat();
  }
  if (source_ != nullptr) {  // else there is no text
    source_->SetInput({text_.data(), text_size_}, last);
    is_reading_ = true;
  }
}

void FileReader::EndReading() {
  const size_t consumed = source_->consumed();
  std::copy(text_.begin() + static_cast<ptrdiff_t>(consumed),
            text_.begin() + static_cast<ptrdiff_t>(text_size_), text_.begin());
  text_size_ -= consumed;
  has_long_line_ = text_size_ > text_.size() / 2;
  is_reading_ = false;
}

absl::Status FileReader::ReadPoints() {
  while (turn_size_ < kTurnSize) {
    const uint64_t made_before = source_->made_size();
    const PointSource::Result result = source_->Next();
    turn_size_ += kLineCost + (source_->made_size() - made_before);
    switch (result) {
      case PointSource::Result::kPoint:
        sink_->TakePoint(source_->point(), *source_);
        break;
      case PointSource::Result::kError:
        sink_->TakeError(source_->error());
        break;
      case PointSource::Result::kNothing:
        break;
      case PointSource::Result::kNeedMore:
      case PointSource::Result::kEnd:
        EndReading();
        return absl::OkStatus();
    }
    if (MadeBeyond() > 0 && inflated_size() > inflated_size_max_) {
      PassOver();
      return Fail(absl::ResourceExhaustedError("the rows of the file repeat too much"));
    }
  }
  return absl::OkStatus();
}

// What was made beyond what a text may become.
uint64_t FileReader::MadeBeyond() const {
  const uint64_t made = source_ != nullptr ? source_->made_size() : 0;
  return made - std::min(made, kMadePerByte * text_total_);
}

uint64_t FileReader::inflated_size() const {
  return (decoder_ ? decoder_->output_size() : 0) + MadeBeyond();
}

}  // namespace fluxgate
