#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "auth/ticket_store.hpp"
#include "broker/memory/mail.hpp"
#include "server/demo_event.hpp"

namespace usher::server {

/// To the worker that keeps a ticket's shard.
struct TicketPutMail {
  auth::TicketHash hash;
  auth::TicketRecord record;
  base::Duration ttl{};
  std::uint32_t from = 0;
  base::Handle question;
};
struct TicketRedeemMail {
  auth::TicketHash hash;
  std::uint32_t from = 0;
  base::Handle question;
};

/// The answers from there.
struct TicketPutAnswer {
  base::Handle question;
  auth::PutOutcome outcome = auth::PutOutcome::unavailable;
};
struct TicketRedeemAnswer {
  base::Handle question;
  base::Result<auth::Redemption, auth::TicketRefusal> result;
};

/// From the blocking pool: whether a password was right.
struct PasswordAnswer {
  base::Handle question;
  bool right = false;
};

/// From the node: stop accepting, and close the sessions over this time.
struct DrainMail {
  base::Duration over{};
};

/// All that a worker can be sent.
using Mail = std::variant<broker::BrokerMail, TicketPutMail, TicketRedeemMail, TicketPutAnswer, TicketRedeemAnswer,
                          PasswordAnswer, DrainMail, DemoEvent>;

}  // namespace usher::server
