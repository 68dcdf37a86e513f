#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "asyncapi/schema.hpp"

namespace usher::asyncapi {

/// Writes HTML. Only string literals go in as they are; whatever was configured passes through one of the other calls,
/// which escape it for text and for attribute values between quotes.
class Html {
 public:
  template <std::size_t size>
  Html& raw(const char (&literal)[size]) {
    out_.append(literal, size - 1);
    return *this;
  }
  Html& text(std::string_view text);
  /// The same, with what stands between backticks as `<code>`.
  Html& prose(std::string_view text);
  /// JSON for reading: short values on one line, others indented; strings, names and the rest are told apart.
  Html& json(const Json& value);

  std::string take() { return std::move(out_); }

 private:
  void append_json(const Json& value, std::size_t depth);
  void append_scalar(const Json& value);
  void append_name(const std::string& name);
  void append_line_break(std::size_t depth);

  std::string out_;
};

}  // namespace usher::asyncapi
