#include "asyncapi/address.hpp"
#include "asyncapi/envelopes.hpp"
#include "asyncapi/page_parts.hpp"
#include "asyncapi/schema_rows.hpp"
#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

void write_directions(Html& html, const ChannelDescription& channel) {
  html.raw("<span class=\"directions\"><span class=\"chip in\">you receive</span>");
  if (channel.may_publish) html.raw(" <span class=\"chip out\">you send</span>");
  html.raw("</span>");
}

void write_addresses(Html& html, const Description& description, const ChannelDescription& channel) {
  html.raw("<div><dt>Address</dt><dd>");
  for (const std::string& path : channel.paths) {
    html.raw("<code class=\"address\">").text(socket_url(description)).raw("<b>").text(address_of(path).text);
    html.raw("</b></code> ");
  }
  html.raw("</dd></div>\n");
}

void write_facts(Html& html, const Description& description, const ChannelDescription& channel) {
  html.raw("<dl class=\"facts\">\n");
  write_addresses(html, description, channel);
  html.raw("<div><dt>Rights</dt><dd>").prose(rights_in_words(channel)).raw(" ");
  html.prose(opened_with_in_words(channel))
      .raw("</dd></div>\n<div><dt>Subprotocols</dt><dd class=\"names\"><code>usher.json.v1</code> ");
  html.raw("<code>usher.raw.v1</code>");
  for (const std::string& name : channel.protocols) html.raw(" <code>").text(name).raw("</code>");
  html.raw("</dd></div>\n<div><dt>History</dt><dd>");
  html.prose(channel.has_history ? "Kept for a while: `?since=` and `?history=` work."
                                 : "None: you get what comes while you are there.");
  html.raw("</dd></div>\n<div><dt>Slow readers</dt><dd>").prose(slowness_in_words(channel)).raw("</dd></div>\n</dl>\n");
}

void write_wire(Html& html, const ChannelDescription& channel, const Json& example) {
  html.raw("<div class=\"wires\">\n");
  write_example(html, "The payload, and all of it in usher.raw.v1", example);
  for (const Envelope& envelope : envelopes({channel.has_history, Json::object(), example})) {
    if (envelope.name == "publication") write_example(html, "You receive in usher.json.v1", envelope.example);
    if (envelope.name == "publish" && channel.may_publish) {
      write_example(html, "You send in usher.json.v1", envelope.example);
    }
  }
  html.raw("</div>\n");
}

void write_message(Html& html, const ChannelDescription& channel, const MessageDescription& message) {
  html.raw("<section class=\"message\">\n<h4><code>").text(message.name).raw("</code> ");
  write_directions(html, channel);
  html.raw("</h4>\n");
  if (!message.summary.empty()) html.raw("<p>").text(message.summary).raw("</p>\n");
  const auto schema = parse_json(message.schema);
  if (schema) {
    write_schema_table(html, *schema);
  } else {
    html.raw("<p>Any text or binary message; nothing more is declared.</p>\n");
  }
  if (const auto example = parse_json(message.example)) write_wire(html, channel, *example);
  if (schema) {
    html.raw("<details><summary>JSON Schema</summary><pre><code>").json(*schema).raw("</code></pre></details>\n");
  }
  html.raw("</section>\n");
}

void write_channel(Html& html, const Description& description, const ChannelDescription& channel, std::string_view id) {
  html.raw("<article id=\"").text(id).raw("\">\n<h3><code>").text(channel.pattern).raw("</code></h3>\n");
  if (!channel.summary.empty()) html.raw("<p class=\"summary\">").text(channel.summary).raw("</p>\n");
  write_facts(html, description, channel);
  if (channel.messages.empty()) {
    html.raw("<section class=\"message\">\n<h4>Any message ");
    write_directions(html, channel);
    html.raw("</h4>\n<p>Nothing is declared: text or binary, as it is published.</p>\n</section>\n");
  }
  for (const MessageDescription& message : channel.messages) write_message(html, channel, message);
  html.raw("</article>\n");
}

}  // namespace

void write_example(Html& html, std::string_view caption, const Json& value) {
  html.raw("<figure><figcaption>").text(caption).raw("</figcaption><pre><code>").json(value);
  html.raw("</code></pre></figure>\n");
}

void write_schema_table(Html& html, const Json& schema) {
  html.raw(
      "<table class=\"fields\"><thead><tr><th scope=\"col\">Member</th><th scope=\"col\">Form</th>"
      "<th scope=\"col\">What it is</th></tr></thead><tbody>\n");
  for (const SchemaRow& row : schema_rows(schema)) {
    html.raw("<tr><th scope=\"row\">");
    if (row.name.empty()) {
      html.raw("the value");
    } else {
      html.raw("<code>").text(row.name).raw("</code>");
    }
    html.raw("</th><td>").prose(row.form);
    if (row.presence == Presence::optional) html.raw(" <span class=\"optional\">optional</span>");
    html.raw("</td><td>").prose(row.note).raw("</td></tr>\n");
  }
  html.raw("</tbody></table>\n");
}

void write_channels(Html& html, const Description& description, const std::vector<std::string>& ids) {
  html.raw("<section id=\"channels\">\n<h2>Channels</h2>\n");
  if (description.channels.empty()) {
    html.raw("<p>There is no channel that you may see. With another credential there may be.</p>\n");
  } else {
    html.raw(
        "<p><code>{name}</code> in an address is one segment of your choice; a last <code>{rest}</code> is all that "
        "follows. Schemas say what the channel is meant to carry; usher passes on what was published, byte for "
        "byte.</p>\n");
  }
  for (std::size_t i = 0; i < description.channels.size(); ++i) {
    write_channel(html, description, description.channels[i], ids[i]);
  }
  html.raw("</section>\n");
}

}  // namespace usher::asyncapi
