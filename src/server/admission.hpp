#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/credential.hpp"
#include "auth/ticket_store.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "http/request.hpp"
#include "http/uri.hpp"
#include "server/metrics.hpp"
#include "server/password_checks.hpp"
#include "server/refusal.hpp"
#include "server/rules.hpp"

namespace usher::server {

/// Who was let in, and how.
struct Admitted {
  auth::CredentialKind kind = auth::CredentialKind::anonymous;
  auth::Grant grant;
  const auth::ApiKey* api_key = nullptr;  ///< of the settings; only with kind api_key
};

/// Who was not, and why. The client learns the refusal; log and metrics also learn what was wrong with the ticket.
struct AdmissionFailure {
  Refusal refusal = Refusal::credential_refused;
  std::optional<auth::TicketRefusal> ticket;
};

/// What a request shows and where it comes from. Views into the request; good for the call.
struct Shown {
  const http::RequestHead* head = nullptr;
  const http::Query* query = nullptr;
  std::span<const std::string_view> protocols;  ///< offered subprotocols
  std::optional<auth::Address> address;         ///< absent on a unix socket
  std::optional<std::string> origin;            ///< normalised and allowed; absent when the request has none
};

/// Verifies credentials, for every transport: the one place where a secret becomes a grant. One per worker.
class Admission {
 public:
  using Done = std::function<void(base::Result<Admitted, AdmissionFailure>)>;
  using Clock = std::function<broker::Moment()>;

  Admission(const Rules& rules, auth::TicketStore& tickets, PasswordDesk& passwords, WorkerMetrics& metrics,
            Clock clock)
      : rules_(rules), tickets_(tickets), passwords_(passwords), metrics_(metrics), clock_(std::move(clock)) {}

  /// Which one credential the request shows (interfaces: "exactly one of"). Nothing is spent.
  base::Result<auth::Credential, AdmissionFailure> choose(const Shown& shown, const auth::CredentialPolicy& policy);

  /// Verifies it. A ticket is spent from here on, whatever comes of it. `origin_needed`: the request changes something
  /// or opens a stream, so what browsers attach by themselves counts only with an allowed Origin. `done` may be called
  /// before this returns.
  void verify(const auth::Credential& credential, const Shown& shown, bool origin_needed, Done done);

 private:
  void redeem(std::string_view ticket, const Shown& shown, Done done);
  void check_password(const auth::ShownBasic& basic, const Shown& shown, bool origin_needed, Done done);
  base::Result<Admitted, AdmissionFailure> admit_ticket(auth::Redemption redemption, const auth::TicketUse& use);

  const Rules& rules_;
  auth::TicketStore& tickets_;
  PasswordDesk& passwords_;
  WorkerMetrics& metrics_;
  Clock clock_;
};

/// Counts what was wrong with a ticket and gives the failure that the client sees.
AdmissionFailure ticket_failure(WorkerMetrics& metrics, auth::TicketRefusal refusal);

}  // namespace usher::server
