#include "broker/memory/outbox.hpp"

#include <utility>

namespace usher::broker {

Outbox::Outbox(WorkerPost& post, WorkerIndex worker, Collect collect)
    : post_(post), worker_(worker), collect_(std::move(collect)) {}

void Outbox::add_outcome(Token token, const Published& published) {
  if (!items_.empty()) {
    if (auto* mail = std::get_if<BrokerMail>(&items_.back())) {
      if (auto* outcomes = std::get_if<PublishedMail>(mail)) {
        outcomes->outcomes.emplace_back(token, published);
        return;
      }
    }
  }
  PublishedMail mail;
  mail.outcomes.emplace_back(token, published);
  add(std::move(mail));
}

std::uint64_t Outbox::add_due(const Due& due) {
  items_.emplace_back(due);
  return first_place_ + items_.size() - 1;
}

void Outbox::settle(std::uint64_t place) {
  if (place >= first_place_) collect(items_[static_cast<std::size_t>(place - first_place_)]);
}

void Outbox::collect(Item& item) {
  const auto* due = std::get_if<Due>(&item);
  if (due == nullptr) return;
  if (auto mail = collect_(*due)) {
    item = BrokerMail(std::move(*mail));
  } else {
    item = std::monostate();
  }
}

bool Outbox::post(BrokerMail& mail) {
  blocked_ = !post_.try_post(worker_, mail);
  return !blocked_;
}

bool Outbox::post_now(BrokerMail& mail) {
  flush();
  return !blocked_ && post(mail);
}

void Outbox::flush() {
  while (!items_.empty() && !blocked_) {
    collect(items_.front());
    auto* mail = std::get_if<BrokerMail>(&items_.front());
    if (mail != nullptr && !post(*mail)) return;
    items_.pop_front();
    ++first_place_;
  }
}

}  // namespace usher::broker
