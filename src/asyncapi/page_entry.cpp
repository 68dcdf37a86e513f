#include <algorithm>

#include "asyncapi/address.hpp"
#include "asyncapi/page_parts.hpp"
#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

/// The channel that the calls open: the first that takes a ticket, or else the first.
const ChannelDescription* example_channel(const Description& description) {
  const auto takes_ticket = [](const ChannelDescription& channel) { return has_word(channel.connect_with, "ticket"); };
  const auto found = std::find_if(description.channels.begin(), description.channels.end(), takes_ticket);
  if (found != description.channels.end()) return &*found;
  return description.channels.empty() ? nullptr : &description.channels.front();
}

/// A path that can be opened: `/channels/room.1`.
std::string example_path(const ChannelDescription& channel) {
  std::string path = channel.paths.empty() ? "/channels/" + channel.pattern : channel.paths.front();
  Address address = address_of(path);
  for (const Address::Parameter& parameter : address.parameters) {
    const std::string expression = "{" + parameter.name + "}";
    address.text.replace(address.text.find(expression), expression.size(), "1");
  }
  return address.text;
}

void write_code(Html& html, std::string_view caption, std::string_view code) {
  html.raw("<figure><figcaption>")
      .text(caption)
      .raw("</figcaption><pre><code>")
      .text(code)
      .raw("</code></pre></figure>\n");
}

std::string curl_call(const Description& description) {
  const std::string url = http_url(description) + "/tickets";
  if (has_word(description.issue_to, "basic")) {
    return "curl -X POST -u NAME:PASSWORD \\\n  -H 'Origin: " + http_url(description) + "' \\\n  " + url;
  }
  if (has_word(description.issue_to, "api_key")) return "curl -X POST -H 'X-API-Key: KEY' \\\n  " + url;
  return "curl -X POST " + url;
}

void write_ticket_step(Html& html, const Description& description) {
  html.raw("<li><h3>Ask for a ticket</h3>\n<p>");
  if (has_word(description.issue_to, "basic")) {
    html.prose("Show name and password to `POST /tickets` (HTTP Basic), from a page whose origin usher allows. ");
  } else if (has_word(description.issue_to, "api_key")) {
    html.prose("A back end calls `POST /tickets` with its API key and hands the ticket on. ");
  } else if (has_word(description.issue_to, "anonymous")) {
    html.prose("`POST /tickets`; no credential is asked for. ");
  } else {
    html.text("Your back end has one made for you and hands it on. ");
  }
  html.text("The ticket opens one socket, once, within ")
      .text(std::to_string(description.ticket_ttl_seconds))
      .raw(" seconds. Whoever steals it later holds a used one.</p>\n");
  if (!description.issue_to.empty()) {
    write_code(html, "In a terminal", curl_call(description));
    write_example(html, "201 Created",
                  {{"ticket", "ust_…"}, {"expires_in", description.ticket_ttl_seconds}, {"expires_at", 1795357739}});
  }
  html.raw("</li>\n");
}

void write_places(Html& html, const Description& description) {
  html.raw("<p>A ticket is shown in exactly one of these places:</p>\n<ul>");
  for (const std::string& place : description.accept_in) {
    html.raw("<li>").prose(ticket_place_in_words(place)).raw("</li>");
  }
  html.raw("</ul>\n");
}

std::string browser_code(const Description& description, const ChannelDescription& channel) {
  const std::string url = socket_url(description) + example_path(channel);
  std::string code;
  std::string opened = "new WebSocket(\n  \"" + url + "\",\n  [\"usher.json.v1\"]);";
  if (has_word(channel.connect_with, "ticket") && !description.issue_to.empty()) {
    code = "const answer = await fetch(\"" + http_url(description) + "/tickets\", {\n  method: \"POST\",\n";
    if (has_word(description.issue_to, "basic")) {
      code += "  headers: { Authorization: \"Basic \" + btoa(\"NAME:PASSWORD\") },\n";
    }
    code += "});\nconst { ticket } = await answer.json();\n\n";
    if (has_word(description.accept_in, "protocol")) {
      opened = "new WebSocket(\n  \"" + url + "\",\n  [\"usher.json.v1\", \"usher.ticket.\" + ticket]);";
    } else if (has_word(description.accept_in, "query")) {
      opened = "new WebSocket(\n  \"" + url + "?ticket=\" + ticket,\n  [\"usher.json.v1\"]);";
    }
  }
  code += "const socket = " + opened + "\nsocket.onmessage = ({ data }) => console.log(JSON.parse(data));\n";
  if (channel.may_publish) code += "// once hello has come:\nsocket.send(JSON.stringify({ data: \"hi\", id: 1 }));\n";
  return code;
}

}  // namespace

void write_entry(Html& html, const Description& description) {
  const ChannelDescription* channel = example_channel(description);
  const bool tickets = any_opened_with(description, "ticket");
  html.raw("<section id=\"entry\">\n<h2>Getting in</h2>\n<ol class=\"steps\">\n");
  if (tickets) write_ticket_step(html, description);
  html.raw("<li><h3>Open the socket</h3>\n");
  html.raw(
      "<p>One socket carries one channel. Offer the dialect that you speak as subprotocol; the first that is spoken "
      "here is chosen, and without an offer it is <code>usher.raw.v1</code>.</p>\n");
  if (tickets) write_places(html, description);
  if (channel != nullptr) write_code(html, "In a browser", browser_code(description, *channel));
  html.raw(
      "</li>\n<li><h3>Come back</h3>\n<p>A ticket is spent with the socket that it opened: take a fresh one for each "
      "try. On a channel with history, <code>?since=&lt;offset&gt;:&lt;epoch&gt;</code> first sends what you missed, "
      "and "
      "<code>?history=N</code> the newest N. <a href=\"#ends\">How a session ends</a> says what each close code asks "
      "of you.</p></li>\n</ol>\n</section>\n");
}

}  // namespace usher::asyncapi
