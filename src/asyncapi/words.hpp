#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asyncapi/document.hpp"

namespace usher::asyncapi {

// What the configuration says in single words, as sentences for people. Text between backticks is code.

/// "Anyone may read; who is logged in may write and look back."
std::string rights_in_words(const ChannelDescription& channel);

/// "Opened with a ticket or Basic." Empty when nothing opens it.
std::string opened_with_in_words(const ChannelDescription& channel);

/// What happens to a session that reads too slowly, in both dialects.
std::string slowness_in_words(const ChannelDescription& channel);

/// "a, b or c".
std::string join_alternatives(const std::vector<std::string>& words);

/// "64 KiB", "1 MiB"; bytes where neither is whole.
std::string bytes_in_words(std::uint64_t bytes);

/// Where HTTP is spoken beside the socket: `https://host` for wss.
std::string http_url(const Description& description);

/// `wss://host`.
std::string socket_url(const Description& description);

bool has_word(const std::vector<std::string>& words, std::string_view word);

/// Whether any of the channels can be opened in this way: "ticket", "basic".
bool any_opened_with(const Description& description, std::string_view way);

/// How a ticket is shown in the opening handshake: one of "protocol", "header", "cookie", "query".
std::string ticket_place_in_words(std::string_view place);

}  // namespace usher::asyncapi
