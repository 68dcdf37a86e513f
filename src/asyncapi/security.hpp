#pragma once

#include "asyncapi/document.hpp"
#include "asyncapi/schema.hpp"

namespace usher::asyncapi {

/// The security schemes that count here: one for each place of a ticket, Basic, API key; by their keys.
Json security_schemes(const Description& description);

/// References to the schemes that open this channel, any of which is enough. Empty where none is needed.
Json channel_security(const Description& description, const ChannelDescription& channel);

/// How one comes by a ticket, for `x-usher-tickets`.
Json ticket_call(const Description& description);

}  // namespace usher::asyncapi
