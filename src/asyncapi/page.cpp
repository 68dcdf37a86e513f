#include <string>
#include <vector>

#include "asyncapi/address.hpp"
#include "asyncapi/document.hpp"
#include "asyncapi/envelopes.hpp"
#include "asyncapi/html.hpp"
#include "asyncapi/page_parts.hpp"
#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

void write_top(Html& html) {
  html.raw(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>What this socket speaks</title>\n"
      "<link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n"
      "<a class=\"skip\" href=\"#main\">Skip to the text</a>\n"
      "<header class=\"top\"><p>usher</p><a href=\"/asyncapi.json\">asyncapi.json</a></header>\n");
}

void write_contents(Html& html, const Description& description, const std::vector<std::string>& ids) {
  html.raw(
      "<nav class=\"contents\" aria-label=\"Contents\">\n<ul>\n<li><a href=\"#main\">What this is</a></li>\n"
      "<li><a href=\"#entry\">Getting in</a></li>\n<li><a href=\"#channels\">Channels</a>");
  if (!ids.empty()) html.raw("<ul>\n");
  for (std::size_t i = 0; i < ids.size(); ++i) {
    html.raw("<li><a href=\"#").text(ids[i]).raw("\"><code>").text(description.channels[i].pattern);
    html.raw("</code></a></li>\n");
  }
  if (!ids.empty()) html.raw("</ul>");
  html.raw(
      "</li>\n<li><a href=\"#dialects\">Dialects</a></li>\n<li><a href=\"#ends\">How a session ends</a></li>\n</ul>\n"
      "</nav>\n");
}

void write_intro(Html& html, const Description& description) {
  html.raw(
      "<section class=\"intro\">\n<h1>What this socket speaks</h1>\n<p class=\"lead\">usher carries messages between "
      "browsers and back ends over WebSockets. You open a socket on a channel, you get what is published there, and "
      "where you may, you publish by sending. This page is made from the running configuration; programs read the "
      "same as an <a href=\"/asyncapi.json\">AsyncAPI document</a>.</p>\n<dl class=\"facts\">\n<div><dt>Server</dt><dd>"
      "<code>");
  html.text(socket_url(description)).raw("</code></dd></div>\n<div><dt>Message</dt><dd>at most ");
  html.text(bytes_in_words(description.message_bytes_max)).raw("</dd></div>\n<div><dt>Ping</dt><dd>after ");
  html.text(std::to_string(description.ping_seconds)).raw(" s of silence</dd></div>\n<div><dt>Compression</dt><dd>");
  html.prose(description.compression ? "`permessage-deflate`" : "none").raw("</dd></div>\n</dl>\n</section>\n");
}

void write_envelope(Html& html, const Envelope& envelope) {
  html.raw("<section class=\"message\">\n<h4><code>").text(envelope.name).raw("</code> <span class=\"directions\">");
  if (envelope.sender == Sender::usher) {
    html.raw("<span class=\"chip in\">you receive</span>");
  } else {
    html.raw("<span class=\"chip out\">you send</span>");
  }
  html.raw("</span></h4>\n<p>").prose(envelope.summary).raw("</p>\n<div class=\"pair\">\n");
  write_schema_table(html, envelope.schema);
  write_example(html, "On the wire", envelope.example);
  html.raw("</div>\n</section>\n");
}

}  // namespace

void write_dialects(Html& html) {
  html.raw(
      "<section id=\"dialects\">\n<h2>Dialects</h2>\n<article id=\"json\">\n<h3><code>usher.json.v1</code></h3>\n"
      "<p class=\"summary\">Text messages, each a JSON object with one of these forms. On channels without history "
      "<code>offset</code> and <code>epoch</code> are absent.</p>\n");
  const EnvelopeShape shape{true};
  for (const Envelope& envelope : envelopes(shape)) write_envelope(html, envelope);
  html.raw(
      "</article>\n<article id=\"raw\">\n<h3><code>usher.raw.v1</code></h3>\n<p class=\"summary\">Payloads with "
      "nothing around them, text or binary as they were published.</p>\n<p>It is also what a socket speaks that "
      "offered no subprotocol, or one of the channel’s own. What you send is published; if you may not publish, the "
      "socket is closed with 4403. There is no answer and no place for one: where usher cannot publish, it closes with "
      "1013.</p>\n</article>\n</section>\n");
}

void write_ends(Html& html, const Description& description) {
  html.raw(
      "<section id=\"ends\">\n<h2>How a session ends</h2>\n<p>The close code says why, and whether to come back. "
      "Browsers show 1006 when there was no WebSocket at all, as after a refused ticket.</p>\n"
      "<table class=\"ends\"><thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Why</th><th scope=\"col\">Come "
      "back?</th></tr></thead><tbody>\n");
  for (const CloseCodeDescription& row : description.close_codes) {
    html.raw("<tr><th scope=\"row\">").text(std::to_string(row.code)).raw("</th><td><b>").text(row.name).raw("</b> ");
    html.prose(row.meaning).raw("</td><td>").prose(row.come_back).raw("</td></tr>\n");
  }
  html.raw("</tbody></table>\n</section>\n");
}

std::string page(const Description& description) {
  Keys keys;
  std::vector<std::string> ids;
  for (const ChannelDescription& channel : description.channels) {
    ids.push_back("channel-" + keys.take(channel.pattern));
  }
  Html html;
  write_top(html);
  html.raw("<div class=\"frame\">\n");
  write_contents(html, description, ids);
  html.raw("<main id=\"main\" tabindex=\"-1\">\n");
  write_intro(html, description);
  write_entry(html, description);
  write_channels(html, description, ids);
  write_dialects(html);
  write_ends(html, description);
  html.raw("</main>\n</div>\n<footer><p>usher ").text(description.version);
  html.raw(
      ". The same for programs: <a href=\"/asyncapi.json\">asyncapi.json</a>, AsyncAPI 3.1.0.</p></footer>\n"
      "</body>\n</html>\n");
  return html.take();
}

}  // namespace usher::asyncapi
