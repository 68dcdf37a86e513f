#include "websocket/handshake.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <span>

#include "base/base64.hpp"
#include "base/text.hpp"

namespace usher::websocket {
namespace {

struct RefusalRow {
  HandshakeError error;
  Refusal refusal;
};

using enum HandshakeError;

constexpr std::array<RefusalRow, 19> refusals = {{
    {method, {405, "method_not_allowed", "A WebSocket is opened with GET.", false}},
    {http_version, {400, "http_version", "A WebSocket is opened with HTTP/1.1.", false}},
    {has_body, {400, "unexpected_body", "The request that opens a WebSocket has no body.", false}},
    {upgrade_missing, {426, "upgrade_required", "This address speaks WebSocket: the Upgrade header is missing.", true}},
    {upgrade_other, {400, "upgrade", "The Upgrade header must name websocket.", false}},
    {connection_without_upgrade, {400, "connection", "The Connection header must name upgrade.", false}},
    {list_malformed, {400, "header_malformed", "The Upgrade or Connection header is not a list of tokens.", false}},
    {version_repeated, {400, "version_repeated", "Sec-WebSocket-Version must come once.", true}},
    {key_repeated, {400, "key_repeated", "Sec-WebSocket-Key must come once.", false}},
    {origin_repeated, {400, "origin_repeated", "Origin and Sec-WebSocket-Origin may each come once.", false}},
    {protocol_malformed, {400, "protocol_malformed", "Sec-WebSocket-Protocol is not a list of tokens.", false}},
    {protocol_repeated, {400, "protocol_repeated", "Sec-WebSocket-Protocol names a protocol twice.", false}},
    {protocols_too_many, {400, "protocols_too_many", "Sec-WebSocket-Protocol names too many protocols.", false}},
    {extensions_malformed, {400, "extensions_malformed", "Sec-WebSocket-Extensions breaks its grammar.", false}},
    {version_missing, {400, "version_missing", "Sec-WebSocket-Version is missing.", true}},
    {version_unsupported, {426, "version_unsupported", "This version of WebSocket is not spoken here.", true}},
    {key_missing, {400, "key_missing", "Sec-WebSocket-Key is missing.", false}},
    {key_malformed, {400, "key_malformed", "Sec-WebSocket-Key must be the base64 form of 16 bytes.", false}},
    {origins_differ, {400, "origins_differ", "Origin and Sec-WebSocket-Origin contradict each other.", false}},
}};

/// Calls `visit` for every element of a list that is spread over the lines of one header (RFC 9110, section 5.6.1).
/// Empty elements are passed over. False as soon as an element is not what `visit` wants.
template <typename Visitor>
bool for_each_element(const HeaderLines& lines, Visitor&& visit) {
  for (std::string_view rest : lines) {
    std::string_view element;
    while (base::next_element(rest, ',', element)) {
      if (!element.empty() && !visit(element)) return false;
    }
  }
  return true;
}

/// A product of the Upgrade header may have a version: name "/" version.
bool is_product(std::string_view element) {
  const std::size_t slash = element.find('/');
  if (slash == std::string_view::npos) return base::is_token(element);
  return base::is_token(element.substr(0, slash)) && base::is_token(element.substr(slash + 1));
}

/// Nothing when all is well.
using Check = std::optional<HandshakeError>;

// RFC 6455, section 4.2.1, items 1, 3 and 4.
Check check_request_line_and_upgrade(const UpgradeRequest& request) {
  if (!request.is_get) return method;
  if (!request.is_http_1_1) return http_version;
  if (request.has_body) return has_body;
  if (request.upgrade.empty()) return upgrade_missing;

  bool names_websocket = false;
  const bool upgrade_is_list = for_each_element(request.upgrade, [&](std::string_view element) {
    names_websocket = names_websocket || base::equals_ignoring_case(element, "websocket");
    return is_product(element);
  });
  bool names_upgrade = false;
  const bool connection_is_list = for_each_element(request.connection, [&](std::string_view element) {
    names_upgrade = names_upgrade || base::equals_ignoring_case(element, "upgrade");
    return base::is_token(element);
  });
  if (!upgrade_is_list || !connection_is_list) return list_malformed;
  if (!names_websocket) return upgrade_other;
  if (!names_upgrade) return connection_without_upgrade;
  return std::nullopt;
}

// Section 11.3: Key and Version at most once. An Origin that comes twice would be judged by one and used by the other.
Check check_repetitions(const UpgradeRequest& request) {
  if (request.version.size() > 1) return version_repeated;
  if (request.key.size() > 1) return key_repeated;
  if (request.origin.size() > 1 || request.sec_origin.size() > 1) return origin_repeated;
  return std::nullopt;
}

// Section 4.1, item 10: one or more unique tokens.
Check read_protocols(const UpgradeRequest& request, std::vector<std::string_view>& protocols) {
  Check problem;
  for_each_element(request.protocol, [&](std::string_view element) {
    if (!base::is_token(element)) problem = protocol_malformed;
    if (std::find(protocols.begin(), protocols.end(), element) != protocols.end()) problem = protocol_repeated;
    if (protocols.size() == protocols_max) problem = protocols_too_many;
    protocols.push_back(element);
    return !problem;
  });
  if (!problem && !request.protocol.empty() && protocols.empty()) problem = protocol_malformed;
  return problem;
}

std::optional<Version> parse_version(std::string_view text) {
  if (text == "13") return Version::rfc6455;
  if (text == "8") return Version::hybi08;
  if (text == "7") return Version::hybi07;
  return std::nullopt;
}

std::optional<std::string_view> first_of(const HeaderLines& lines) {
  return lines.empty() ? std::nullopt : std::optional(lines.front());
}

/// The Origin header was named Sec-WebSocket-Origin up to draft 10. Version 13 must not look at the old name, else it
/// would be a way around the check of the new one.
base::Result<std::optional<std::string_view>, HandshakeError> effective_origin(const UpgradeRequest& request,
                                                                               Version version) {
  const std::optional<std::string_view> origin = first_of(request.origin);
  const std::optional<std::string_view> sec_origin = first_of(request.sec_origin);
  switch (version) {
    case Version::hybi07:
      return sec_origin;
    case Version::hybi08:
      if (origin && sec_origin && *origin != *sec_origin) return origins_differ;
      return origin ? origin : sec_origin;
    case Version::rfc6455:
      break;
  }
  return origin;
}

}  // namespace

Refusal refusal_of(HandshakeError error) {
  const auto row =
      std::find_if(refusals.begin(), refusals.end(), [error](const RefusalRow& r) { return r.error == error; });
  ASSERT(row != refusals.end());
  return row->refusal;
}

base::Result<Offer, HandshakeError> check_well_formed(const UpgradeRequest& request) {
  if (const Check problem = check_request_line_and_upgrade(request)) return *problem;
  if (const Check problem = check_repetitions(request)) return *problem;
  Offer offer;
  if (const Check problem = read_protocols(request, offer.protocols)) return *problem;
  // An unknown version is refused later; until then its extensions are read by the grammar of today.
  const Version version = parse_version(first_of(request.version).value_or("")).value_or(Version::rfc6455);
  std::optional<std::vector<Extension>> extensions = parse_extensions(request.extensions, version);
  if (!extensions) return extensions_malformed;
  offer.extensions = std::move(*extensions);
  return offer;
}

base::Result<Opening, HandshakeError> check_version_and_key(const UpgradeRequest& request) {
  if (request.version.empty()) return version_missing;
  const std::optional<Version> version = parse_version(request.version.front());
  if (!version) return version_unsupported;
  if (request.key.empty()) return key_missing;
  const std::optional<std::string> nonce = base::base64_decode(request.key.front());
  if (!nonce || nonce->size() != 16) return key_malformed;
  const auto origin = effective_origin(request, *version);
  if (!origin) return origin.error();
  return Opening{.version = *version, .accept = accept_value(request.key.front()), .origin = *origin};
}

base::Result<Handshake, HandshakeError> check_upgrade(const UpgradeRequest& request) {
  auto offer = check_well_formed(request);
  if (!offer) return offer.error();
  auto opening = check_version_and_key(request);
  if (!opening) return opening.error();
  return Handshake{.opening = *std::move(opening), .offer = *std::move(offer)};
}

std::string accept_value(std::string_view key) {
  // SHA-1 is no protection here: it shows that the server read the handshake (section 10.8).
  constexpr std::string_view guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::string text(key);
  text += guid;
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base::base64_encode({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string upgrade_response(const Accepted& accepted) {
  std::string response =
      "HTTP/1.1 101 Switching Protocols\r\n"
      "Upgrade: websocket\r\n"
      "Connection: Upgrade\r\n";
  const auto add = [&response](std::string_view name, std::string_view value) {
    if (!value.empty()) response.append(name).append(": ").append(value).append("\r\n");
  };
  add("Sec-WebSocket-Accept", accepted.accept);
  add("Sec-WebSocket-Extensions", accepted.extensions);
  add("Sec-WebSocket-Protocol", accepted.protocol);
  response += "\r\n";
  return response;
}

}  // namespace usher::websocket
