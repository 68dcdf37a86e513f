#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/request_parser.hpp"
#include "http/response.hpp"
#include "server/admission.hpp"
#include "server/refusal.hpp"
#include "server/route.hpp"

namespace usher::server {

class Connection;
class Opening;
class Worker;

/// Names one request of one connection for a late answer: it finds nothing when either is gone.
struct RequestHandle {
  base::Handle connection;
  std::uint32_t number = 0;
};

/// What a handler needs of a request besides its head. Valid until the request is answered.
struct Request {
  std::string id;  ///< the `Usher-Request-Id`
  Route route;     ///< `row` is null for a WebSocket to a path that does not exist
  http::Query query;
  std::optional<std::string> origin;  ///< normalised and allowed
  std::optional<Admitted> admitted;   ///< where a credential was shown and verified
  std::string body;
};

/// The HTTP side of a connection: reads requests one after the other, lets each through the same checks, hands it to
/// its handler and writes the answer. While a request waits for something (a ticket store, a password, the broker) the
/// connection is not read; what came in one piece with it is kept.
class HttpConnection {
 public:
  HttpConnection(Connection& connection, Surface surface);
  ~HttpConnection();

  void on_bytes(std::string_view bytes);
  /// The peer has ended its direction; what is under way is still answered.
  void on_end() { peer_ended_ = true; }
  /// Between two requests, or streaming without end: nobody waits for anything.
  bool idle_between_requests() const {
    return stage_ == Stage::streaming || (stage_ == Stage::reading && number_ > 0 && parser_.idle() && !held_back_);
  }
  /// No request is being answered.
  bool may_close() const { return stage_ != Stage::answering; }
  void on_deadline();
  /// What was written is gone, or another turn has come: reads on where it had stopped.
  void on_drained();
  /// The answer has no end.
  bool streaming() const { return stage_ == Stage::streaming; }
  bool peer_ended() const { return peer_ended_; }

  /// The request with this number waits for its answer.
  bool waits(std::uint32_t number) const { return number == number_ && stage_ == Stage::answering; }
  RequestHandle handle() const;
  const http::RequestHead& head() const { return parser_.head(); }
  const Request& request() const { return request_; }
  Surface surface() const { return surface_; }

  /// Answers the request. Adds its id, and CORS where the route has it.
  void answer(http::Response response);
  /// Answers with problem+json, counts and logs. `detail` replaces the row's.
  void refuse(Refusal refusal, std::string_view detail = {});
  void refuse(const AdmissionFailure& failure);
  /// What was wrong with the ticket, for the log line of the refusal that follows.
  void note_ticket(std::optional<auth::TicketRefusal> reason) { ticket_ = reason; }
  void count_refusal(Refusal refusal) const;
  /// Begins an answer without end; its pieces are the caller's to write.
  void answer_stream(http::Response head);

  /// What came behind the head of the request, when the connection becomes a session.
  std::string take_unread() { return std::move(unread_); }

 private:
  enum class Stage : std::uint8_t {
    reading,    ///< a head, or the body of a request that was let through
    answering,  ///< a credential is checked, a handler works, or an opening handshake is under way
    streaming,  ///< an answer without end
    over,       ///< the last answer is written, or the connection is a session
  };

  void consume(std::string_view bytes);
  void on_head();
  void check_request();
  void check_cross_origin();
  void answer_options();
  void admit();
  void on_admitted(base::Result<Admitted, AdmissionFailure> result);
  void read_body();
  bool is_websocket() const;
  bool host_allowed() const;
  void go_on();
  bool must_hold_back(std::uint32_t answered) const;
  void hold_back(std::string_view unread);
  void finish_headers(http::Response& response) const;
  bool takes_basic() const;
  void add_challenge(http::Response& response) const;
  void write(const http::Response& response, bool keep_alive);
  Worker& worker() const;
  const Settings& settings() const;

  Connection& connection_;
  http::RequestParser parser_;
  Request request_;
  std::string unread_;
  std::unique_ptr<Opening> opening_;
  std::optional<auth::TicketRefusal> ticket_;
  std::uint32_t number_ = 0;
  Surface surface_;
  Stage stage_ = Stage::reading;
  bool held_back_ = false;  ///< not read further until its answers are written, or the others had their turn
  bool consuming_ = false;  ///< inside consume(): an answer does not read on by itself
  bool peer_ended_ = false;
};

}  // namespace usher::server
