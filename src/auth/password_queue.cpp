#include "auth/password_queue.hpp"

#include "base/assert.hpp"

namespace usher::auth {

PasswordQueue::~PasswordQueue() { ASSERT(waiting_ == 0); }

std::optional<PasswordQueue::Permit> PasswordQueue::admit(const Address& client) {
  if (waiting_ >= limits_.in_all) return std::nullopt;
  const Address key = client.limit_key();
  std::size_t& of_address = per_address_[key];
  if (of_address >= limits_.per_address) {
    if (of_address == 0) per_address_.erase(key);
    return std::nullopt;
  }
  ++of_address;
  ++waiting_;
  return Permit(this, key);
}

PasswordQueue::Permit& PasswordQueue::Permit::operator=(Permit&& other) noexcept {
  if (this != &other) {
    give_back();
    queue_ = std::exchange(other.queue_, nullptr);
    key_ = other.key_;
  }
  return *this;
}

PasswordQueue::Permit::~Permit() { give_back(); }

void PasswordQueue::Permit::give_back() {
  if (queue_ == nullptr) return;
  const auto found = queue_->per_address_.find(key_);
  ASSERT(found != queue_->per_address_.end() && queue_->waiting_ > 0);
  if (--found->second == 0) queue_->per_address_.erase(found);
  --queue_->waiting_;
  queue_ = nullptr;
}

}  // namespace usher::auth
