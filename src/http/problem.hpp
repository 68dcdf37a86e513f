#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <variant>

#include "http/message_error.hpp"
#include "http/response.hpp"

namespace usher::http {

/// A further member of a problem body.
struct ProblemMember {
  std::string_view name;
  std::variant<std::string_view, std::int64_t> value;
};

/// An error answer of RFC 9457: application/problem+json, never cached. Its members are, in this order: type
/// ("about:blank"), title (the reason phrase, as section 4.2.1 wants it), status, code, detail, then the further ones.
/// `code` is stable and has an entry in docs/errors.md; `detail` is a sentence.
Response problem(int status, std::string_view code, std::string_view detail,
                 std::span<const ProblemMember> members = {});

/// The answer to a malformed or too large request.
Response problem(MessageError error);

}  // namespace usher::http
