#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "channel/position.hpp"
#include "channel/publication.hpp"
#include "channel/wire_form.hpp"

namespace usher::channel {

/// Counts the entries of one log, for the life of the process. Unlike an offset, it also counts gaps, and channels
/// without history have it too.
using Sequence = std::uint64_t;

/// Something that subscribers lost.
struct Gap {
  std::optional<std::uint64_t> missed;  ///< publications; nothing when it cannot be known
  std::optional<Position> position;     ///< the next publication has the offset behind it; nothing without history
};

/// One place in a log: a publication with its wire forms, or a gap.
struct LogEntry {
  PublicationRef publication;  ///< null: a gap
  std::unique_ptr<Gap> gap;
  WireFormRef json;
  std::unique_ptr<std::array<WireFormRef, dialect::form_count>> deflated;  ///< made at first need, by form
  std::uint32_t waiting = 0;  ///< cursors that stand here: this is what they read next
  std::uint32_t bytes = 0;    ///< memory of publication and forms
};

/// The delivery log of one channel on one worker: entries [first, end) in a ring that grows with its content and is
/// given back when nothing is in it.
///
/// Cursors are counted where they stand, so an entry that nobody needs is found in O(1). A cursor that stands at the
/// end needs nothing. The log does not know whose the cursors are.
class Log {
 public:
  /// The first sequence of every log; smaller ones are room for history that is put in front.
  static constexpr Sequence origin = Sequence{1} << 32;

  Sequence first() const { return first_; }
  Sequence end() const { return first_ + size_; }
  bool empty() const { return size_ == 0; }
  std::size_t bytes() const { return bytes_; }
  std::size_t memory_bytes() const { return bytes_ + capacity_ * sizeof(LogEntry); }

  LogEntry& at(Sequence sequence) { return ring_[index(sequence)]; }
  const LogEntry& at(Sequence sequence) const { return ring_[index(sequence)]; }

  void append(PublicationRef publication);
  void append_gap(const Gap& gap);
  /// Puts an older publication in front of everything. Nobody waits for it yet.
  void prepend(PublicationRef publication);

  /// A cursor comes to stand at a sequence of [first, end].
  void stand(Sequence sequence) { ++waiting(sequence); }
  /// A cursor goes away from there.
  void leave(Sequence sequence) { --waiting(sequence); }

  /// Drops what no cursor needs.
  void trim();
  /// Drops the oldest entry although `waiting` cursors stand there: they are counted at the next one from then on.
  void drop_first();

  /// The frame of a publication's entry in a form, made now if it was never needed before.
  base::Slice frame(LogEntry& entry, dialect::Form form, Encoder& encoder);

 private:
  std::size_t index(Sequence sequence) const { return static_cast<std::size_t>(sequence) & (capacity_ - 1); }
  std::uint32_t& waiting(Sequence sequence) { return sequence == end() ? waiting_at_end_ : at(sequence).waiting; }
  void reserve_one();
  LogEntry& add_last();
  void remove_first();
  WireFormRef& form_place(LogEntry& entry, dialect::Form form);

  std::unique_ptr<LogEntry[]> ring_;
  std::size_t capacity_ = 0;  ///< zero or a power of two
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
  Sequence first_ = origin;
  std::uint32_t waiting_at_end_ = 0;
};

}  // namespace usher::channel
