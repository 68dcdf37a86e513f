#include "channel/hub_channel.hpp"

namespace usher::channel {

void Hub::Channel::drop_first() {
  const LogEntry& entry = log.at(log.first());
  if (entry.gap) {
    --gaps;
    unknown_before = log.first() + 1;
    if (before_first && entry.gap->position) *before_first = *entry.gap->position;
  } else if (before_first) {
    before_first->offset = entry.publication->offset();
  }
  log.drop_first();
}

Position Hub::Channel::position_before(Sequence sequence) const {
  Position position = *before_first;
  if (sequence > log.first() && !log.at(sequence - 1).gap) position.offset = log.at(sequence - 1).publication->offset();
  if (gaps == 0) return position;
  for (Sequence at = sequence; at-- > log.first();) {
    const LogEntry& entry = log.at(at);
    if (!entry.gap || !entry.gap->position) continue;
    position.epoch = entry.gap->position->epoch;
    if (at + 1 == sequence) position.offset = entry.gap->position->offset;
    break;
  }
  return position;
}

std::optional<Position> Hub::Channel::position_of(Sequence cursor) const {
  if (!before_first) return std::nullopt;
  if (cursor >= log.first()) return position_before(cursor);
  // The entries behind the cursor are gone, but their offsets were consecutive as long as no gap was among them.
  if (cursor < unknown_before) return std::nullopt;
  Position position = *before_first;
  position.offset -= log.first() - cursor;
  return position;
}

Sequence Hub::Channel::behind_gaps() const {
  if (gaps == 0) return log.first();
  Sequence at = log.end();
  while (!log.at(at - 1).gap) --at;
  return at;
}

}  // namespace usher::channel
