#include "websocket/frame_header.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace usher::websocket {
namespace {

using Status = ParsedHeader::Status;

constexpr FrameRules from_client = {.masked = true};
constexpr FrameRules from_server = {.masked = false};

struct Case {
  const char* name;
  std::string bytes;
  FrameRules rules;
  FrameError error;
  std::size_t seen_after;  ///< how many bytes are enough to know
};

const Case refused[] = {
    {"RSV1", "\xC1", from_client, FrameError::reserved_bits, 1},
    {"RSV2", "\xA1", from_client, FrameError::reserved_bits, 1},
    {"RSV3", "\x91", from_client, FrameError::reserved_bits, 1},
    {"RSV1 on ping", "\xC9", {.rsv1_allowed = true}, FrameError::reserved_bits, 1},
    {"RSV1 on continuation", "\xC0", {.rsv1_allowed = true, .inside_message = true}, FrameError::reserved_bits, 1},
    {"opcode 3", "\x83", from_client, FrameError::reserved_opcode, 1},
    {"opcode 15", "\x8F", from_client, FrameError::reserved_opcode, 1},
    {"continuation of nothing", std::string("\x80", 1), from_client, FrameError::continuation_without_message, 1},
    {"text in a message", "\x81", {.inside_message = true}, FrameError::message_inside_message, 1},
    {"ping without FIN", "\x09", from_client, FrameError::control_fragmented, 1},
    {"client without mask", std::string("\x81\x00", 2), from_client, FrameError::not_masked, 2},
    {"server with mask", "\x81\x80", from_server, FrameError::masked, 2},
    {"ping of 126", "\x89\xFE", from_client, FrameError::control_too_long, 2},
    {"ping of 64 bits", "\x89\x7F", from_server, FrameError::control_too_long, 2},
    {"125 in 16 bits", std::string("\x82\x7E\x00\x7D", 4), from_server, FrameError::length_not_minimal, 4},
    {"65535 in 64 bits", std::string("\x82\x7F\0\0\0\0\0\0\xFF\xFF", 10), from_server, FrameError::length_not_minimal,
     10},
    {"high bit", "\x82\x7F\x80", from_server, FrameError::length_high_bit, 3},
};

TEST(FrameHeader, RefusesAtTheFirstByteThatShowsIt) {
  for (const Case& c : refused) {
    for (std::size_t size = 0; size <= c.bytes.size(); ++size) {
      const ParsedHeader parsed = parse_frame_header(std::string_view(c.bytes).substr(0, size), c.rules);
      const bool expected = size >= c.seen_after;
      EXPECT_EQ(parsed.status, expected ? Status::error : Status::needs_more) << c.name << " after " << size;
      EXPECT_EQ(parsed.error, expected ? c.error : FrameError::none) << c.name << " after " << size;
    }
    EXPECT_FALSE(describe(c.error).empty());
  }
}

/// A header with this length in this form, whether it is the shortest or not.
std::string with_length(std::uint64_t length, std::size_t length_bytes) {
  std::string bytes = "\x82";
  bytes += static_cast<char>(length_bytes == 0 ? length : length_bytes == 2 ? 126 : 127);
  for (std::size_t i = length_bytes; i-- > 0;) bytes += static_cast<char>(length >> (8 * i));
  return bytes;
}

std::size_t shortest(std::uint64_t length) { return length <= 125 ? 0 : length <= 0xFFFF ? 2 : 8; }

void check_length(std::uint64_t length) {
  for (const std::size_t form : {std::size_t{0}, std::size_t{2}, std::size_t{8}}) {
    if (form == 0 && length > 125) continue;
    if (form == 2 && length > 0xFFFF) continue;
    const std::string bytes = with_length(length, form);
    const ParsedHeader strict = parse_frame_header(bytes, from_server);
    const ParsedHeader draft = parse_frame_header(bytes, {.masked = false, .minimal_lengths = false});
    if (length >> 63 != 0) {
      EXPECT_EQ(strict.error, FrameError::length_high_bit) << length;
      EXPECT_EQ(draft.error, FrameError::length_high_bit) << length;
      continue;
    }
    EXPECT_EQ(draft.status, Status::header) << length;
    EXPECT_EQ(draft.header.length, length);
    EXPECT_EQ(strict.error, form == shortest(length) ? FrameError::none : FrameError::length_not_minimal) << length;
    if (form != shortest(length)) continue;
    EXPECT_EQ(strict.header.length, length);
    EXPECT_EQ(strict.size, bytes.size());
    std::array<char, frame_header_bytes_max> written{};
    const std::size_t size = write_server_header(written.data(), Opcode::binary, Rsv1::clear, length);
    EXPECT_EQ(std::string_view(written.data(), size), bytes);
  }
}

TEST(FrameHeader, PowersOfTwoAndTheirNeighboursInEveryForm) {
  for (unsigned n = 0; n < 64; ++n) {
    const std::uint64_t power = std::uint64_t{1} << n;
    check_length(power - 1);
    check_length(power);
    check_length(power + 1);
  }
  check_length(UINT64_MAX);
}

TEST(FrameHeader, WhatIsWrittenIsRead) {
  for (const std::uint64_t length : {0ULL, 125ULL, 126ULL, 65535ULL, 65536ULL, 1ULL << 62}) {
    const FrameHeader header{.fin = false,
                             .rsv1 = true,
                             .rsv2 = false,
                             .rsv3 = false,
                             .opcode = Opcode::text,
                             .masked = true,
                             .length = length,
                             .key = {1, 2, 3, 0xFF}};
    std::array<char, frame_header_bytes_max> bytes{};
    const std::size_t size = write_frame_header(bytes.data(), header);
    const FrameRules rules = {.rsv1_allowed = true};
    for (std::size_t cut = 0; cut < size; ++cut) {
      EXPECT_EQ(parse_frame_header({bytes.data(), cut}, rules).status, Status::needs_more);
    }
    const ParsedHeader parsed = parse_frame_header({bytes.data(), size}, rules);
    ASSERT_EQ(parsed.status, Status::header);
    EXPECT_EQ(parsed.size, size);
    EXPECT_EQ(parsed.header.length, length);
    EXPECT_EQ(parsed.header.key, header.key);
    EXPECT_FALSE(parsed.header.fin);
    EXPECT_TRUE(parsed.header.rsv1);
  }
}

TEST(FrameHeader, TheExamplesOfTheStandard) {
  // RFC 6455, section 5.7.
  std::string frame;
  append_frame(frame, Opcode::text, Rsv1::clear, "Hello");
  EXPECT_EQ(frame, "\x81\x05Hello");
  frame.clear();
  append_masked_frame(frame, Opcode::text, Rsv1::clear, "Hello", {0x37, 0xfa, 0x21, 0x3d});
  EXPECT_EQ(frame, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58");
  frame.clear();
  append_frame(frame, Opcode::binary, Rsv1::clear, std::string(65536, 'x'));
  EXPECT_EQ(frame.substr(0, 10), std::string("\x82\x7F\0\0\0\0\0\x01\0\0", 10));
}

/// What the short reading must find: all and only the headers of whole plain messages from clients below 64 KiB.
TEST(FrameHeader, AWholeMessageIsReadShortAsItIsReadLong) {
  for (unsigned first = 0; first < 256; ++first) {
    for (unsigned second = 0; second < 256; ++second) {
      for (const unsigned length : {0U, 125U, 126U, 0xFFFFU}) {
        std::string bytes{static_cast<char>(first), static_cast<char>(second), static_cast<char>(length >> 8),
                          static_cast<char>(length & 0xFFU)};
        bytes += "keyand8more";
        const ParsedHeader parsed = parse_frame_header(bytes, from_client);
        const FrameHeader& header = parsed.header;
        const bool whole = parsed.status == Status::header && header.fin && !is_control(header.opcode) && second < 255;
        const WholeMessageHeader read = parse_whole_message_header(bytes);
        ASSERT_EQ(read.size, whole ? parsed.size : 0) << first << " " << second << " " << length;
        if (!whole) continue;
        EXPECT_EQ(read.opcode, header.opcode);
        EXPECT_EQ(read.length, header.length);
        for (std::size_t size = 0; size < read.size; ++size) {
          EXPECT_EQ(parse_whole_message_header(std::string_view(bytes).substr(0, size)).size, 0);
        }
      }
    }
  }
}

}  // namespace
}  // namespace usher::websocket
