#include "auth/ticket_store.hpp"

namespace usher::auth {

std::string_view ticket_refusal_name(TicketRefusal refusal) {
  switch (refusal) {
    case TicketRefusal::unknown:
      return "unknown";
    case TicketRefusal::expired:
      return "expired";
    case TicketRefusal::replayed:
      return "replayed";
    case TicketRefusal::address:
      return "address";
    case TicketRefusal::origin:
      return "origin";
    case TicketRefusal::path:
      return "path";
    case TicketRefusal::malformed:
      return "malformed";
    case TicketRefusal::unavailable:
      return "unavailable";
  }
  return "";
}

}  // namespace usher::auth
