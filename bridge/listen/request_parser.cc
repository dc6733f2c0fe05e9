#include "bridge/listen/request_parser.h"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>

namespace fluxgate {
namespace {

namespace beast = boost::beast;
namespace http = boost::beast::http;

std::string_view View(beast::string_view text) {
  return {text.data(), text.size()};
}

void JoinList(std::string_view value, std::string* list) {
  if (!list->empty()) {
    list->append(", ");
  }
  list->append(value);
}

void KeepFirst(std::string_view value, std::string* kept) {
  if (kept->empty()) {
    kept->assign(value);
  }
}

// Beast's parser, which checks the syntax, with a sink that keeps only what RequestHead has:
// Beast's own message would allocate once per header line.
class HeadParser final : public http::basic_parser<true> {
 public:
  HeadParser(size_t head_size_max, RequestHead* head) : head_(head) {
    header_limit(static_cast<uint32_t>(head_size_max));
    body_limit(boost::none);
  }

  void SetOutput(std::span<char> out) {
    out_ = out;
    written_ = 0;
  }
  size_t written() const { return written_; }
  bool output_is_full() const { return written_ == out_.size(); }

  // What is wrong with a head that Beast lets pass, when all of it is there; empty: nothing.
  std::string_view Fault() const {
    if (host_count_ > 1) {
      return "several Host headers";
    }
    // Where such a body ends, those on its way may see in different places.
    return head_->http_1_0 && has_transfer_coding_ ? "Transfer-Encoding in HTTP/1.0" : "";
  }

 private:
  void on_request_impl(http::verb /*method*/, beast::string_view method, beast::string_view target,
                       int version, beast::error_code& /*error*/) override {
    head_->method = ParseMethod(View(method));
    head_->http_1_0 = version < 11;
    SplitTarget(View(target), &head_->path, &head_->query);
  }

  void on_response_impl(int /*status*/, beast::string_view /*reason*/, int /*version*/,
                        beast::error_code& /*error*/) override {}

  void on_field_impl(http::field name, beast::string_view name_text, beast::string_view value,
                     beast::error_code& /*error*/) override {
    if (!in_head_) {
      return;  // a trailer
    }
    switch (name) {
      case http::field::accept:
        return JoinList(View(value), &head_->accept);
      case http::field::accept_encoding:
        return JoinList(View(value), &head_->accept_encoding);
      case http::field::content_encoding:
        return JoinList(View(value), &head_->content_encoding);
      case http::field::content_type:
        return KeepFirst(View(value), &head_->content_type);
      case http::field::expect:
        return TakeExpectation(value);
      case http::field::host:
        ++host_count_;
        return;
      case http::field::origin:
        return KeepFirst(View(value), &head_->origin);
      case http::field::transfer_encoding:
        has_transfer_coding_ = true;
        head_->unknown_transfer_coding |= !beast::iequals(value, "chunked");
        return;
      case http::field::unknown:
        return TakeUnnamed(name_text, value);
      default:
        return;
    }
  }

  // The header lines that Beast has no number for.
  void TakeUnnamed(beast::string_view name, beast::string_view value) {
    if (beast::iequals(name, "x-request-id")) {
      KeepFirst(View(value), &head_->x_request_id);
    } else if (beast::iequals(name, "request-id")) {
      KeepFirst(View(value), &head_->request_id);
    }
  }

  void TakeExpectation(beast::string_view value) {
    if (beast::iequals(value, "100-continue")) {
      head_->expects_continue = true;
    } else {
      head_->unknown_expectation = true;
    }
  }

  void on_header_impl(beast::error_code& /*error*/) override { in_head_ = false; }

  void on_body_init_impl(boost::optional<std::uint64_t> const& /*length*/,
                         beast::error_code& /*error*/) override {}

  std::size_t on_body_impl(beast::string_view /*body*/, beast::error_code& /*error*/) override {
    return 0;
  }

  void on_chunk_header_impl(std::uint64_t /*size*/, beast::string_view /*extensions*/,
                            beast::error_code& /*error*/) override {}

  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, beast::string_view body,
                                 beast::error_code& /*error*/) override {
    const size_t size = std::min(body.size(), out_.size() - written_);
    std::memcpy(out_.data() + written_, body.data(), size);
    written_ += size;
    return size;
  }

  void on_finish_impl(beast::error_code& /*error*/) override {}

  RequestHead* const head_;
  std::span<char> out_;
  size_t written_ = 0;
  bool in_head_ = true;
  bool has_transfer_coding_ = false;
  unsigned host_count_ = 0;
};

// What may be there of the end of a head, a line end and an empty line, without all of it.
constexpr size_t kLineEndsMax = 2;

// Whether the first line is that of a request and ends in LF alone.
bool EndsFirstLineBare(std::string_view head) {
  constexpr std::string_view kVersion = " HTTP/1.1";
  const size_t end = head.find('\n');
  return end != std::string_view::npos && end > kVersion.size() &&
         head.substr(end - kVersion.size()).starts_with(" HTTP/1.");
}

// The size of a head with its empty line, which does not begin before `searched`; npos when that is
// not there.
size_t BareHeadSize(std::string_view input, size_t searched) {
  for (size_t end = input.find('\n', searched); end != std::string_view::npos;
       end = input.find('\n', end + 1)) {
    const std::string_view behind = input.substr(end + 1);
    if (behind.starts_with('\n') || behind.starts_with("\r\n")) {
      return end + 1 + (behind.starts_with('\n') ? 1 : 2);
    }
  }
  return std::string_view::npos;
}

}  // namespace

