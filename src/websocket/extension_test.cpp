#include "websocket/extension.hpp"

#include <gtest/gtest.h>

#include <string>

namespace usher::websocket {
namespace {

/// What was read, written in one canonical form; "malformed" when it breaks the grammar.
std::string read(std::string_view header, Version version = Version::rfc6455) {
  const std::string_view lines[] = {header};
  const auto extensions = parse_extensions(lines, version);
  if (!extensions) return "malformed";
  std::string text;
  for (const Extension& extension : *extensions) {
    text += text.empty() ? "" : ",";
    text += extension.name;
    for (const ExtensionParameter& parameter : extension.parameters) {
      text += ";" + std::string(parameter.name);
      if (parameter.value) text += "=" + *parameter.value;
    }
  }
  return text;
}

struct Grammar {
  std::string header;
  const char* expected;
};

const Grammar grammar[] = {
    {"permessage-deflate", "permessage-deflate"},
    {" a ; b = c , d ", "a;b=c,d"},
    {"a;b=\"c\"", "a;b=c"},
    {R"(a;b="\c\d")", "a;b=cd"},
    {",a,,b,", "a,b"},
    {"", "malformed"},
    {", ,", "malformed"},
    {"a;", "malformed"},
    {"a;;b", "malformed"},
    {"a;b=", "malformed"},
    {"a;=c", "malformed"},
    {"a;b=c=d", "malformed"},
    {"a b", "malformed"},
    {"a;b=\"", "malformed"},
    {"a;b=\"c", "malformed"},
    {"a;b=\"c\\", "malformed"},
    {"a;b=\"\"", "malformed"},
    {"a;b=\"c d\"", "malformed"},
    {"a;b=\"c\"d", "malformed"},
    {"\"a\"", "malformed"},
    {"a/b", "malformed"},
    {std::string("a\0b", 3), "malformed"},
    {"\xC3\xA4", "malformed"},
    {"constructor", "constructor"},
};

TEST(Extension, Grammar) {
  for (const Grammar& c : grammar) EXPECT_EQ(read(c.header), c.expected) << c.header;
}

TEST(Extension, DraftsKnowNoQuotedValues) {
  EXPECT_EQ(read("a;b=c", Version::hybi08), "a;b=c");
  EXPECT_EQ(read("a;b=\"c\"", Version::hybi08), "malformed");
  EXPECT_EQ(read("a;b=\"c\"", Version::hybi07), "malformed");
}

TEST(Extension, LinesAreOneList) {
  const std::string_view lines[] = {"a;x", "b"};
  const auto extensions = parse_extensions(lines, Version::rfc6455);
  ASSERT_TRUE(extensions);
  ASSERT_EQ(extensions->size(), 2U);
  EXPECT_EQ((*extensions)[1].name, "b");
}

TEST(Extension, WhatIsTooMuchIsCheckedAndDropped) {
  std::string header;
  for (int i = 0; i < 100'000; ++i) header += "a,";
  const std::string_view lines[] = {header};
  EXPECT_EQ(parse_extensions(lines, Version::rfc6455)->size(), extensions_max);
  header += ";";
  const std::string_view malformed[] = {header};
  EXPECT_FALSE(parse_extensions(malformed, Version::rfc6455));

  std::string parameters = "a";
  for (int i = 0; i < 100'000; ++i) parameters += ";b";
  const std::string_view one[] = {parameters};
  EXPECT_EQ(parse_extensions(one, Version::rfc6455)->front().parameters.size(), extension_parameters_max);
}

struct Negotiation {
  const char* offer;
  const char* response;  ///< behind "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
  int server_bits;       ///< 0: declined
};

constexpr Negotiation negotiations[] = {
    {"permessage-deflate", "", 12},
    {"permessage-deflate; client_max_window_bits", "", 12},
    {"permessage-deflate; client_max_window_bits=10", "", 12},
    {"permessage-deflate; server_no_context_takeover", "", 12},
    {"permessage-deflate; client_no_context_takeover", "", 12},
    {"permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=15; "
     "client_max_window_bits=15",
     "; server_max_window_bits=12", 12},
    {"permessage-deflate; server_max_window_bits=13", "; server_max_window_bits=12", 12},
    {"permessage-deflate; server_max_window_bits=12", "; server_max_window_bits=12", 12},
    {"permessage-deflate; server_max_window_bits=11", "; server_max_window_bits=11", 11},
    {"permessage-deflate; server_max_window_bits=10", "; server_max_window_bits=10", 10},
    {"permessage-deflate; server_max_window_bits=\"9\"", "; server_max_window_bits=9", 9},
    {"permessage-deflate; server_max_window_bits=8", "", 0},
    {"permessage-deflate; server_max_window_bits=8, permessage-deflate", "", 12},
    {"permessage-deflate; server_max_window_bits=7", "", 0},
    {"permessage-deflate; server_max_window_bits=16", "", 0},
    {"permessage-deflate; server_max_window_bits=010", "", 0},
    {"permessage-deflate; server_max_window_bits=+9", "", 0},
    {"permessage-deflate; server_max_window_bits=99999999999999999999", "", 0},
    {"permessage-deflate; server_max_window_bits", "", 0},
    {"permessage-deflate; client_max_window_bits=7", "", 0},
    {"permessage-deflate; client_max_window_bits=x", "", 0},
    {"permessage-deflate; server_no_context_takeover=1", "", 0},
    {"permessage-deflate; client_no_context_takeover=1", "", 0},
    {"permessage-deflate; unknown", "", 0},
    {"permessage-deflate; server_no_context_takeover; server_no_context_takeover", "", 0},
    {"permessage-deflate; server_max_window_bits=10; server_max_window_bits=10", "", 0},
    {"permessage-deflate; client_max_window_bits; client_max_window_bits=10", "", 0},
    {"permessage-deflate; unknown, x-webkit-deflate-frame, permessage-deflate; server_max_window_bits=10",
     "; server_max_window_bits=10", 10},
    {"x-webkit-deflate-frame", "", 0},
    {"deflate-stream", "", 0},
    {"Permessage-Deflate", "", 0},
};

std::optional<NegotiatedDeflate> negotiate(std::string_view offer, Version version) {
  const std::string_view lines[] = {offer};
  const auto extensions = parse_extensions(lines, version);
  EXPECT_TRUE(extensions) << offer;
  return negotiate_deflate(extensions.value_or(std::vector<Extension>{}), version);
}

TEST(Extension, EveryOfferGetsItsAnswer) {
  for (const Negotiation& c : negotiations) {
    const auto negotiated = negotiate(c.offer, Version::rfc6455);
    ASSERT_EQ(negotiated.has_value(), c.server_bits != 0) << c.offer;
    if (!negotiated) continue;
    EXPECT_EQ(negotiated->parameters.server_window_bits, c.server_bits) << c.offer;
    EXPECT_EQ(negotiated->response,
              std::string("permessage-deflate; server_no_context_takeover; client_no_context_takeover") + c.response)
        << c.offer;
  }
}

TEST(Extension, DraftsGetNoCompression) {
  EXPECT_FALSE(negotiate("permessage-deflate", Version::hybi07));
  EXPECT_FALSE(negotiate("permessage-deflate", Version::hybi08));
}

struct Answer {
  const char* header;
  bool accepted;
};

constexpr Answer answers[] = {
    {"permessage-deflate; server_no_context_takeover", true},
    {"permessage-deflate; server_no_context_takeover; client_no_context_takeover; server_max_window_bits=9", true},
    {"permessage-deflate", false},
    {"permessage-deflate; server_no_context_takeover; client_max_window_bits=15", false},
    {"permessage-deflate; server_no_context_takeover; unknown", false},
    {"permessage-deflate; server_no_context_takeover; server_max_window_bits", false},
    {"permessage-deflate; server_no_context_takeover, permessage-deflate; server_no_context_takeover", false},
    {"other", false},
};

TEST(Extension, TheClientChecksTheAnswer) {
  for (const Answer& c : answers) {
    const std::string_view lines[] = {c.header};
    EXPECT_EQ(accept_deflate_response(*parse_extensions(lines, Version::rfc6455)).has_value(), c.accepted) << c.header;
  }
}

}  // namespace
}  // namespace usher::websocket
