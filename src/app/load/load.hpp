#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "app/api_client.hpp"
#include "app/load/latency.hpp"
#include "app/url.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "io/address.hpp"

namespace usher::app {

/// What to put on a server.
struct LoadOptions {
  Url url;  ///< `{n}` in the target stands for the number of the socket
  io::Address address;
  std::optional<ApiAccess> api;  ///< each socket shows a ticket from there; without it the sockets are anonymous
  std::string protocol;          ///< the subprotocol to offer; empty for none
  std::size_t sockets = 1;
  std::size_t payload_bytes = 64;
  std::size_t depth = 1;  ///< messages that may be without an answer: of a socket (echo), of the publisher (fan-out)
  double rate = 0;        ///< messages a second in all; 0: as many as the server answers
  bool publish_by_api = false;
  base::Duration warm_up{};  ///< not counted
  base::Duration span{};     ///< counted
  std::string server_pid;    ///< whose processor time is to be told; empty for none
};

/// What came of it.
struct LoadReport {
  std::uint64_t sent = 0;      ///< messages, publications or tickets
  std::uint64_t received = 0;  ///< echoes, deliveries or sockets that opened
  std::uint64_t received_bytes = 0;
  base::Duration span{};
  base::Duration opening{};  ///< until all sockets were open
  LatencyHistogram latency;
  std::optional<base::Duration> server_time;  ///< on a processor, during the span
};

/// The protocol of the dialect json, in which a socket is told hello before anything else.
constexpr const char* json_protocol = "usher.json.v1";

/// Each socket sends messages and gets them back: the server has a channel of its own for each. Without a rate a socket
/// sends `depth` messages at once, and the next when all are back.
base::Result<LoadReport> run_echo(const LoadOptions& options);

/// All sockets are on one channel. The first, or the API, publishes; without a rate `depth` messages at once, and the
/// next when all sockets have all of them.
base::Result<LoadReport> run_fanout(const LoadOptions& options);

/// So many times at once: a ticket is minted, opens a socket and the socket is closed. The latency is from asking for
/// the ticket to the open socket; closing is not in it.
base::Result<LoadReport> run_tickets(const LoadOptions& options);

}  // namespace usher::app
