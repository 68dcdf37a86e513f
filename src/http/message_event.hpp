#pragma once

namespace usher::http {

/// What a parser found in the bytes that it was given last.
enum class MessageEvent {
  none,    ///< everything was consumed, or the parser waits to be reset; more bytes are needed
  head,    ///< the head is complete; no byte of the body has been consumed
  body,    ///< a piece of the body
  end,     ///< the message is complete; what follows is left unconsumed until `reset`
  failed,  ///< the message is malformed or too large; nothing more is consumed, ever
};

}  // namespace usher::http
