#include "base/limits.hpp"

#include <array>

namespace usher::base {
namespace {

constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30;
/// So that no length that a peer can make, escaped and compressed, comes near 32 bits.
constexpr std::uint64_t message_bytes_max = std::uint64_t{64} << 20;
constexpr std::uint64_t many = 100'000'000;

constexpr std::array rows = {
    LimitRow{"message_bytes", &Limits::message_bytes, 1, message_bytes_max, "bytes",
             "A WebSocket message or an HTTP body that is published, as received; inflated if it was compressed.",
             "Close 1009 (1004 to drafts 7 and 8), HTTP 413 `body_too_large`"},
    LimitRow{"fragments_per_message", &Limits::fragments_per_message, 1, many, "frames",
             "Frames of one fragmented message, empty ones included.", "Close 1009"},
    LimitRow{"channels_per_session", &Limits::channels_per_session, 1, many, "channels",
             "Channels that one session may follow at once.", "the subscription is refused"},
    LimitRow{"channels", &Limits::channels, 1, many, "channels",
             "Channels that a worker follows; and as many that it is home to and nobody follows.",
             "HTTP 503 `too_many_channels`; of those that nobody follows the one unused for longest is forgotten"},
    LimitRow{"channel_log_bytes", &Limits::channel_log_bytes, 4096, gibibyte, "bytes",
             "Publications of one channel that are kept for subscribers that are behind.",
             "the channel's `on_slow`: a gap, the latest, or Close 4409"},
    LimitRow{"connections", &Limits::connections, 0, many, "connections",
             "Open connections of the node. 0: nine tenths of RLIMIT_NOFILE.", "HTTP 503 `too_many_connections`"},
    LimitRow{"connections_per_address", &Limits::connections_per_address, 1, many, "connections",
             "Open connections of one address (of one /64 in IPv6).", "HTTP 429 `too_many_from_address`"},
    LimitRow{"request_line_bytes", &Limits::request_line_bytes, 64, gibibyte, "bytes",
             "The request line of an HTTP request.", "HTTP 414 `uri_too_long`"},
    LimitRow{"header_bytes", &Limits::header_bytes, 256, gibibyte, "bytes",
             "All header lines of an HTTP request together.", "HTTP 431 `header_too_large`"},
    LimitRow{"headers", &Limits::headers, 8, many, "lines", "Header lines of an HTTP request.",
             "HTTP 431 `header_too_large`"},
    LimitRow{"ticket_body_bytes", &Limits::ticket_body_bytes, 64, gibibyte, "bytes",
             "The body of `POST /tickets` and `POST /api/tickets`.", "HTTP 413 `body_too_large`"},
    LimitRow{"api_body_bytes", &Limits::api_body_bytes, 64, gibibyte, "bytes", "The body of any other `/api/` request.",
             "HTTP 413 `body_too_large`"},
    LimitRow{"password_checks", &Limits::password_checks, 1, 100000, "checks",
             "Password checks that wait or run, in all.", "HTTP 503 `busy` with `Retry-After`"},
    LimitRow{"password_checks_per_address", &Limits::password_checks_per_address, 1, 100000, "checks",
             "Password checks that wait or run for one address (one /64 in IPv6).",
             "HTTP 503 `busy` with `Retry-After`"},
    LimitRow{
        "mailbox_messages", &Limits::mailbox_messages, 64, 1 << 24, "messages",
        "What one worker may leave unread of what the others sent it.",
        "nothing is lost: the sender keeps its messages, and sockets that publish are not read until there is room"},
    LimitRow{"unsent_bytes", &Limits::unsent_bytes, 1024, gibibyte, "bytes",
             "Bytes per connection that the kernel takes before they can be sent (TCP_NOTSENT_LOWAT).",
             "the session counts as behind and keeps its place in the log"},
    LimitRow{"request_head_timeout", &Limits::request_head_timeout, 1, 3600, "seconds",
             "From the first byte (or the accept) to the end of the request head.", "HTTP 408 `request_timeout`"},
    LimitRow{"request_body_timeout", &Limits::request_body_timeout, 1, 3600, "seconds",
             "From the end of the head to the end of the body.", "HTTP 408 `request_timeout`"},
    LimitRow{"keep_alive_timeout", &Limits::keep_alive_timeout, 1, 86400, "seconds",
             "How long an HTTP connection may be idle between requests.", "it is closed"},
    LimitRow{"close_timeout", &Limits::close_timeout, 1, 3600, "seconds",
             "How long the other side may take to finish the closing handshake.", "the connection is reset"},
    LimitRow{"publish_wait", &Limits::publish_wait, 1, 3600, "seconds",
             "How long an HTTP publish waits for room at the channel's home.", "HTTP 503 `broker_unavailable`"},
};

}  // namespace

std::span<const LimitRow> limit_rows() { return rows; }

}  // namespace usher::base
