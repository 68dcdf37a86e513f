#include "channel/log.hpp"

#include <utility>

namespace usher::channel {
namespace {

WireFormRef& place_of(LogEntry& entry, dialect::Form form) {
  if (form == dialect::Form::json) return entry.json;
  if (!entry.deflated) entry.deflated = std::make_unique<std::array<WireFormRef, dialect::form_count>>();
  return (*entry.deflated)[static_cast<std::size_t>(form)];
}

LogEntry entry_of(PublicationRef publication) {
  LogEntry entry;
  entry.bytes = static_cast<std::uint32_t>(publication->memory_bytes());
  entry.publication = std::move(publication);
  return entry;
}

}  // namespace

void Log::append(PublicationRef publication) { add_last(entry_of(std::move(publication))); }

void Log::append_gap(const Gap& gap) {
  LogEntry entry;
  entry.gap = std::make_unique<Gap>(gap);
  entry.bytes = sizeof(Gap);
  add_last(std::move(entry));
}

void Log::prepend(PublicationRef publication) {
  LogEntry& entry = ring_.push_front(entry_of(std::move(publication)));
  bytes_ += entry.bytes;
  --first_;
}

// Whoever stood at the end stands at the new entry without having moved.
void Log::add_last(LogEntry&& entry) {
  entry.waiting = std::exchange(waiting_at_end_, 0);
  bytes_ += entry.bytes;
  ring_.push_back(std::move(entry));
}

void Log::drop_first() {
  const std::uint32_t passed = ring_.front().waiting;
  bytes_ -= ring_.front().bytes;
  ring_.pop_front();
  ++first_;
  waiting(first_) += passed;
}

base::Slice Log::frame(Sequence sequence, dialect::Form form, Encoder& encoder) {
  LogEntry& entry = this->entry(sequence);
  if (form == dialect::Form::raw) {
    const std::string_view bytes = entry.publication->raw_frame();
    return {bytes.data(), bytes.size(), entry.publication.get()};
  }
  WireFormRef& wire_form = place_of(entry, form);
  if (!wire_form) {
    wire_form = encoder.encode(*entry.publication, form);
    const std::size_t more = wire_form->memory_bytes();
    entry.bytes += static_cast<std::uint32_t>(more);
    bytes_ += more;
  }
  const std::string_view bytes = wire_form->frame();
  return {bytes.data(), bytes.size(), wire_form.get()};
}

}  // namespace usher::channel