class RequestParser::Impl {
 public:
  explicit Impl(size_t head_size_max) : head_size_max_(head_size_max) { Begin(); }

  void Begin() {
    head_.Clear();
    head_size_ = 0;
    searched_ = 0;
    reason_.clear();
    parser_.emplace(head_size_max_, &head_);
  }

  Result ParseHead(std::string_view input, Progress* progress);
  Result ParseChunked(std::string_view input, std::span<char> out, Progress* progress);
  bool has_begun() const { return head_size_ > 0; }
  const RequestHead& head() const { return head_; }
  std::string_view reason() const { return reason_; }

 private:
  // Shows the parser the rest of the input; false when it wants more or has failed.
  bool Put(std::string_view input, Progress* progress, beast::error_code* error);
  Result Outcome(const beast::error_code& error);
  Result ParseBareHead(std::string_view input, Progress* progress);
  Result FinishHead();

  const size_t head_size_max_;
  size_t head_size_ = 0;
  size_t searched_ = 0;  // of a head with bare line ends: no end is in front of this
  RequestHead head_;
  std::string reason_;
  std::optional<HeadParser> parser_;
};

bool RequestParser::Impl::Put(std::string_view input, Progress* progress,
                              beast::error_code* error) {
  const std::string_view rest = input.substr(progress->consumed);
  const size_t consumed = parser_->put(boost::asio::const_buffer(rest.data(), rest.size()), *error);
  progress->consumed += consumed;
  return !*error;
}

RequestParser::Result RequestParser::Impl::Outcome(const beast::error_code& error) {
  if (error == http::error::need_more) {
    return Result::kNeedInput;
  }
  if (error == http::error::header_limit) {
    return Result::kTooLarge;
  }
  reason_ = error.message();
  return error == http::error::bad_version ? Result::kBadVersion : Result::kMalformed;
}

RequestParser::Result RequestParser::Impl::ParseHead(std::string_view input, Progress* progress) {
  if (head_size_ == 0) {
    const size_t begin = input.find_first_not_of("\r\n");
    progress->consumed = std::min(begin, input.size());
    const std::string_view head = input.substr(progress->consumed);
    if (EndsFirstLineBare(head)) {
      return ParseBareHead(head, progress);
    }
  }
  beast::error_code error;
  const size_t before = progress->consumed;
  const bool done = Put(input, progress, &error) && parser_->is_header_done();
  head_size_ += progress->consumed - before;
  // Beast's limit holds for the part of the head that it has not taken yet.
  const size_t pending = done ? 0 : input.size() - progress->consumed;
  if (head_size_ + pending > head_size_max_) {
    return Result::kTooLarge;
  }
  return done ? FinishHead() : Outcome(error);
}

// Shows Beast, which knows CRLF only, a copy with such line ends.
RequestParser::Result RequestParser::Impl::ParseBareHead(std::string_view input,
                                                         Progress* progress) {
  const size_t size = BareHeadSize(input, searched_);
  if (std::min(size, input.size()) > head_size_max_) {
    return Result::kTooLarge;
  }
  if (size > input.size()) {
    searched_ = input.size() - std::min(input.size(), kLineEndsMax);
    return Result::kNeedInput;
  }
  std::string head;
  for (const char byte : input.substr(0, size)) {
    if (byte == '\n' && !head.ends_with('\r')) {
      head.push_back('\r');
    }
    head.push_back(byte);
  }
  progress->consumed += size;
  head_size_ = size;
  Progress all;
  beast::error_code error;
  if (Put(head, &all, &error) && parser_->is_header_done()) {
    return FinishHead();
  }
  const Result result = Outcome(error);
  return result == Result::kNeedInput ? Result::kMalformed : result;
}

RequestParser::Result RequestParser::Impl::FinishHead() {
  head_.keep_alive = parser_->keep_alive();
  head_.chunked = parser_->chunked();
  if (const auto length = parser_->content_length()) {
    head_.content_length = *length;
  }
  reason_ = parser_->Fault();
  return reason_.empty() ? Result::kDone : Result::kMalformed;
}

RequestParser::Result RequestParser::Impl::ParseChunked(std::string_view input, std::span<char> out,
                                                        Progress* progress) {
  parser_->SetOutput(out);
  beast::error_code error;
  while (!parser_->is_done()) {
    const size_t before = progress->consumed;
    const bool more = Put(input, progress, &error);
    progress->written = parser_->written();
    if (!more) {
      return Outcome(error);
    }
    if (parser_->output_is_full() || progress->consumed == before) {
      return parser_->is_done() ? Result::kDone : Result::kNeedInput;
    }
  }
  return Result::kDone;
}

RequestParser::RequestParser(size_t head_size_max) : impl_(std::make_unique<Impl>(head_size_max)) {}
RequestParser::~RequestParser() = default;

void RequestParser::Begin() {
  impl_->Begin();
}

RequestParser::Result RequestParser::ParseHead(std::string_view input, Progress* progress) {
  return impl_->ParseHead(input, progress);
}

RequestParser::Result RequestParser::ParseChunked(std::string_view input, std::span<char> out,
                                                  Progress* progress) {
  return impl_->ParseChunked(input, out, progress);
}

bool RequestParser::has_begun() const {
  return impl_->has_begun();
}

const RequestHead& RequestParser::head() const {
  return impl_->head();
}
std::string_view RequestParser::reason() const {
  return impl_->reason();
}

}  // namespace fluxgate
