#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/admission.hpp"
#include "server/http_connection.hpp"
#include "server/session.hpp"
#include "websocket/handshake.hpp"

namespace usher::server {

/// One opening handshake, from the request to the 101 or the refusal. Its steps stand in the order that users are
/// promised: well-formed, route, version and key, drain and limits, Origin, one credential, its form, redemption, what
/// the ticket is bound to, the channel's right, the subscription. Nothing before the redemption spends a ticket,
/// everything after has spent it.
class Opening {
 public:
  Opening(Connection& connection, HttpConnection& http, Request& request);

  /// Runs the steps up to the first that has to wait. The connection is answered, or will be.
  void start();

 private:
  void check_request();
  void check_query();
  void check_version();
  void check_origin();
  void choose_protocol();
  void check_credential();
  void on_admitted(base::Result<Admitted, AdmissionFailure> result);
  void check_rights();
  void subscribe();
  bool on_followed(channel::ChannelId channel, const broker::Subscribed& subscribed);
  void accept(const broker::Subscribed* subscribed, channel::ChannelId channel);
  void accept_and_close(base::CloseReason reason);

  void refuse(Refusal refusal, std::string_view detail = {});
  void refuse(const AdmissionFailure& failure);
  void refuse_handshake(websocket::HandshakeError error);
  bool done() const { return done_; }
  const ChannelPolicy& policy() const { return *request_.route.target->policy; }
  Worker& worker() const;

  Connection& connection_;
  HttpConnection& http_;
  Request& request_;
  websocket::UpgradeRequest upgrade_;
  websocket::Offer offer_;
  websocket::Opening opening_;
  broker::Start start_;
  std::string protocol_;  ///< the answered subprotocol; empty: none
  SessionDialect dialect_ = SessionDialect::raw;
  std::optional<Admitted> admitted_;
  bool done_ = false;  ///< refused or accepted
};

}  // namespace usher::server
