#include "auth/credential.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <vector>

namespace usher::auth {
namespace {

const std::string t1 = "ust_AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";
const std::string t2 = "ust_AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI";
const std::string p1 = "usher.ticket." + t1;
const std::string p2 = "usher.ticket." + t2;

using enum CredentialKind;
constexpr TicketPlaces everywhere = {TicketPlace::protocol, TicketPlace::header, TicketPlace::cookie,
                                     TicketPlace::query};

struct Request {
  std::vector<std::string> authorization = {};
  std::vector<std::string> api_keys = {};
  std::vector<std::string> protocols = {};
  std::vector<std::string> query = {};
  std::optional<std::string> host_cookie = {};
  std::optional<std::string> cookie = {};
};

/// The choice in words: "protocol 1" is the first ticket in that place.
std::string choose(const Request& request, std::vector<CredentialKind> kinds, TicketPlaces places) {
  const auto views = [](const std::vector<std::string>& texts) {
    return std::vector<std::string_view>(texts.begin(), texts.end());
  };
  const auto authorization = views(request.authorization);
  const auto api_keys = views(request.api_keys);
  const auto protocols = views(request.protocols);
  const auto query = views(request.query);
  ShownCredentials shown{authorization, api_keys, protocols, query, {}, {}};
  if (request.host_cookie) shown.ticket_host_cookie = *request.host_cookie;
  if (request.cookie) shown.ticket_cookie = *request.cookie;

  const auto chosen = choose_credential(shown, {kinds, places});
  if (!chosen) {
    switch (chosen.error()) {
      case CredentialError::several:
        return "several";
      case CredentialError::malformed_ticket:
        return "malformed ticket";
      case CredentialError::malformed:
        return "malformed";
      case CredentialError::not_accepted:
        return "not accepted";
      case CredentialError::missing:
        return "missing";
    }
  }
  if (const auto* ticket = std::get_if<ShownTicket>(&*chosen)) {
    return std::string(ticket_place_name(ticket->place)) + (ticket->text == t1 ? " 1" : " 2");
  }
  if (const auto* basic = std::get_if<ShownBasic>(&*chosen)) {
    return "basic " + basic->user + "/" + std::string(basic->password.expose());
  }
  if (const auto* key = std::get_if<ShownApiKey>(&*chosen)) return "key " + std::string(key->key);
  return "anonymous";
}

struct ChoiceCase {
  const char* name;
  Request request;
  const char* chosen;
};

TEST(Credential, OnARouteThatTakesTicketsAndStrangers) {
  const ChoiceCase cases[] = {
      {"nothing", {}, "anonymous"},
      {"protocol", {.protocols = {"usher.json.v1", p1}}, "protocol 1"},
      {"protocol alone", {.protocols = {p1}}, "protocol 1"},
      {"no ticket among protocols", {.protocols = {"usher.json.v1", "usher.tickets"}}, "anonymous"},
      {"the prefix has a case", {.protocols = {"Usher.Ticket." + t1}}, "anonymous"},
      {"header", {.authorization = {"Ticket " + t1}}, "header 1"},
      {"the scheme has none", {.authorization = {"tIcKeT  " + t1}}, "header 1"},
      {"query", {.query = {t1}}, "query 1"},
      {"cookie", {.cookie = t1}, "cookie 1"},
      {"the __Host- cookie first", {.host_cookie = t1, .cookie = t2}, "cookie 1"},
      {"a bad __Host- cookie is the one", {.host_cookie = "x", .cookie = t2}, "malformed ticket"},
      {"protocol before cookie", {.protocols = {p1}, .host_cookie = t2, .cookie = t2}, "protocol 1"},
      {"header before cookie", {.authorization = {"Ticket " + t1}, .cookie = t2}, "header 1"},
      {"query before cookie", {.query = {t1}, .cookie = t2}, "query 1"},
      {"two protocols", {.protocols = {p1, p2}}, "several"},
      {"the same twice", {.protocols = {p1, p1}}, "several"},
      {"two queries", {.query = {t1, t2}}, "several"},
      {"two headers", {.authorization = {"Ticket " + t1, "Ticket " + t1}}, "several"},
      {"a ticket and a Basic header", {.authorization = {"Ticket " + t1, "Basic YTpi"}}, "several"},
      {"protocol and query", {.protocols = {p1}, .query = {t1}}, "several"},
      {"protocol and header", {.authorization = {"Ticket " + t1}, .protocols = {p1}}, "several"},
      {"header and query", {.authorization = {"Ticket " + t1}, .query = {t1}}, "several"},
      {"several before form", {.protocols = {"usher.ticket.x"}, .query = {"y"}}, "several"},
      {"ticket and bearer", {.authorization = {"Bearer x"}, .protocols = {p1}}, "several"},
      {"ticket and API key", {.api_keys = {"usk_x"}, .protocols = {p1}}, "several"},
      {"ticket and apikey", {.authorization = {"apikey usk_x"}, .query = {t1}}, "several"},
      {"two API keys", {.api_keys = {"a", "a"}}, "several"},
      {"cached Basic beside a ticket", {.authorization = {"Basic YTpi"}, .protocols = {p1}}, "protocol 1"},
      {"cached Basic alone", {.authorization = {"Basic YTpi"}}, "anonymous"},
      {"bad form in the protocol", {.protocols = {"usher.ticket.ust_x"}}, "malformed ticket"},
      {"empty protocol", {.protocols = {"usher.ticket."}}, "malformed ticket"},
      {"bad form in the header", {.authorization = {"Ticket x"}}, "malformed ticket"},
      {"empty header", {.authorization = {"Ticket"}}, "malformed ticket"},
      {"bad form in the query", {.query = {""}}, "malformed ticket"},
      {"bad form in the cookie", {.cookie = ""}, "malformed ticket"},
      {"bearer", {.authorization = {"Bearer x.y.z"}}, "not accepted"},
      {"another scheme", {.authorization = {"Digest username=\"a\""}}, "not accepted"},
      {"no scheme", {.authorization = {""}}, "not accepted"},
      {"the ticket without a scheme", {.authorization = {t1}}, "not accepted"},
      {"API key", {.api_keys = {"usk_x"}}, "not accepted"},
      {"apikey", {.authorization = {"apikey usk_x"}}, "not accepted"},
      {"bearer beside a ticket cookie", {.authorization = {"Bearer x"}, .cookie = t1}, "not accepted"},
  };
  for (const ChoiceCase& c : cases) {
    EXPECT_EQ(choose(c.request, {ticket, anonymous}, everywhere), c.chosen) << c.name;
  }
}

TEST(Credential, OnARouteThatTakesPasswordsAndKeys) {
  const ChoiceCase cases[] = {
      {"nothing", {}, "missing"},
      {"Basic", {.authorization = {"Basic YWxpY2U6c2VzYW1l"}}, "basic alice/sesame"},
      {"in any case", {.authorization = {"bAsIc YWxpY2U6c2VzYW1l"}}, "basic alice/sesame"},
      {"a colon in the password", {.authorization = {"Basic YTpiOmM="}}, "basic a/b:c"},
      {"an empty password", {.authorization = {"Basic YTo="}}, "basic a/"},
      {"an empty user", {.authorization = {"Basic OmI="}}, "malformed"},
      {"no colon", {.authorization = {"Basic YWxpY2U="}}, "malformed"},
      {"no padding", {.authorization = {"Basic YTo"}}, "malformed"},
      {"not base64", {.authorization = {"Basic a:b"}}, "malformed"},
      {"not UTF-8", {.authorization = {"Basic /zpi"}}, "malformed"},
      {"a control character", {.authorization = {"Basic YQA6Yg=="}}, "malformed"},
      {"nothing behind the scheme", {.authorization = {"Basic"}}, "malformed"},
      {"API key", {.api_keys = {"usk_x"}}, "key usk_x"},
      {"apikey", {.authorization = {"ApiKey usk_x"}}, "key usk_x"},
      {"an empty key", {.api_keys = {""}}, "malformed"},
      {"key before cached Basic", {.authorization = {"Basic YTpi"}, .api_keys = {"usk_x"}}, "key usk_x"},
      {"two ways", {.authorization = {"apikey usk_x"}, .api_keys = {"usk_x"}}, "several"},
      {"a ticket", {.authorization = {"Ticket " + t1}}, "not accepted"},
      {"a cookie is not looked at", {.cookie = t1}, "missing"},
      {"bearer", {.authorization = {"Bearer x"}}, "not accepted"},
  };
  for (const ChoiceCase& c : cases) EXPECT_EQ(choose(c.request, {basic, api_key}, {}), c.chosen) << c.name;
}

TEST(Credential, ConfiguredOrderDecidesAmongWhatBrowsersAdd) {
  const Request both{.authorization = {"Basic YTpi"}, .cookie = t1};
  EXPECT_EQ(choose(both, {ticket, basic}, everywhere), "cookie 1");
  EXPECT_EQ(choose(both, {basic, ticket}, everywhere), "basic a/b");
  EXPECT_EQ(choose(both, {anonymous, basic}, everywhere), "basic a/b");
  const Request broken{.authorization = {"Basic ?"}, .cookie = t1};
  EXPECT_EQ(choose(broken, {basic, ticket, anonymous}, everywhere), "malformed");
}

TEST(Credential, ATicketCountsOnlyWhereItIsAccepted) {
  const Request requests[] = {
      {.protocols = {p1}}, {.authorization = {"Ticket " + t1}}, {.cookie = t1}, {.query = {t1}}};
  const TicketPlace places[] = {TicketPlace::protocol, TicketPlace::header, TicketPlace::cookie, TicketPlace::query};
  for (std::size_t shown = 0; shown < 4; ++shown) {
    for (std::size_t accepted = 0; accepted < 4; ++accepted) {
      const std::string chosen = choose(requests[shown], {ticket, anonymous}, {places[accepted]});
      const std::string here = std::string(ticket_place_name(places[shown])) + " 1";
      // A cookie comes by itself, so one that is not looked at is not shown; the others are refused.
      const std::string elsewhere = places[shown] == TicketPlace::cookie ? "anonymous" : "not accepted";
      EXPECT_EQ(chosen, shown == accepted ? here : elsewhere) << shown << accepted;
    }
  }
}

TEST(Credential, WordsOfTheConfiguration) {
  EXPECT_EQ(parse_ticket_place("query"), TicketPlace::query);
  EXPECT_FALSE(parse_ticket_place("body"));
  EXPECT_EQ(credential_kind_name(api_key), "api_key");
}

}  // namespace
}  // namespace usher::auth
