#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "auth/credential.hpp"
#include "http/request.hpp"
#include "server/route.hpp"

namespace usher::server {

/// `localhost` or a loopback address, with or without a port: no name that a stranger's DNS could point here.
bool is_loopback_host(std::string_view host);

/// Whether a request can only have come from this machine: every listener is local, no proxy has added a header, and
/// its Host is a loopback one.
bool came_from_here(const Rules& rules, const http::RequestHead& head);

/// `docs.access`; where it is not set, "anyone" for what came from here, else "user".
DocsAccess docs_access(const Rules& rules, const http::RequestHead& head);

/// Which credentials a request is looked at for.
struct CredentialNeed {
  enum class Need : std::uint8_t {
    nothing,   ///< none is looked at
    optional,  ///< one that is shown must hold, but none is needed
    required,
  };
  Need need = Need::nothing;
  std::vector<auth::CredentialKind> kinds;  ///< which count; empty with `required`: nobody comes in
  auth::TicketPlaces places;
  bool origin_needed = false;  ///< Basic counts only with an allowed Origin
};

/// For everything but an opening handshake.
CredentialNeed credential_need(const Rules& rules, const Route& route, const http::RequestHead& head, Surface surface);

}  // namespace usher::server
