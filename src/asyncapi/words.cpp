#include "asyncapi/words.hpp"

#include <algorithm>

namespace usher::asyncapi {
namespace {

std::string who(std::string_view allow) {
  if (allow == "anyone") return "anyone";
  if (allow == "user") return "who is logged in";
  if (allow == "granted") return "who was granted it";
  if (allow == "owner") return "its owner";
  return "nobody";
}

struct Allowed {
  std::string who;
  std::vector<std::string> what;
};

void allow(std::vector<Allowed>& all, std::string_view word, std::string what) {
  const std::string name = who(word);
  const auto same = std::find_if(all.begin(), all.end(), [&name](const Allowed& one) { return one.who == name; });
  if (same != all.end()) {
    same->what.push_back(std::move(what));
  } else {
    all.push_back({name, {std::move(what)}});
  }
}

std::string join(const std::vector<std::string>& words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? last : ", ";
    text += words[i];
  }
  return text;
}

std::string credential_in_words(std::string_view way) {
  if (way == "ticket") return "a ticket";
  if (way == "basic") return "HTTP Basic";
  if (way == "api_key") return "an API key";
  return std::string(way);
}

}  // namespace

std::string rights_in_words(const ChannelDescription& channel) {
  std::vector<Allowed> all;
  allow(all, channel.allow_subscribe, "read");
  allow(all, channel.allow_publish, "write");
  if (channel.has_history) allow(all, channel.allow_history, "look back");
  std::string text;
  for (const Allowed& one : all) {
    if (!text.empty()) text += "; ";
    text += one.who + " may " + join(one.what, one.who == "nobody" ? " or " : " and ");
  }
  if (text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  return text + ".";
}

std::string opened_with_in_words(const ChannelDescription& channel) {
  if (channel.connect_with.empty()) return "";
  std::vector<std::string> ways;
  bool anonymous = false;
  for (const std::string& way : channel.connect_with) {
    if (way == "anonymous") {
      anonymous = true;
    } else {
      ways.push_back(credential_in_words(way));
    }
  }
  if (ways.empty()) return "Opened without a credential.";
  return "Opened with " + join_alternatives(ways) + (anonymous ? ", or without a credential." : ".");
}

std::string slowness_in_words(const ChannelDescription& channel) {
  if (channel.on_slow == "latest") {
    return "Who reads too slowly goes on at the newest publication; `usher.json.v1` is told by `gap`.";
  }
  if (channel.on_slow == "disconnect") return "Who reads too slowly is closed with 4409.";
  return "Who reads too slowly is told by `gap` in `usher.json.v1`, and closed with 4409 in `usher.raw.v1`.";
}

std::string join_alternatives(const std::vector<std::string>& words) { return join(words, " or "); }

std::string bytes_in_words(std::uint64_t bytes) {
  constexpr std::uint64_t kibibyte = 1024;
  constexpr std::uint64_t mebibyte = kibibyte * kibibyte;
  if (bytes >= mebibyte && bytes % mebibyte == 0) return std::to_string(bytes / mebibyte) + " MiB";
  if (bytes >= kibibyte && bytes % kibibyte == 0) return std::to_string(bytes / kibibyte) + " KiB";
  return std::to_string(bytes) + " bytes";
}

std::string http_url(const Description& description) {
  return (description.scheme == "wss" ? "https://" : "http://") + description.host;
}

std::string socket_url(const Description& description) { return description.scheme + "://" + description.host; }

bool has_word(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool any_opened_with(const Description& description, std::string_view way) {
  return std::any_of(description.channels.begin(), description.channels.end(),
                     [way](const ChannelDescription& channel) { return has_word(channel.connect_with, way); });
}

std::string ticket_place_in_words(std::string_view place) {
  if (place == "protocol") {
    return "as a subprotocol, `usher.ticket.ust_…`, beside one that usher speaks; it is never echoed";
  }
  if (place == "header") return "in the header `Authorization: Ticket ust_…`";
  if (place == "cookie") return "in the cookie `__Host-usher_ticket` or `usher_ticket`";
  return "in the query, `?ticket=ust_…`";
}

}  // namespace usher::asyncapi
