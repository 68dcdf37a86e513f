#include "auth/origin.hpp"

#include <algorithm>

#include "auth/address.hpp"
#include "base/text.hpp"

namespace usher::auth {
namespace {

constexpr std::size_t host_bytes_max = 253;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

/// RFC 3986, section 3.1; already in lower case.
bool valid_scheme(std::string_view scheme) {
  return !scheme.empty() && is_lower(scheme.front()) && std::ranges::all_of(scheme, [](char c) {
    return is_lower(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
  });
}

std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "https") return 443;
  if (scheme == "http") return 80;
  return 0;
}

/// Labels of letters, digits, `-` and `_`, none empty, so a trailing dot does not pass. A last label of digits makes
/// browsers read an IPv4 address; only its usual form passes then.
bool valid_host_name(std::string_view host) {
  if (host.empty() || host.size() > host_bytes_max) return false;
  std::size_t label_bytes = 0;
  bool label_is_number = true;
  for (const char c : host) {
    if (c == '.') {
      if (label_bytes == 0) return false;
      label_bytes = 0;
      label_is_number = true;
      continue;
    }
    if (!is_lower(c) && !is_digit(c) && c != '-' && c != '_') return false;
    label_is_number = label_is_number && is_digit(c);
    ++label_bytes;
  }
  if (label_bytes == 0) return false;
  return !label_is_number || Address::parse(host).has_value();
}

/// `[` IPv6 `]` in its canonical form.
std::optional<std::string> canonical_ipv6(std::string_view bracketed) {
  const std::optional<Address> address = Address::parse(bracketed.substr(1, bracketed.size() - 2));
  if (!address || address->is_v4()) return std::nullopt;
  return "[" + address->text() + "]";
}

std::optional<std::uint16_t> parse_port(std::string_view digits) {
  if (digits.empty() || digits.size() > 5 || digits.front() == '0') return std::nullopt;
  const std::optional<std::uint64_t> port = base::parse_decimal(digits);
  if (!port || *port > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint16_t>(*port);
}

/// Where the host ends: at the colon of the port, which is not one of IPv6.
std::size_t host_size(std::string_view authority) {
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    return bracket == authority.npos ? 0 : bracket + 1;
  }
  return std::min(authority.find(':'), authority.size());
}

std::string why_no_origin(std::string_view entry) {
  if (entry.empty()) return "an origin is missing";
  if (!std::ranges::all_of(entry, [](char c) { return c > 0x20 && c < 0x7f; })) {
    return "an origin is visible ASCII: write a host like bücher.example in its xn-- form";
  }
  const std::size_t scheme_end = entry.find("://");
  if (scheme_end == entry.npos) return "an origin begins with its scheme: https://app.example.com";
  const std::string_view rest = entry.substr(scheme_end + 3);
  if (rest.find_first_of("/?#") != rest.npos) return "an origin has no path: leave out what follows the host and port";
  if (rest.find('@') != rest.npos) return "an origin has no user";
  if (rest.ends_with('.')) return "an origin's host has no dot at its end";
  if (rest.find('*') != rest.npos) return "`*` stands only for whole labels in front: https://*.example.com";
  return "this is no origin: write scheme://host or scheme://host:port";
}

}  // namespace

std::optional<Origin> parse_origin(std::string_view text) {
  const std::size_t scheme_end = text.find("://");
  if (scheme_end == text.npos) return std::nullopt;
  Origin origin;
  origin.scheme = base::to_lower(text.substr(0, scheme_end));
  if (!valid_scheme(origin.scheme)) return std::nullopt;

  const std::string authority = base::to_lower(text.substr(scheme_end + 3));
  const std::string_view host = std::string_view(authority).substr(0, host_size(authority));
  const std::string_view port = std::string_view(authority).substr(host.size());
  if (host.starts_with('[')) {
    const std::optional<std::string> canonical = canonical_ipv6(host);
    if (!canonical) return std::nullopt;
    origin.host = *canonical;
  } else {
    if (!valid_host_name(host)) return std::nullopt;
    origin.host = host;
  }

  origin.port = default_port(origin.scheme);
  if (!port.empty()) {
    const std::optional<std::uint16_t> number = parse_port(port.substr(1));
    if (port.front() != ':' || !number) return std::nullopt;
    origin.port = *number;
  }
  return origin;
}

std::optional<std::string> normalise_origin(std::string_view text) {
  if (text == "null") return std::string(text);
  const std::optional<Origin> origin = parse_origin(text);
  if (!origin) return std::nullopt;
  std::string canonical = origin->scheme + "://" + origin->host;
  if (origin->port != default_port(origin->scheme)) canonical += ":" + std::to_string(origin->port);
  return canonical;
}

base::Result<void> OriginList::add(std::string_view entry) {
  if (entry == "null") {
    null_ = true;
    return {};
  }
  if (entry == "*") return base::Error{"`*` would let every page in: name the origins one by one"};
  constexpr std::string_view star = "://*.";
  const std::size_t star_at = entry.find(star);
  std::string without_star(entry);
  if (star_at != entry.npos) without_star.erase(star_at + 3, 2);

  const std::optional<Origin> origin = parse_origin(without_star);
  if (!origin) return base::Error{why_no_origin(star_at == entry.npos ? entry : std::string_view(without_star))};
  if (origin->scheme == "ws" || origin->scheme == "wss") {
    return base::Error{"an Origin is that of the page, with http or https, not " + origin->scheme};
  }
  if (star_at == entry.npos) {
    exact_.push_back(*origin);
    return {};
  }
  if (origin->host.starts_with('[') || Address::parse(origin->host)) {
    return base::Error{"`*.` stands before a name, not before an address"};
  }
  if (origin->host.find('.') == std::string::npos && origin->host != "localhost") {
    return base::Error{"`*." + origin->host + "` would let too many in: name at least two labels"};
  }
  below_.push_back({origin->scheme, "." + origin->host, origin->port});
  return {};
}

bool OriginList::allows(std::string_view header) const {
  if (header == "null") return null_;
  const std::optional<Origin> origin = parse_origin(header);
  if (!origin) return false;
  if (std::ranges::find(exact_, *origin) != exact_.end()) return true;
  // The suffix begins with a dot, so it cannot end inside a label; no label is empty, so something stands before it.
  return std::ranges::any_of(below_, [&](const Origin& suffix) {
    return origin->scheme == suffix.scheme && origin->port == suffix.port && origin->host.size() > suffix.host.size() &&
           origin->host.ends_with(suffix.host);
  });
}

OriginVerdict OriginList::judge(std::span<const std::string_view> headers) const {
  if (headers.empty()) return OriginVerdict::absent;
  return headers.size() == 1 && allows(headers.front()) ? OriginVerdict::allowed : OriginVerdict::refused;
}

}  // namespace usher::auth
