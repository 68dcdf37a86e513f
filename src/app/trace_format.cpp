#include "app/trace_format.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"

namespace usher::app {
namespace {

using websocket::FrameHeader;
using websocket::Opcode;

constexpr std::size_t text_bytes_shown = 64;
constexpr std::size_t bytes_shown = 16;
constexpr std::string_view indent = "              ";

std::string_view arrow(Direction direction) { return direction == Direction::sent ? "→" : "←"; }

/// Fills up to the width; what is longer is still parted from what follows.
std::string pad(std::string text, std::size_t width) {
  text.append(text.size() < width ? width - text.size() : 1, ' ');
  return text;
}

std::string time_text(base::Duration at) {
  std::array<char, 32> text{};
  const double seconds = std::chrono::duration<double>(at).count();
  const int size = std::snprintf(text.data(), text.size(), "%10.6f", seconds);
  return std::string(text.data(), static_cast<std::size_t>(size));
}

std::string line_start(Direction direction, base::Duration at) {
  return std::string(arrow(direction)) + " " + time_text(at) + "  ";
}

std::string_view opcode_name(Opcode opcode) {
  switch (opcode) {
    case Opcode::continuation:
      return "continuation";
    case Opcode::text:
      return "text";
    case Opcode::binary:
      return "binary";
    case Opcode::close:
      return "close";
    case Opcode::ping:
      return "ping";
    case Opcode::pong:
      return "pong";
  }
  return "reserved";
}

/// `48 65 6c`, and how many more there are of `total`.
std::string hex_bytes(std::string_view bytes, std::uint64_t total) {
  std::string out;
  const std::string_view shown = bytes.substr(0, bytes_shown);
  for (const char byte : shown) {
    out += (out.empty() ? "" : " ") + base::hex_encode(std::string_view(&byte, 1));
  }
  if (total > shown.size()) out += " … " + std::to_string(total - shown.size()) + " more";
  return out;
}

bool readable(std::string_view text) {
  const auto control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  };
  return base::valid_utf8(text) && std::none_of(text.begin(), text.end(), control);
}

/// Without a code point that is cut in two at the end.
std::string_view clip(std::string_view text, std::size_t size) {
  if (text.size() <= size) return text;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return text.substr(0, size);
}

std::string payload_text(std::string_view payload, std::uint64_t total) {
  if (total == 0) return "";
  const std::string_view shown = clip(payload, text_bytes_shown);
  if (!readable(shown)) return hex_bytes(payload, total);
  std::string text = base::json_string(shown);
  if (total > shown.size()) text += " … " + std::to_string(total - shown.size()) + " more";
  return text;
}

std::string code_text(websocket::CloseCode code) {
  if (code == websocket::CloseCode::no_status) return "without a code";
  return std::to_string(static_cast<unsigned>(code)) + " " + std::string(websocket::close_code_name(code));
}

std::string close_text(std::string_view payload) {
  if (payload.empty()) return "without a code";
  if (payload.size() == 1) return "half a code: " + hex_bytes(payload, payload.size());
  const auto byte = [&](std::size_t at) { return static_cast<unsigned>(static_cast<unsigned char>(payload[at])); };
  std::string text = code_text(static_cast<websocket::CloseCode>(byte(0) << 8U | byte(1)));
  if (payload.size() > 2) text += " " + payload_text(payload.substr(2), payload.size() - 2);
  return text;
}

std::string shown_payload(const TracedFrame& frame) {
  const std::string payload = unmasked_payload(frame);
  if (frame.header.opcode == Opcode::close) return close_text(payload);
  if (frame.header.rsv1) return "deflated: " + hex_bytes(payload, frame.header.length);
  return payload_text(payload, frame.header.length);
}

/// How many bytes hold the length besides the seven bits.
std::size_t extended_length_bytes(const TracedFrame& frame) {
  return frame.header_bytes.size() - 2 - (frame.header.masked ? 4 : 0);
}

std::string length_text(const TracedFrame& frame) {
  const std::string length = std::to_string(frame.header.length);
  switch (extended_length_bytes(frame)) {
    case 2:
      return length + " (7+16 bits)";
    case 8:
      return length + " (7+64 bits)";
    default:
      return length;
  }
}

std::string frame_bytes(const TracedFrame& frame) {
  const std::string_view header = frame.header_bytes;
  const std::size_t extended = extended_length_bytes(frame);
  std::string text = hex_bytes(header.substr(0, 2), 2);
  if (extended > 0) text += " | " + hex_bytes(header.substr(2, extended), extended);
  if (frame.header.masked) text += " | " + hex_bytes(header.substr(2 + extended), 4);
  if (frame.header.length > 0) text += " | " + hex_bytes(frame.payload, frame.header.length);
  return text;
}

void trim_end(std::string& text) { text.erase(text.find_last_not_of(' ') + 1); }

std::string row(std::string_view start, const std::array<std::string, 7>& cells) {
  constexpr std::array<std::size_t, 6> widths = {5, 5, 18, 6, 18, 13};
  std::string line(start);
  for (std::size_t i = 0; i < widths.size(); ++i) line += pad(cells[i], widths[i]);
  line += cells.back();
  trim_end(line);
  return line + "\n";
}

}  // namespace

std::string format_head(Direction direction, base::Duration at, std::string_view bytes) {
  std::string out = line_start(direction, at) + (direction == Direction::sent ? "the request, " : "the answer, ") +
                    std::to_string(bytes.size()) + " bytes\n";
  bool line_begins = true;
  for (const char c : bytes) {
    if (line_begins) out += indent;
    line_begins = c == '\n';
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else if (c >= 0x20 && c < 0x7f) {
      out += c;
    } else {
      out += "\\x" + base::hex_encode(std::string_view(&c, 1));
    }
  }
  if (!line_begins) out += "\n";
  return out;
}

std::string frame_columns() {
  return row("    time (s)  ", {"FIN", "RSV", "opcode", "MASK", "length", "key", "payload"});
}

std::string format_frame(Direction direction, base::Duration at, const TracedFrame& frame) {
  const FrameHeader& header = frame.header;
  const std::string reserved = {header.rsv1 ? '1' : '0', header.rsv2 ? '1' : '0', header.rsv3 ? '1' : '0'};
  const char digit = "0123456789abcdef"[static_cast<unsigned>(header.opcode) & 15U];
  const std::string_view key(reinterpret_cast<const char*>(header.key.data()), header.key.size());
  return row(line_start(direction, at),
             {header.fin ? "1" : "0", reserved,
              std::string("0x") + digit + " " + std::string(opcode_name(header.opcode)), header.masked ? "1" : "0",
              length_text(frame), header.masked ? hex_bytes(key, key.size()) : "", shown_payload(frame)}) +
         std::string(indent) + frame_bytes(frame) + "\n";
}

std::string format_fault(Direction direction, base::Duration at, websocket::FrameError fault) {
  return line_start(direction, at) + "no frame: " + std::string(websocket::describe(fault)) + "\n";
}

}  // namespace usher::app
