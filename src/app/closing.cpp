#include <array>
#include <cstdio>

#include "app/trace_format.hpp"
#include "base/close_reason.hpp"
#include "base/json.hpp"

namespace usher::app {
namespace {

using websocket::CloseCode;

std::string at_text(base::Duration at) {
  std::array<char, 32> text{};
  const int size = std::snprintf(text.data(), text.size(), "%10.6f  ", std::chrono::duration<double>(at).count());
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string part_line(const ClosePart& part, std::string_view meaning) {
  const std::string_view arrow = part.direction == Direction::sent ? "→" : "←";
  std::string close = "Close";
  if (part.code != CloseCode::no_status) {
    close += " " + std::to_string(static_cast<unsigned>(part.code)) + " " +
             std::string(websocket::close_code_name(part.code));
  }
  if (!part.reason.empty()) close += " " + base::json_string(part.reason);
  return std::string(arrow) + " " + at_text(part.at) + close + ": " + std::string(meaning) + "\n";
}

std::string_view first_meaning(Direction direction) {
  return direction == Direction::sent ? "we send nothing after this (RFC 6455, section 5.5.1)"
                                      : "the server sends nothing after this (RFC 6455, section 5.5.1)";
}

std::string_view second_meaning(Direction direction) {
  return direction == Direction::sent ? "we answer with a Close of our own (section 5.5.1)"
                                      : "the server answers with a Close of its own (section 5.5.1)";
}

std::string_view end_meaning(TransportEnd end) {
  switch (end) {
    case TransportEnd::server_ended:
      return "the server ended the TCP connection; it goes first, so that its port does not linger (section 7.1.1)";
    case TransportEnd::client_ended:
      return "we ended the TCP connection: the server did not do it in time (section 7.1.1)";
    case TransportEnd::broken:
      break;
  }
  return "the TCP connection broke";
}

std::string verdict(const ClosingStory& story) {
  if (story.first && story.second) {
    return "clean: both sides sent a Close, so each knows that it has seen all of the other (section 7.1.4)\n";
  }
  if (story.first) {
    return "not clean: only one Close was seen; the last messages may be lost (section 7.1.4)\n";
  }
  return "not clean: the connection ended without a Close; browsers show 1006 (section 7.1.5)\n";
}

}  // namespace

std::string explain_closing(const ClosingStory& story) {
  std::string out = "the closing handshake\n";
  if (story.first) out += part_line(*story.first, first_meaning(story.first->direction));
  if (story.second) out += part_line(*story.second, second_meaning(story.second->direction));
  out += "  " + at_text(story.ended_at) + std::string(end_meaning(story.end)) + "\n" + verdict(story);
  for (const auto& part : {story.first, story.second}) {
    if (!part || part->direction != Direction::received) continue;
    const std::string meaning = close_code_meaning(part->code);
    if (!meaning.empty()) out += meaning + "\n";
  }
  return out;
}

std::string close_code_meaning(CloseCode code) {
  // A 1000 of the server only echoes ours.
  if (code == CloseCode::normal) return "";
  for (const base::CloseReasonRow& row : base::close_reasons()) {
    if (row.code == 0 || row.code != static_cast<std::uint16_t>(code)) continue;
    return std::to_string(row.code) + " from usher: " + std::string(row.meaning) + " Come back? " +
           std::string(base::describe(row.come_back)) + ".";
  }
  return "";
}

}  // namespace usher::app
