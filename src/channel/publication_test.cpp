#include "channel/publication.hpp"

#include <gtest/gtest.h>

#include <string>

#include "channel/position.hpp"
#include "channel/wire_form.hpp"

namespace usher::channel {
namespace {

TEST(Publication, KeepsItsParts) {
  PublicationDraft draft({.kind = dialect::PayloadKind::binary,
                          .json = dialect::PayloadJson::other,
                          .payload = std::string_view("\0\xff", 2),
                          .user = "alice",
                          .info = R"({"n":1})",
                          .tags = R"({"k":"v"})"});
  draft.set_offset(7);
  draft.set_time({1795357739123});
  const PublicationRef publication = std::move(draft).seal();
  EXPECT_FALSE(draft);
  EXPECT_EQ(publication->kind(), dialect::PayloadKind::binary);
  EXPECT_EQ(publication->json(), dialect::PayloadJson::other);
  EXPECT_EQ(publication->payload(), std::string_view("\0\xff", 2));
  EXPECT_EQ(publication->user(), "alice");
  EXPECT_EQ(publication->info(), R"({"n":1})");
  EXPECT_EQ(publication->tags(), R"({"k":"v"})");
  EXPECT_EQ(publication->offset(), 7u);
  EXPECT_EQ(publication->time().milliseconds, 1795357739123);
}

TEST(Publication, NoUserIsNotAnEmptyOne) {
  EXPECT_EQ(PublicationDraft(PublicationParts{.payload = "x"}).publication().user(), std::nullopt);
  EXPECT_EQ(PublicationDraft(PublicationParts{.payload = "x", .user = ""}).publication().user(), "");
}

struct FrameCase {
  std::size_t size;
  dialect::PayloadKind kind;
  std::string header;
};

TEST(Publication, CarriesItsFrame) {
  const FrameCase cases[] = {
      {0, dialect::PayloadKind::text, std::string("\x81\x00", 2)},
      {5, dialect::PayloadKind::binary, "\x82\x05"},
      {125, dialect::PayloadKind::text, "\x81\x7d"},
      {126, dialect::PayloadKind::text, std::string("\x81\x7e\x00\x7e", 4)},
      {65535, dialect::PayloadKind::binary, "\x82\x7e\xff\xff"},
      {65536, dialect::PayloadKind::text, std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10)},
  };
  for (const FrameCase& each : cases) {
    const std::string payload(each.size, 'x');
    const PublicationDraft draft({.kind = each.kind, .payload = payload, .user = "bob"});
    EXPECT_EQ(draft.publication().raw_frame(), each.header + payload) << each.size;
  }
}

TEST(WireForm, JsonIsOneTextFrame) {
  const PublicationDraft draft({.kind = dialect::PayloadKind::binary, .payload = "a"});
  const std::string text = R"({"time":0.000,"user":null,"info":null,"base64":"YQ=="})";
  Encoder encoder(nullptr);
  EXPECT_EQ(encoder.encode(draft.publication(), dialect::Form::json)->frame(), "\x81\x36" + text);
  const std::string long_payload(300, '1');
  const PublicationDraft longer(PublicationParts{.payload = long_payload});
  const WireFormRef form = encoder.encode(longer.publication(), dialect::Form::json);
  EXPECT_EQ(form->frame().substr(0, 4), std::string_view("\x81\x7e\x01\x5a", 4));
}

class Reverser final : public FrameCompressor {
 public:
  bool compress(dialect::PayloadKind kind, std::string_view payload, int window_bits, std::string& frame) override {
    if (payload.size() < 3) return false;
    frame = (kind == dialect::PayloadKind::text ? "t" : "b") + std::to_string(window_bits);
    frame.append(payload.rbegin(), payload.rend());
    return true;
  }
};

TEST(WireForm, DeflatedFormsAreTheCompressorsOrPlain) {
  Reverser reverser;
  Encoder encoder(&reverser);
  const PublicationDraft draft({.kind = dialect::PayloadKind::binary, .payload = "abc"});
  EXPECT_EQ(encoder.encode(draft.publication(), dialect::Form::raw_deflate_9)->frame(), "b9cba");
  EXPECT_EQ(encoder.encode(draft.publication(), dialect::Form::json_deflate_11)->frame().substr(0, 4), "t11}");
  const PublicationDraft tiny(PublicationParts{.payload = "a"});
  EXPECT_EQ(encoder.encode(tiny.publication(), dialect::Form::raw_deflate_12)->frame(),
            "\x81\x01"
            "a");
}

TEST(Form, KnowsItsPlainFormAndWindow) {
  for (int bits = 9; bits <= 12; ++bits) {
    EXPECT_EQ(dialect::window_bits(dialect::deflated(dialect::Form::raw, bits)), bits);
    EXPECT_EQ(dialect::window_bits(dialect::deflated(dialect::Form::json, bits)), bits);
    EXPECT_FALSE(dialect::is_json(dialect::deflated(dialect::Form::raw, bits)));
    EXPECT_TRUE(dialect::is_json(dialect::deflated(dialect::Form::json, bits)));
  }
  EXPECT_EQ(dialect::deflated(dialect::Form::raw, 15), dialect::Form::raw_deflate_12);
  EXPECT_FALSE(dialect::is_deflated(dialect::Form::json));
}

struct PositionCase {
  const char* text;
  bool well_formed;
  std::uint64_t offset;
  const char* epoch;
};

TEST(Position, ReadsOffsetAndEpoch) {
  const PositionCase cases[] = {
      {"7:xK3f", true, 7, "xK3f"},
      {"0:a", true, 0, "a"},
      {"18446744073709551615:-_", true, UINT64_MAX, "-_"},
      {"7:strange epoch!", true, 7, ""},
      {"7:a:b", true, 7, ""},
      {"7:abcdefghijklmnopqrstuvwxyz0123456", true, 7, ""},
      {"7:abcdefghijklmnopqrstuvwxyz012345", true, 7, "abcdefghijklmnopqrstuvwxyz012345"},
      {"7:", false, 0, ""},
      {"7", false, 0, ""},
      {":a", false, 0, ""},
      {"-1:a", false, 0, ""},
      {"18446744073709551616:a", false, 0, ""},
      {"", false, 0, ""},
  };
  for (const PositionCase& each : cases) {
    const auto position = parse_position(each.text);
    ASSERT_EQ(position.has_value(), each.well_formed) << each.text;
    if (!position) continue;
    EXPECT_EQ(position->offset, each.offset) << each.text;
    EXPECT_EQ(position->epoch.text(), each.epoch) << each.text;
  }
  EXPECT_EQ(format_position({7, *Epoch::parse("xK3f")}), "7:xK3f");
}

}  // namespace
}  // namespace usher::channel
