#pragma once

namespace usher::base {

/// Prints the broken condition with its place and aborts. It is on in every build: a server whose own rules are broken
/// must stop before it answers wrongly.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace usher::base

/// Our own invariant. Never for what a peer or the operating system did: those are values, not bugs.
#define ASSERT(condition) \
  (static_cast<bool>(condition) ? void(0) : ::usher::base::assertion_failed(#condition, __FILE__, __LINE__))
