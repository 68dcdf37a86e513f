#include "server/local_access.hpp"

#include <algorithm>

#include "auth/address.hpp"
#include "base/text.hpp"

namespace usher::server {
namespace {

using auth::CredentialKind;

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::string_view without_brackets(std::string_view host) {
  const bool bracketed = host.size() > 2 && host.starts_with('[') && host.ends_with(']');
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

bool is_loopback(const auth::Address& address) {
  static const auth::Address v6 = *auth::Address::parse("::1");
  return (address.is_v4() && address.bytes()[12] == 127) || address == v6;
}

bool came_through_a_proxy(const http::RequestHead& head) {
  for (std::size_t i = 0; i < head.size(); ++i) {
    const std::string name = base::to_lower(head.at(i).name);
    if (name == "forwarded" || name == "via" || name.starts_with("x-forwarded-")) return true;
  }
  return false;
}

CredentialNeed for_channel(const Route& route, auth::TicketPlaces accept_in) {
  CredentialNeed need;
  need.need = CredentialNeed::Need::required;
  need.kinds = {CredentialKind::ticket, CredentialKind::api_key, CredentialKind::basic};
  const auto& connect_with = route.target->connect_with;
  if (std::find(connect_with.begin(), connect_with.end(), CredentialKind::anonymous) != connect_with.end()) {
    need.kinds.push_back(CredentialKind::anonymous);
  }
  if (accept_in.has(auth::TicketPlace::header)) need.places = {auth::TicketPlace::header};
  need.origin_needed = true;
  return need;
}

CredentialNeed for_documentation(DocsAccess access) {
  CredentialNeed need;
  need.need = CredentialNeed::Need::optional;
  switch (access) {
    case DocsAccess::anyone:
    case DocsAccess::off:
      need.need = CredentialNeed::Need::nothing;
      break;
    case DocsAccess::user:
      need.kinds = {CredentialKind::basic, CredentialKind::api_key};
      break;
    case DocsAccess::api_key:
      need.kinds = {CredentialKind::api_key};
      break;
  }
  return need;
}

}  // namespace

bool is_loopback_host(std::string_view host) {
  const std::string_view name = without_port(host);
  if (base::equals_ignoring_case(name, "localhost")) return true;
  const auto address = auth::Address::parse(without_brackets(name));
  return address && is_loopback(*address);
}

bool came_from_here(const Rules& rules, const http::RequestHead& head) {
  return rules.is_local() && !came_through_a_proxy(head) && is_loopback_host(head.host());
}

DocsAccess docs_access(const Rules& rules, const http::RequestHead& head) {
  return rules.settings().docs.value_or(came_from_here(rules, head) ? DocsAccess::anyone : DocsAccess::user);
}

CredentialNeed credential_need(const Rules& rules, const Route& route, const http::RequestHead& head, Surface surface) {
  CredentialNeed need;
  switch (route.row->access) {
    case Access::open:
      break;
    case Access::connect:
      return for_channel(route, rules.settings().tickets.accept_in);
    case Access::issue:
      need.need = CredentialNeed::Need::required;
      need.kinds = rules.settings().tickets.issue_to;
      need.origin_needed = true;
      break;
    case Access::api_key:
      need.need = CredentialNeed::Need::required;
      need.kinds = {CredentialKind::api_key};
      break;
    case Access::operator_:
      if (surface == Surface::manage || came_from_here(rules, head)) break;
      need.need = CredentialNeed::Need::required;
      need.kinds = {CredentialKind::api_key};
      break;
    case Access::documentation:
      return for_documentation(docs_access(rules, head));
  }
  return need;
}

}  // namespace usher::server
