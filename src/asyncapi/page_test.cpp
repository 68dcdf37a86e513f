#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "asyncapi/example_test.hpp"
#include "asyncapi/html.hpp"
#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view hostile = "</code><script>alert('x')</script><p class=\"`&";

TEST(Html, EscapesWhatIsNotALiteral) {
  EXPECT_EQ(Html().text("<a href=\"b\">'&'").take(), "&lt;a href=&quot;b&quot;&gt;&#39;&amp;&#39;");
  EXPECT_EQ(Html().prose("a `<b>` c `d").take(), "a <code>&lt;b&gt;</code> c `d");
  EXPECT_EQ(Html().json("</pre>").take(), "<span class=\"s\">&quot;&lt;/pre&gt;&quot;</span>");
}

TEST(Html, BreaksLongJsonIntoLines) {
  EXPECT_EQ(Html().json(Json{{"a", 1}}).take(),
            "{ <span class=\"k\">&quot;a&quot;</span>: <span class=\"n\">1</span> }");
  EXPECT_THAT(Html().json(Json{{"a", std::string(60, 'x')}}).take(), HasSubstr("{\n  <span"));
}

TEST(Page, EscapesEverythingThatIsConfigured) {
  Description description = example_description();
  description.version = description.host = hostile;
  ChannelDescription& channel = description.channels.front();
  channel.pattern = channel.summary = channel.paths.front() = hostile;
  channel.protocols = {std::string(hostile)};
  channel.on_slow = channel.allow_publish = hostile;
  channel.connect_with = {"ticket", std::string(hostile)};
  const std::string json = Json(hostile).dump();
  channel.messages = {{std::string(hostile), std::string(hostile),
                       R"({"description":)" + json + R"(,"properties":{)" + json + ":{\"const\":" + json + "}}}",
                       json}};
  description.close_codes = {{4400, std::string(hostile), std::string(hostile), std::string(hostile)}};
  const std::string html = page(description);
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, Not(HasSubstr("<p class=\"`")));
  EXPECT_THAT(html, Not(HasSubstr("alert('x')")));
}

TEST(Page, LoadsNothingButItsStyle) {
  const std::string html = page(example_description());
  EXPECT_THAT(html, HasSubstr("<link rel=\"stylesheet\" href=\"/docs/style.css\">"));
  for (const char* foreign : {"<script", "<img", "<style", " style=", "src=", "<iframe"}) {
    EXPECT_THAT(html, Not(HasSubstr(foreign)));
  }
  EXPECT_THAT(std::string(page_style()), Not(HasSubstr("url(")));
  EXPECT_THAT(std::string(page_style()), Not(HasSubstr("@import")));
}

TEST(Page, TellsWhatTheConfigurationSays) {
  const std::string html = page(example_description());
  for (const char* expected : {"curl -X POST -u NAME:PASSWORD", "http://127.0.0.1:8080/tickets",
                               "ws://127.0.0.1:8080/channels/room.1", "usher.ticket.", "/channels/echo.{rest}",
                               "you receive", "you send", "1 to 2000 characters.", "4409", "href=\"/asyncapi.json\""}) {
    EXPECT_THAT(html, HasSubstr(expected));
  }
}

TEST(Page, SaysWhenThereIsNothingToSee) {
  EXPECT_THAT(page(Description{}), HasSubstr("There is no channel that you may see."));
}

TEST(Words, SayRights) {
  EXPECT_EQ(rights_in_words(room_channel()), "Who is logged in may read, write and look back.");
  EXPECT_EQ(rights_in_words(echo_channel()), "Anyone may read and write.");
  EXPECT_EQ(rights_in_words(news_channel()), "Its owner may read and look back; nobody may write.");
  EXPECT_EQ(opened_with_in_words(echo_channel()), "Opened with a ticket, or without a credential.");
  EXPECT_EQ(opened_with_in_words(news_channel()), "Opened with a ticket or HTTP Basic.");
}

TEST(Words, SayBytes) {
  EXPECT_EQ(bytes_in_words(65536), "64 KiB");
  EXPECT_EQ(bytes_in_words(2097152), "2 MiB");
  EXPECT_EQ(bytes_in_words(1000), "1000 bytes");
}

}  // namespace
}  // namespace usher::asyncapi
