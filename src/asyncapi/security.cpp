#include "asyncapi/security.hpp"

#include <array>
#include <string_view>

#include "asyncapi/words.hpp"

namespace usher::asyncapi {
namespace {

struct TicketPlaceRow {
  std::string_view place;
  std::string_view key;
  std::string_view in;
  std::string_view name;
  std::string_view description;
};

constexpr std::array ticket_places = {
    TicketPlaceRow{
        "protocol", "ticket_protocol", "header", "Sec-WebSocket-Protocol",
        "A ticket as one of the offered subprotocols, `usher.ticket.ust_…`, beside one that usher speaks. It "
        "is never echoed. This is the way for browsers."},
    TicketPlaceRow{"header", "ticket_header", "header", "Authorization", "`Authorization: Ticket ust_…`."},
    TicketPlaceRow{"cookie", "ticket_cookie", "cookie", "usher_ticket",
                   "The cookie `__Host-usher_ticket` or `usher_ticket`. It counts only when no other ticket is shown."},
    TicketPlaceRow{"query", "ticket_query", "query", "ticket", "`?ticket=ust_…`."},
};

constexpr std::string_view once = " A ticket opens one session, once.";

const TicketPlaceRow* row_of(std::string_view place) {
  for (const TicketPlaceRow& row : ticket_places) {
    if (row.place == place) return &row;
  }
  return nullptr;
}

bool counts(const Description& description, std::string_view way) {
  return any_opened_with(description, way) || has_word(description.issue_to, way);
}

Json reference_to(std::string_view key) { return Json{{"$ref", "#/components/securitySchemes/" + std::string(key)}}; }

Json credentials(const Description& description) {
  Json list = Json::array();
  for (const std::string& way : description.issue_to) {
    Json one = {{"kind", way}};
    if (way == "basic") one["header"] = "Authorization: Basic …";
    if (way == "basic") one["note"] = "With an Origin that usher allows.";
    if (way == "api_key") one["header"] = "X-API-Key: …";
    list.push_back(std::move(one));
  }
  return list;
}

Json ticket_request() {
  return {{"type", "object"},
          {"description", "Optional. Asks for less than the caller has, never for more."},
          {"properties",
           {{"channels",
             {{"type", "object"},
              {"description", "Patterns of channels, each with the rights wanted there."},
              {"additionalProperties",
               {{"type", "array"}, {"items", {{"enum", {"subscribe", "publish", "presence", "history"}}}}}}}},
            {"path", {{"type", "string"}, {"description", "The only path that the ticket then opens."}}}}}};
}

Json ticket_answer() {
  return {{"type", "object"},
          {"properties",
           {{"ticket", {{"type", "string"}, {"pattern", "^ust_[A-Za-z0-9_-]{43}$"}}},
            {"expires_in", {{"type", "integer"}, {"description", "Seconds."}}},
            {"expires_at", {{"type", "integer"}, {"description", "Seconds since 1970."}}}}},
          {"required", {"ticket", "expires_in", "expires_at"}}};
}

}  // namespace

Json security_schemes(const Description& description) {
  Json schemes = Json::object();
  if (any_opened_with(description, "ticket")) {
    for (const TicketPlaceRow& row : ticket_places) {
      if (!has_word(description.accept_in, row.place)) continue;
      schemes[std::string(row.key)] = {{"type", "httpApiKey"},
                                       {"in", row.in},
                                       {"name", row.name},
                                       {"description", std::string(row.description) + std::string(once)}};
    }
  }
  if (counts(description, "basic")) {
    const bool opens = any_opened_with(description, "basic");
    const bool buys = has_word(description.issue_to, "basic");
    std::string text = "User and password";
    if (opens) text += ", in the opening handshake";
    if (buys) text += opens ? " and for POST /tickets" : ", for POST /tickets only";
    schemes["basic"] = {
        {"type", "http"}, {"scheme", "basic"}, {"description", text + "; with an Origin that usher allows."}};
  }
  if (any_opened_with(description, "api_key")) {
    schemes["api_key"] = {
        {"type", "httpApiKey"}, {"in", "header"}, {"name", "X-API-Key"}, {"description", "A back end's key."}};
  }
  return schemes;
}

Json channel_security(const Description& description, const ChannelDescription& channel) {
  Json security = Json::array();
  // AsyncAPI cannot say "or none", so where anyone may come without, nothing is asked for.
  if (has_word(channel.connect_with, "anonymous")) return security;
  for (const std::string& way : channel.connect_with) {
    if (way == "basic" || way == "api_key") security.push_back(reference_to(way));
    if (way != "ticket") continue;
    for (const std::string& place : description.accept_in) {
      if (const TicketPlaceRow* row = row_of(place)) security.push_back(reference_to(row->key));
    }
  }
  return security;
}

Json ticket_call(const Description& description) {
  return {{"description",
           "POST /tickets answers with a ticket, which opens one session, once, within its time to live. A refused "
           "ticket is 401 `ticket_refused`, for whatever reason."},
          {"method", "POST"},
          {"url", http_url(description) + "/tickets"},
          {"credentials", credentials(description)},
          {"request", ticket_request()},
          {"response", {{"status", 201}, {"contentType", "application/json"}, {"schema", ticket_answer()}}},
          {"ttlSeconds", description.ticket_ttl_seconds},
          {"acceptIn", description.accept_in}};
}

}  // namespace usher::asyncapi
