#include "websocket/extension.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace usher::websocket {
namespace {

// RFC 6455, section 9.1, with the list and token rules of HTTP:
//
//   extension-list  = 1#extension                         empty elements of a list are passed over
//   extension       = token *( ";" extension-param )
//   extension-param = token [ "=" ( token | quoted-string ) ]     what is in the quotes must be a token, too

class Reader {
 public:
  Reader(std::string_view text, Version version) : rest_(text), version_(version) {}

  /// Adds the extensions of one header line. False when the line breaks the grammar.
  bool read_line(std::vector<Extension>& extensions) {
    for (;;) {
      skip_blanks();
      if (!rest_.empty() && rest_.front() != ',') {
        Extension extension;
        if (!read_extension(extension)) return false;
        if (extensions.size() < extensions_max) extensions.push_back(std::move(extension));
      }
      if (rest_.empty()) return true;
      if (!take(',')) return false;
    }
  }

 private:
  bool read_extension(Extension& extension) {
    if (!read_token(extension.name)) return false;
    while (take(';')) {
      ExtensionParameter parameter;
      if (!read_parameter(parameter)) return false;
      if (extension.parameters.size() < extension_parameters_max) extension.parameters.push_back(std::move(parameter));
    }
    return true;
  }

  bool read_parameter(ExtensionParameter& parameter) {
    if (!read_token(parameter.name)) return false;
    if (!take('=')) return true;
    skip_blanks();
    if (!rest_.empty() && rest_.front() == '"') return read_quoted(parameter.value.emplace());
    std::string_view value;
    if (!read_token(value)) return false;
    parameter.value = value;
    return true;
  }

  bool read_token(std::string_view& token) {
    skip_blanks();
    token = rest_.substr(0, rest_.find_first_of(" \t,;=\""));
    rest_.remove_prefix(token.size());
    skip_blanks();
    return base::is_token(token);
  }

  bool read_quoted(std::string& value) {
    if (version_ != Version::rfc6455) return false;  // quoted values came with draft 14
    rest_.remove_prefix(1);
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\') rest_.remove_prefix(1);
      if (rest_.empty()) return false;
      value += rest_.front();
      rest_.remove_prefix(1);
    }
    if (rest_.empty()) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return base::is_token(value);
  }

  bool take(char expected) {
    if (rest_.empty() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
  Version version_;
};

constexpr std::string_view extension_name = "permessage-deflate";
constexpr std::string_view server_no_context_takeover = "server_no_context_takeover";
constexpr std::string_view client_no_context_takeover = "client_no_context_takeover";
constexpr std::string_view server_max_window_bits = "server_max_window_bits";
constexpr std::string_view client_max_window_bits = "client_max_window_bits";

/// RFC 7692, section 7.1.2: 8 to 15, decimal, without leading zeros.
std::optional<std::uint8_t> parse_window_bits(std::string_view text) {
  const std::optional<std::uint64_t> bits = base::parse_decimal(text);
  if (!bits || *bits < 8 || *bits > 15 || text.front() == '0') return std::nullopt;
  return static_cast<std::uint8_t>(*bits);
}

/// The four parameters of RFC 7692, section 7.1, as one side wrote them.
struct WrittenParameters {
  bool server_no_context = false;
  bool client_no_context = false;
  std::optional<std::uint8_t> server_bits;
  bool client_bits_named = false;  ///< in an offer also without a value
  std::optional<std::uint8_t> client_bits;
};

bool set_once(bool& named) { return !std::exchange(named, true); }

/// One row of section 7.1: which values a parameter may have, and that it comes once.
bool read_parameter(const ExtensionParameter& parameter, WrittenParameters& written) {
  if (parameter.name == server_no_context_takeover) return !parameter.value && set_once(written.server_no_context);
  if (parameter.name == client_no_context_takeover) return !parameter.value && set_once(written.client_no_context);
  if (parameter.name == server_max_window_bits) {
    if (!parameter.value || written.server_bits) return false;
    written.server_bits = parse_window_bits(*parameter.value);
    return written.server_bits.has_value();
  }
  if (parameter.name == client_max_window_bits) {
    if (!set_once(written.client_bits_named)) return false;
    if (!parameter.value) return true;
    written.client_bits = parse_window_bits(*parameter.value);
    return written.client_bits.has_value();
  }
  return false;
}

std::optional<WrittenParameters> read_parameters(const Extension& extension) {
  WrittenParameters written;
  for (const ExtensionParameter& parameter : extension.parameters) {
    if (!read_parameter(parameter, written)) return std::nullopt;
  }
  return written;
}

// Larger windows compress little better and could be shared by fewer sessions.
constexpr std::uint8_t preferred_window_bits = 12;
constexpr std::uint8_t zlib_window_bits_min = 9;

std::optional<NegotiatedDeflate> accept_offer(const Extension& offer) {
  const std::optional<WrittenParameters> written = read_parameters(offer);
  if (!written) return std::nullopt;
  NegotiatedDeflate negotiated;
  DeflateParameters& parameters = negotiated.parameters;
  parameters.server_window_bits = std::min(preferred_window_bits, written->server_bits.value_or(preferred_window_bits));
  if (parameters.server_window_bits < zlib_window_bits_min) return std::nullopt;
  // A client that says what it can do is taken at its word; the answer to client_max_window_bits would only be needed
  // to ask for less, and the inflater can do 15.
  parameters.client_window_bits = written->client_bits.value_or(15);

  negotiated.response = std::string(extension_name) + "; " + std::string(server_no_context_takeover) + "; " +
                        std::string(client_no_context_takeover);
  // Section 7.1.2.1: who is given a limit must confirm one that is not above it.
  if (written->server_bits) {
    negotiated.response +=
        "; " + std::string(server_max_window_bits) + "=" + std::to_string(parameters.server_window_bits);
  }
  return negotiated;
}

}  // namespace

std::optional<std::vector<Extension>> parse_extensions(std::span<const std::string_view> lines, Version version) {
  std::vector<Extension> extensions;
  for (const std::string_view line : lines) {
    if (!Reader(line, version).read_line(extensions)) return std::nullopt;
  }
  if (!lines.empty() && extensions.empty()) return std::nullopt;
  return extensions;
}

std::optional<NegotiatedDeflate> negotiate_deflate(std::span<const Extension> offers, Version version) {
  if (version != Version::rfc6455) return std::nullopt;
  for (const Extension& offer : offers) {
    if (offer.name != extension_name) continue;
    if (std::optional<NegotiatedDeflate> negotiated = accept_offer(offer)) return negotiated;
  }
  return std::nullopt;
}

std::optional<DeflateParameters> accept_deflate_response(std::span<const Extension> answer) {
  if (answer.size() != 1 || answer.front().name != extension_name) return std::nullopt;
  const std::optional<WrittenParameters> written = read_parameters(answer.front());
  // Section 7.1.1.1: what was asked of the server must be confirmed. Section 7.1.2.2: client_max_window_bits was not
  // offered, so it must not be answered.
  if (!written || !written->server_no_context || written->client_bits_named) return std::nullopt;
  return DeflateParameters{.server_window_bits = written->server_bits.value_or(15), .client_window_bits = 15};
}

}  // namespace usher::websocket
