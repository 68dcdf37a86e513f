#pragma once

#include <deque>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "channel/publication.hpp"
#include "server/session.hpp"

namespace usher::server {

/// A client that publishes and does not read is not read further once so much waits to tell it.
inline constexpr std::size_t due_bytes_max = 16384;

/// What most sessions never have, kept apart so that an idle one is small.
struct Session::Busy {
  /// A publication that found no room.
  struct Held {
    channel::PublicationDraft draft;
    std::optional<std::uint64_t> id;
  };
  /// An ack or an error, which comes behind the publication that it speaks of.
  struct Due {
    std::string frame;
    std::uint64_t after_offset = 0;  ///< 0: behind all that the log has
  };

  std::optional<Held> held;
  std::string unread;  ///< came in behind what is held
  std::deque<Due> due;
  std::size_t due_bytes = 0;
  std::string close_detail;
  base::Instant close_deadline = base::Instant::never();  ///< while a Close waits to be sent, then to be answered
};

}  // namespace usher::server
