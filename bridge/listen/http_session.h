// One HTTP connection: reads requests, streams their bodies into an Exchange, writes replies.
//
// Holds the only coroutines that serve HTTP; they move bytes and decide nothing (http_service.h
// does).
// Lifetime: uses the service, renderer and list of its server, which outlive it.
// Errors: a connection that breaks ends; a request that is malformed is answered and its connection
// closed.
// Bounds: a read buffer of at most kHeadSizeMax, about as much unsent output, and what the Exchange
// holds.
// Thread: confined(io thread); Leave and Join take a session from one to another.
#pragma once

#include "bridge/listen/body_pace.h"
#include "bridge/listen/http_service.h"
#include "bridge/listen/receive_buffer.h"
#include "bridge/listen/reply_head.h"
#include "bridge/listen/request_parser.h"
#include "bridge/listen/request_turn.h"
#include "bridge/listen/session_list.h"
#include "bridge/listen/stream_socket.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace fluxgate {

// What the sessions of one io thread share.
struct SessionSurroundings {
  HttpService* service;
  ReplyRenderer* renderer;
  SessionList* list;   // null between two threads
  bool sends_scrapes;  // and nothing else
};

class HttpSession final : public WatchedSession {
 public:
  HttpSession(StreamSocket socket, const SessionSurroundings& surroundings);
  ~HttpSession() override;
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  // Serves the connection. True: to its end. False: up to where another thread goes on, the one
  // that sends scrapes before a scrape, any other after it: Leave, Join there, and Serve again.
  IoTask<bool> Serve();

  // Takes the session, which has nothing under way, off its thread; it goes on where `context`
  // runs, and must Join there first.
  void Leave(boost::asio::io_context* context);
  void Join(const SessionSurroundings& surroundings);

  // Answers 503 to a connection that is one too many, and ends it.
  IoTask<void> Refuse();

  void Close() override;
  bool is_idle() const override;

 private:
  enum class BodyState : uint8_t {
    kNone,    // there is none, or it has been read
    kLength,  // body_left_ bytes of it are to come
    kChunked,
    kMalformed,
    kTruncated,  // the connection ended in it
  };

  IoTask<bool> ReceiveHead();
  IoTask<void> ReceiveRequest();
  IoTask<void> SendReply();
  template <typename Request>
  IoTask<void> ReceiveInto(Request* request);
  template <typename Request>
  IoTask<void> ContinueRequest(Request* request, std::optional<Reply>* reply);
  IoTask<void> ReceiveForm();
  IoTask<void> SkipBody();
  IoTask<size_t> ReceiveBody(std::span<char> out);
  IoTask<size_t> ReceiveChunked(std::span<char> out);
  IoTask<void> SendScrape();
  IoTask<bool> SendChunk(std::string_view chunk);
  IoTask<bool> Yield();
  IoTask<void> Linger();

  IoTask<size_t> Receive(std::span<char> out);
  IoTask<bool> FillBuffer();
  IoTask<bool> Send(std::string_view behind);
  IoTask<bool> Flush() { return Send(std::string_view()); }

  void ShrinkOutput(size_t size);

  void BeginRequest();
  void RefuseHead(RequestParser::Result result);
  void RefuseBody();
  void AppendReply();
  void AnswerContinue();
  uint32_t now_seconds() const { return surroundings_.list->now_seconds(); }

  StreamSocket socket_;
  SessionSurroundings surroundings_;
  std::string peer_;
  RequestParser parser_;
  Exchange exchange_;

  ReceiveBuffer received_;
  std::string out_;  // rendered, not yet sent
  RequestTurn turn_;

  BodyState body_ = BodyState::kNone;
  uint64_t body_left_ = 0;
  BodyPace pace_;
  bool awaits_continue_ = false;
  bool open_ = true;     // another request may follow
  bool linger_ = false;  // the client may still be sending
  bool idle_ = true;
};

}  // namespace fluxgate
