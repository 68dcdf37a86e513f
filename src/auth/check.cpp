#include "auth/check.hpp"

namespace usher::auth {
namespace {

bool address_accepted(const TicketRecord& record, const TicketUse& use, const TicketBinding& binding) {
  if (!record.address) return !binding.require_address;
  if (binding.address == AddressBinding::off) return true;
  return use.address && address_fits(*record.address, *use.address, binding.address);
}

bool origin_accepted(const TicketRecord& record, const TicketUse& use, const TicketBinding& binding) {
  if (record.origin.empty()) return !binding.require_origin;
  // Pages always send one (Fetch standard); who is no browser could write any, so its absence proves nothing.
  return !binding.origin || !use.origin || use.origin == record.origin;
}

bool alive(const Redemption& redemption, base::WallTime now) {
  return redemption.remaining > base::Duration::zero() &&
         (!redemption.record.expires_at || now < *redemption.record.expires_at);
}

}  // namespace

std::optional<TicketRefusal> check_ticket(const Redemption& redemption, const TicketUse& use,
                                          const TicketBinding& binding, base::WallTime now) {
  const TicketRecord& record = redemption.record;
  if (!address_accepted(record, use, binding)) return TicketRefusal::address;
  if (!origin_accepted(record, use, binding)) return TicketRefusal::origin;
  if (!alive(redemption, now)) return TicketRefusal::expired;
  if (!record.path.empty() && record.path != use.path) return TicketRefusal::path;
  return std::nullopt;
}

}  // namespace usher::auth
