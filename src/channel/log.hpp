#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "channel/position.hpp"
#include "channel/publication.hpp"
#include "channel/ring.hpp"
#include "channel/wire_form.hpp"

namespace usher::channel {

/// Counts the entries of one log, for the life of the process. Unlike an offset, it also counts gaps, and channels
/// without history have it too.
using Sequence = std::uint64_t;

/// Something that subscribers lost.
struct Gap {
  std::optional<std::uint64_t> missed{};  ///< publications; nothing when it cannot be known
  std::optional<Position> position{};     ///< the next publication has the offset behind it; nothing without history
};

/// One place in a log: a publication with its wire forms, or a gap.
struct LogEntry {
  PublicationRef publication{};  ///< null: a gap
  std::unique_ptr<Gap> gap{};
  WireFormRef json{};
  std::unique_ptr<std::array<WireFormRef, dialect::form_count>> deflated{};  ///< made at first need, by form
  std::uint32_t waiting = 0;                                                 ///< cursors that read this next
  std::uint32_t bytes = 0;                                                   ///< of the publication and its forms
};

/// The delivery log of one channel on one worker: the entries [first, end).
///
/// Cursors are counted where they stand, so an entry that nobody needs is found in O(1). A cursor that stands at the
/// end needs nothing. The log does not know whose the cursors are.
class Log {
 public:
  /// The first sequence of every log; smaller ones are room for history that is put in front.
  static constexpr Sequence origin = Sequence{1} << 32;

  Sequence first() const { return first_; }
  Sequence end() const { return first_ + ring_.size(); }
  bool empty() const { return ring_.empty(); }
  std::size_t bytes() const { return bytes_ + ring_.size() * sizeof(LogEntry); }

  /// An entry of [first, end).
  const LogEntry& at(Sequence sequence) const { return ring_[static_cast<std::size_t>(sequence - first_)]; }

  void append(PublicationRef publication) {
    const auto bytes = static_cast<std::uint32_t>(publication->memory_bytes());
    LogEntry& entry = add_last(bytes);
    entry.publication = std::move(publication);
  }
  void append_gap(const Gap& gap);
  /// Puts an older publication in front of everything. Nobody waits for it yet.
  void prepend(PublicationRef publication);

  /// A cursor comes to stand at a sequence of [first, end].
  void stand(Sequence sequence) { ++waiting(sequence); }
  /// A cursor goes away from there.
  void leave(Sequence sequence) { --waiting(sequence); }

  /// Drops the oldest entry. Cursors that wait there, if any, are counted at the next one from then on.
  void drop_first() {
    const std::uint32_t passed = ring_.front().waiting;
    bytes_ -= ring_.front().bytes;
    ring_.pop_front();
    ++first_;
    if (passed > 0) waiting(first_) += passed;
  }

  /// The frame of a publication's entry in a form, made now if it was never needed before.
  base::Slice frame(Sequence sequence, dialect::Form form, Encoder& encoder) {
    if (form != dialect::Form::raw) return encoded_frame(sequence, form, encoder);
    const Publication& publication = *at(sequence).publication;
    return {publication.raw_frame().data(), publication.raw_frame().size(), &publication};
  }

 private:
  base::Slice encoded_frame(Sequence sequence, dialect::Form form, Encoder& encoder);
  LogEntry& entry(Sequence sequence) { return ring_[static_cast<std::size_t>(sequence - first_)]; }
  std::uint32_t& waiting(Sequence sequence) { return sequence == end() ? waiting_at_end_ : entry(sequence).waiting; }

  // Whoever stood at the end stands at the new entry without having moved.
  LogEntry& add_last(std::uint32_t bytes) {
    LogEntry& entry = ring_.emplace_back();
    entry.waiting = std::exchange(waiting_at_end_, 0);
    entry.bytes = bytes;
    bytes_ += bytes;
    return entry;
  }

  Ring<LogEntry> ring_;
  std::size_t bytes_ = 0;
  Sequence first_ = origin;
  std::uint32_t waiting_at_end_ = 0;
};

}  // namespace usher::channel
