#include "server/admission.hpp"

#include <utility>
#include <vector>

#include "server/header_lines.hpp"

namespace usher::server {
namespace {

std::optional<std::string_view> first_cookie(const http::RequestHead& head, std::string_view name) {
  const std::vector<std::string_view> values = http::cookie_values(head, name);
  return values.empty() ? std::nullopt : std::optional(values.front());
}

std::vector<std::string_view> query_tickets(const http::Query& query) {
  std::vector<std::string_view> tickets;
  for (const http::QueryParameter& parameter : query.parameters()) {
    if (parameter.name == "ticket") tickets.push_back(parameter.value);
  }
  return tickets;
}

}  // namespace

AdmissionFailure ticket_failure(WorkerMetrics& metrics, auth::TicketRefusal refusal) {
  metrics.tickets_refused[static_cast<std::size_t>(refusal)].add();
  const bool store_is_away = refusal == auth::TicketRefusal::unavailable;
  return {store_is_away ? Refusal::tickets_unavailable : Refusal::ticket_refused, refusal};
}

base::Result<auth::Credential, AdmissionFailure> Admission::choose(const Shown& shown,
                                                                   const auth::CredentialPolicy& policy) {
  const std::vector<std::string_view> authorization = header_lines(*shown.head, "Authorization");
  const std::vector<std::string_view> api_key = header_lines(*shown.head, "X-API-Key");
  const std::vector<std::string_view> tickets = query_tickets(*shown.query);
  const auth::ShownCredentials places{authorization,
                                      api_key,
                                      shown.protocols,
                                      tickets,
                                      first_cookie(*shown.head, auth::ticket_host_cookie),
                                      first_cookie(*shown.head, auth::ticket_cookie)};
  auto chosen = auth::choose_credential(places, policy);
  if (chosen.ok()) return std::move(chosen).value();
  switch (chosen.error()) {
    case auth::CredentialError::several:
      return AdmissionFailure{Refusal::several_credentials, std::nullopt};
    case auth::CredentialError::malformed_ticket:
      return ticket_failure(metrics_, auth::TicketRefusal::malformed);
    case auth::CredentialError::malformed:
    case auth::CredentialError::not_accepted:
      return AdmissionFailure{Refusal::credential_refused, std::nullopt};
    case auth::CredentialError::missing:
      return AdmissionFailure{Refusal::credential_needed, std::nullopt};
  }
  return AdmissionFailure{};
}

void Admission::verify(const auth::Credential& credential, const Shown& shown, bool origin_needed, Done done) {
  if (const auto* ticket = std::get_if<auth::ShownTicket>(&credential)) {
    return redeem(ticket->text, shown, std::move(done));
  }
  if (const auto* basic = std::get_if<auth::ShownBasic>(&credential)) {
    return check_password(*basic, shown, origin_needed, std::move(done));
  }
  if (const auto* shown_key = std::get_if<auth::ShownApiKey>(&credential)) {
    const auth::ApiKey* key = rules_.settings().auth.api_keys.find(shown_key->key);
    if (key == nullptr) return done(AdmissionFailure{Refusal::credential_refused, std::nullopt});
    return done(Admitted{auth::CredentialKind::api_key, auth::Grant(), key});
  }
  done(Admitted{auth::CredentialKind::anonymous, rules_.grant_for(auth::CredentialKind::anonymous, std::nullopt),
                nullptr});
}

void Admission::redeem(std::string_view ticket, const Shown& shown, Done done) {
  auto finish = [this, address = shown.address, origin = shown.origin, path = std::string(shown.head->path()),
                 done = std::move(done)](base::Result<auth::Redemption, auth::TicketRefusal> result) {
    if (!result.ok()) return done(ticket_failure(metrics_, result.error()));
    const auth::TicketUse use{address, origin ? std::optional<std::string_view>(*origin) : std::nullopt, path};
    done(admit_ticket(std::move(result).value(), use));
  };
  tickets_.redeem(auth::ticket_hash(ticket), clock_().instant, std::move(finish));
}

base::Result<Admitted, AdmissionFailure> Admission::admit_ticket(auth::Redemption redemption,
                                                                 const auth::TicketUse& use) {
  const auth::TicketRecord& record = redemption.record;
  if (!record.address || record.origin.empty()) metrics_.tickets_unbound.add();
  const auto refusal = auth::check_ticket(redemption, use, rules_.settings().tickets.binding, clock_().wall);
  if (refusal) return ticket_failure(metrics_, *refusal);
  metrics_.tickets_redeemed.add();
  return Admitted{auth::CredentialKind::ticket, std::move(redemption.record.grant), nullptr};
}

void Admission::check_password(const auth::ShownBasic& basic, const Shown& shown, bool origin_needed, Done done) {
  if (origin_needed && !shown.origin) return done(AdmissionFailure{Refusal::origin_required, std::nullopt});
  auto finish = [this, user = basic.user, done = std::move(done)](PasswordVerdict verdict) {
    switch (verdict) {
      case PasswordVerdict::right:
        return done(
            Admitted{auth::CredentialKind::basic, rules_.grant_for(auth::CredentialKind::basic, user), nullptr});
      case PasswordVerdict::wrong:
        return done(AdmissionFailure{Refusal::credential_refused, std::nullopt});
      case PasswordVerdict::busy:
        return done(AdmissionFailure{Refusal::busy, std::nullopt});
    }
  };
  passwords_.check(shown.address, basic.user, basic.password, std::move(finish));
}

}  // namespace usher::server
