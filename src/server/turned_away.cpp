#include "server/turned_away.hpp"

#include <utility>

namespace usher::server {

void TurnedAway::say(io::Descriptor socket, std::string_view answer) {
  if (guests_.size() >= lingering_max) return;
  Guest& guest = guests_.emplace_front(*this);
  guest.place = guests_.begin();
  if (!guest.stream.open(loop_, std::move(socket)).ok()) {
    guests_.pop_front();
    return;
  }
  guest.stream.write_copy(answer);
  guest.stream.finish(linger);
}

}  // namespace usher::server
