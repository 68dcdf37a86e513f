// The first byte says how the rest is cut; the rest goes to a RequestParser. What comes of it must not depend on the
// cuts, and what is accepted must be what RequestHead promises.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "http/feed_test.hpp"
#include "http/uri.hpp"

namespace usher::http {
namespace {

constexpr std::uint64_t body_limit = 1000;

Pieces cut(std::string_view input, std::size_t size) {
  Pieces pieces;
  for (std::size_t i = 0; i < input.size(); i += size) pieces.push_back(input.substr(i, size));
  return pieces;
}

void check_head(const RequestHead& head) {
  ASSERT(head.path().front() == '/' || head.path() == "*");
  ASSERT(base::is_token(head.method_name()));
  ASSERT(head.minor_version() == 0 || is_authority(head.host()));
  ASSERT(head.count("content-length") == 0 || head.count("transfer-encoding") == 0);
  for (std::size_t i = 0; i < head.size(); ++i) {
    const HeaderView header = head.at(i);
    ASSERT(base::is_token(header.name));
    ASSERT(header.value.find_first_of("\r\n") == std::string_view::npos);
  }
  const auto query = Query::parse(head.query());
  ASSERT(!query || query->parameters().size() <= head.query().size());
  cookie_values(head, "usher_ticket");
  accepts_event_stream(head);
}

void check_first_head(std::string_view input) {
  RequestParser parser;
  const std::size_t consumed = parser.receive(input);
  ASSERT(consumed <= input.size());
  if (parser.event() == MessageEvent::head) check_head(parser.head());
}

void check(std::uint8_t how, std::string_view input) {
  check_first_head(input);
  const Outcome whole = feed(RequestParser(), {input}, body_limit);
  ASSERT(feed(RequestParser(), byte_by_byte(input), body_limit) == whole);
  ASSERT(feed(RequestParser(), cut(input, std::size_t{how} + 2), body_limit) == whole);
}

}  // namespace
}  // namespace usher::http

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  usher::http::check(data[0], std::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
