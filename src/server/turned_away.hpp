#pragma once

#include <cstddef>
#include <list>
#include <string_view>

#include "io/loop.hpp"
#include "io/stream.hpp"

namespace usher::server {

/// Connections beyond a limit, on their way out. Each is told why and then has a moment to read it: a close at once
/// would answer the request, which nobody reads, with a reset that destroys what was said. Bounded; who comes beyond
/// that gets the reset.
class TurnedAway {
 public:
  static constexpr std::size_t lingering_max = 256;
  static constexpr base::Duration linger = std::chrono::seconds(1);

  explicit TurnedAway(io::Loop& loop) : loop_(loop) {}

  void say(io::Descriptor socket, std::string_view answer);

 private:
  class Guest final : public io::StreamHandler {
   public:
    explicit Guest(TurnedAway& its_owner) : stream(*this), owner(its_owner) {}
    void on_bytes(std::span<char>) override {}
    void on_closed(io::StreamEnd) override { owner.guests_.erase(place); }

    io::Stream stream;
    TurnedAway& owner;
    std::list<Guest>::iterator place;
  };

  io::Loop& loop_;
  std::list<Guest> guests_;
};

}  // namespace usher::server
