#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::http {

/// Resolves %XX. Nothing when an escape is not followed by two hexadecimal digits, or when the result has a NUL.
std::optional<std::string> percent_decode(std::string_view text);

/// Escapes everything but the unreserved characters of RFC 3986, section 2.3.
std::string percent_encode(std::string_view text);

/// Whether each '%' is followed by two hexadecimal digits.
bool escapes_well_formed(std::string_view text);

/// host [ ":" port ] of RFC 3986, section 3.2, without user information and never empty.
bool is_authority(std::string_view text);

struct QueryParameter {
  std::string name;
  std::string value;
};

/// The parameters of a query, decoded as forms are ('+' is a space), in order, repetitions included.
class Query {
 public:
  /// Nothing when an escape is malformed or a NUL is in it.
  static std::optional<Query> parse(std::string_view raw);

  const std::vector<QueryParameter>& parameters() const { return parameters_; }
  std::size_t count(std::string_view name) const;
  /// The value of the first parameter of this name, or null. It lives as long as the query.
  const std::string* find(std::string_view name) const;

 private:
  std::vector<QueryParameter> parameters_;
};

}  // namespace usher::http
