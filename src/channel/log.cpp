#include "channel/log.hpp"

#include <utility>

namespace usher::channel {
namespace {

WireFormRef& place_of(LogEntry& entry, dialect::Form form) {
  if (form == dialect::Form::json) return entry.json;
  if (!entry.deflated) entry.deflated = std::make_unique<std::array<WireFormRef, dialect::form_count>>();
  return (*entry.deflated)[static_cast<std::size_t>(form)];
}

}  // namespace

void Log::append_gap(const Gap& gap) { add_last(sizeof(Gap)).gap = std::make_unique<Gap>(gap); }

void Log::prepend(PublicationRef publication) {
  LogEntry& entry = ring_.emplace_front();
  entry.bytes = static_cast<std::uint32_t>(publication->memory_bytes());
  entry.publication = std::move(publication);
  bytes_ += entry.bytes;
  --first_;
}

base::Slice Log::encoded_frame(Sequence sequence, dialect::Form form, Encoder& encoder) {
  LogEntry& entry = this->entry(sequence);
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
