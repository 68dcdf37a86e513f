#include <array>

#include "app/keys.hpp"

namespace usher::app {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

constexpr std::uint64_t outstanding_max = 100'000'000;

void read_ttl(Reading& reading, const Value& value, const Key&) {
  if (const auto time = reading.duration(value, seconds(1), hours(24))) reading.settings().tickets.ttl = *time;
}

void read_ttl_max(Reading& reading, const Value& value, const Key&) {
  if (const auto time = reading.duration(value, seconds(1), hours(24))) reading.settings().tickets.ttl_max = *time;
}

void read_store(Reading& reading, const Value& value, const Key&) {
  const std::optional<std::string> store = reading.text(value);
  if (!store || *store == "memory") return;
  if (*store == "redis" || store->starts_with("sqlite:")) return reading.fail_later(value.place, "\"" + *store + "\"");
  reading.fail_key(value.place, "\"" + *store + R"(" is not known: "memory", "sqlite:FILE" or "redis")");
}

void read_bind_address(Reading& reading, const Value& value, const Key&) {
  constexpr std::array<Word<auth::AddressBinding>, 3> words{{{"exact", auth::AddressBinding::exact},
                                                             {"prefix", auth::AddressBinding::prefix},
                                                             {"off", auth::AddressBinding::off}}};
  if (const auto binding = reading.word(value, words)) reading.settings().tickets.binding.address = *binding;
}

void read_bind_origin(Reading& reading, const Value& value, const Key&) {
  if (const auto on = reading.flag(value)) reading.settings().tickets.binding.origin = *on;
}

void read_require(Reading& reading, const Value& value, const Key&) {
  enum class Required : std::uint8_t { ip, origin };
  constexpr std::array<Word<Required>, 2> known{{{"ip", Required::ip}, {"origin", Required::origin}}};
  for (const Required required : reading.words(value, known).value_or(std::vector<Required>())) {
    auth::TicketBinding& binding = reading.settings().tickets.binding;
    (required == Required::ip ? binding.require_address : binding.require_origin) = true;
  }
}

void read_accept_in(Reading& reading, const Value& value, const Key&) {
  constexpr std::array<Word<auth::TicketPlace>, 4> known{{{"protocol", auth::TicketPlace::protocol},
                                                          {"header", auth::TicketPlace::header},
                                                          {"cookie", auth::TicketPlace::cookie},
                                                          {"query", auth::TicketPlace::query}}};
  const auto places = reading.words(value, known);
  if (!places) return;
  auth::TicketPlaces set;
  for (const auth::TicketPlace place : *places) set.add(place);
  reading.settings().tickets.accept_in = set;
}

void read_outstanding(Reading& reading, const Value& value, const Key&) {
  const auto number = reading.number(value, 1, outstanding_max);
  if (number) reading.settings().tickets.outstanding = *number;
}

void read_issue_to(Reading& reading, const Value& value, const Key&) {
  auto kinds = read_kinds(reading, value);
  if (!kinds) return;
  for (const auth::CredentialKind kind : *kinds) {
    if (kind == auth::CredentialKind::ticket) reading.fail_key(value.place, "a ticket cannot be had for a ticket");
  }
  reading.settings().tickets.issue_to = std::move(*kinds);
}

constexpr std::array keys = {
    Key{"tickets.ttl", read_ttl, "how long a ticket is good"},
    Key{"tickets.ttl_max", read_ttl_max, "no ticket lives longer, whoever minted it"},
    Key{"tickets.store", read_store, "where unspent tickets are kept"},
    Key{"tickets.bind_address", read_bind_address, "how closely a ticket is tied to the client's address"},
    Key{"tickets.bind_origin", read_bind_origin, "whether a ticket is tied to the page's origin"},
    Key{"tickets.require", read_require, "refuse records that lack these"},
    Key{"tickets.accept_in", read_accept_in, "where in the handshake a ticket may stand"},
    Key{"tickets.outstanding", read_outstanding, "unspent tickets of one node"},
    Key{"tickets.issue_to", read_issue_to, "who may POST /tickets"},
};

}  // namespace

std::span<const Key> ticket_keys() { return keys; }

std::optional<std::vector<auth::CredentialKind>> read_kinds(Reading& reading, const Value& value) {
  using auth::CredentialKind;
  constexpr std::array<Word<CredentialKind>, 7> known{{{"ticket", CredentialKind::ticket},
                                                       {"basic", CredentialKind::basic},
                                                       {"api_key", CredentialKind::api_key},
                                                       {"anonymous", CredentialKind::anonymous},
                                                       {"cookie", std::nullopt},
                                                       {"jwt", std::nullopt},
                                                       {"mtls", std::nullopt}}};
  return reading.words(value, known);
}

}  // namespace usher::app
