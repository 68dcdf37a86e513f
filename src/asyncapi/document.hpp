#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::asyncapi {

/// A message of a channel, as its configuration declares it.
struct MessageDescription {
  std::string name;
  std::string summary;
  std::string schema;   ///< JSON text of a draft-07 schema; empty: any value
  std::string example;  ///< JSON text; empty: none
};

/// One channel pattern.
struct ChannelDescription {
  std::string pattern;  ///< `room.{room}`, `echo.*`
  std::string summary;
  std::vector<std::string> paths;      ///< where it is opened: `/channels/room.{room}`, and the routes'
  std::vector<std::string> protocols;  ///< its own subprotocols, beside the two dialects
  bool may_publish = true;             ///< whether anyone at all may publish by WebSocket
  bool has_history = false;
  std::string allow_subscribe;  ///< the word of the configuration
  std::string allow_publish;
  std::string allow_history;
  std::string on_slow;
  std::vector<std::string> connect_with;  ///< "ticket", "basic", "anonymous" …
  std::vector<MessageDescription> messages;
};

/// How a session can end, from the one table of the code.
struct CloseCodeDescription {
  std::uint16_t code = 0;
  std::string name;
  std::string meaning;
  std::string come_back;
};

/// All that the document tells. What the reader may not see is left out by who fills this.
struct Description {
  std::string version;                 ///< of usher
  std::string scheme;                  ///< "ws" or "wss"
  std::string host;                    ///< with its port; never taken from a request
  std::vector<std::string> issue_to;   ///< who may ask for a ticket: "basic", "anonymous" …
  std::vector<std::string> accept_in;  ///< where a ticket may stand: "protocol", "header", "cookie", "query"
  std::int64_t ticket_ttl_seconds = 30;
  std::uint64_t message_bytes_max = 65536;
  std::int64_t ping_seconds = 25;
  bool compression = false;
  std::vector<ChannelDescription> channels;
  std::vector<CloseCodeDescription> close_codes;
};

/// The AsyncAPI 3.1.0 document, as JSON. The same description gives the same bytes.
std::string document(const Description& description);

/// The page that tells the same to people: one HTML file that loads nothing but `/docs/style.css`-like parts of its own
/// (see `page_style`). Everything that comes from the description is escaped.
std::string page(const Description& description);

/// The page's style sheet, served beside it.
std::string_view page_style();

}  // namespace usher::asyncapi
