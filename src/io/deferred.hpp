#pragma once

#include "io/intrusive_list.hpp"

namespace usher::io {

class Loop;

/// Work for the end of the turn (the reap), embedded in its owner; nothing is allocated. Runs once per `defer`; what is
/// deferred while deferred work runs is run at the end of the next turn, which follows at once. Destroying it cancels.
class Deferred : private Link {
 public:
  using Handler = void (*)(void* context);

  Deferred(Handler handler, void* context) : handler_(handler), context_(context) {}

  /// Calls a member function: `Deferred::to<&Session::reap>(this)`.
  template <auto member, typename Owner>
  static Deferred to(Owner* owner) {
    return Deferred([](void* context) { (static_cast<Owner*>(context)->*member)(); }, owner);
  }

  void cancel() { unlink(); }
  bool pending() const { return linked(); }

 private:
  friend class Loop;
  friend class IntrusiveList<Deferred>;

  Handler handler_;
  void* context_;
};

}  // namespace usher::io
