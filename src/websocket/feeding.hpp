#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "websocket/connection.hpp"

namespace usher::websocket {

/// For tests and fuzz targets: all that a connection made of some bytes, in a form that can be compared and printed.
struct Outcome {
  std::vector<std::string> events;  ///< "text hello", "ping x", "close 1000 bye", "failed 1002 why"
  std::string output;
  Connection::State state = Connection::State::open;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline std::string to_line(const Event& event) {
  const std::string payload(event.payload);
  const std::string code = std::to_string(static_cast<int>(event.code));
  switch (event.kind) {
    case Event::Kind::none:
      return "none";
    case Event::Kind::message:
      return (event.opcode == Opcode::text ? "text " : "binary ") + payload;
    case Event::Kind::ping:
      return "ping " + payload;
    case Event::Kind::pong:
      return "pong " + payload;
    case Event::Kind::close:
      return "close " + code + " " + payload;
    case Event::Kind::failed:
      return "failed " + code + " " + payload;
  }
  return "";
}

/// Gives the bytes to the connection in a buffer of exactly their size, so that a sanitizer sees a step outside, and
/// adds what happened.
inline void feed(Connection& connection, std::string_view bytes, Outcome& outcome, base::Instant now = {}) {
  const auto buffer = std::make_unique<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), buffer.get());
  connection.receive({buffer.get(), bytes.size()}, now);
  for (Event event = connection.next_event(); event.kind != Event::Kind::none; event = connection.next_event()) {
    outcome.events.push_back(to_line(event));
  }
  outcome.output += connection.output();
  connection.consume_output(connection.output().size());
  outcome.state = connection.state();
}

/// Feeds pieces of the given size, the last one shorter.
inline Outcome feed_in_pieces(const ConnectionSettings& settings, ConnectionResources& resources,
                              std::string_view bytes, std::size_t piece_bytes) {
  Connection connection(settings, resources);
  Outcome outcome;
  for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
    feed(connection, bytes.substr(at, piece_bytes), outcome);
  }
  return outcome;
}

/// Feeds two pieces.
inline Outcome feed_split(const ConnectionSettings& settings, ConnectionResources& resources, std::string_view bytes,
                          std::size_t split) {
  Connection connection(settings, resources);
  Outcome outcome;
  feed(connection, bytes.substr(0, split), outcome);
  feed(connection, bytes.substr(split), outcome);
  return outcome;
}

inline Outcome feed_whole(const ConnectionSettings& settings, ConnectionResources& resources, std::string_view bytes) {
  return feed_split(settings, resources, bytes, bytes.size());
}

}  // namespace usher::websocket
