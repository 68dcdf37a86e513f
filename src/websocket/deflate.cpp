#include "websocket/deflate.hpp"

#include <zlib.h>

#include "base/assert.hpp"

namespace usher::websocket {
namespace {

// RFC 7692, section 7.2.1: the end of every sync flush, which senders take off and receivers put back.
constexpr std::string_view tail("\x00\x00\xff\xff", 4);

// Peers may deflate with any window up to this one; negative means raw DEFLATE, without zlib's own header.
constexpr int inflate_window_bits = -15;

// With a window of 12 bits and this memory level a deflater takes 31 kB instead of 268 kB.
constexpr int deflate_level = 6;
constexpr int deflate_memory_level = 4;

// What a sync flush may add: the rest of a byte and an empty stored block.
constexpr std::size_t flush_bytes = 8;

// A message larger than this gives its memory back when the next one begins.
constexpr std::size_t spilled_bytes_kept = 256 * 1024;

Bytef* bytes_of(const char* text) { return reinterpret_cast<Bytef*>(const_cast<char*>(text)); }

/// zlib sets this bit of data_type when all input so far ended exactly at the end of a block.
constexpr int at_block_end = 128;

}  // namespace

void Inflater::Free::operator()(z_stream_s* stream) const {
  inflateEnd(stream);
  std::default_delete<z_stream_s>()(stream);
}

Inflater::Inflater() = default;
Inflater::~Inflater() = default;

bool Inflater::begin() {
  used_ = 0;
  stream_ended_ = false;
  spilled_.clear();
  if (spilled_.capacity() > spilled_bytes_kept) spilled_ = std::string();
  if (stream_) return inflateReset(stream_.get()) == Z_OK;
  auto made = std::make_unique<z_stream>();
  if (inflateInit2(made.get(), inflate_window_bits) != Z_OK) return false;
  stream_.reset(made.release());
  return true;
}

Inflater::Message Inflater::inflate(std::string_view compressed, std::size_t bytes_max) {
  if (!begin()) return {Outcome::corrupt, {}};
  Outcome outcome = run(compressed, bytes_max);
  // The tail is a second input, never copied behind the first. A message whose last block said BFINAL and that has
  // nothing behind it is already whole.
  if (outcome == Outcome::whole && !stream_ended_) outcome = run(tail, bytes_max);
  if (outcome != Outcome::whole) return {outcome, {}};
  if (!stream_ended_ && (stream_->data_type & at_block_end) == 0) return {Outcome::corrupt, {}};
  if (spilled_.empty()) return {Outcome::whole, {step_.data(), used_}};
  spilled_.append(step_.data(), used_);
  used_ = 0;
  return {Outcome::whole, spilled_};
}

Inflater::Outcome Inflater::run(std::string_view input, std::size_t bytes_max) {
  stream_->next_in = bytes_of(input.data());
  stream_->avail_in = static_cast<uInt>(input.size());
  for (;;) {
    if (used_ == step_.size()) {
      spilled_.append(step_.data(), used_);
      used_ = 0;
    }
    if (stream_ended_) {
      // RFC 7692, section 7.2.3.5: behind a block with BFINAL a new series of blocks may begin.
      if (stream_->avail_in == 0) return Outcome::whole;
      if (inflateReset(stream_.get()) != Z_OK) return Outcome::corrupt;
      stream_ended_ = false;
    }
    stream_->next_out = bytes_of(step_.data() + used_);
    stream_->avail_out = static_cast<uInt>(step_.size() - used_);
    const int result = ::inflate(stream_.get(), Z_SYNC_FLUSH);
    used_ = step_.size() - stream_->avail_out;
    if (total() > bytes_max) return Outcome::too_big;
    stream_ended_ = result == Z_STREAM_END;
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return Outcome::corrupt;
    // Room that is left says that nothing is held back.
    if (!stream_ended_ && stream_->avail_in == 0 && stream_->avail_out > 0) return Outcome::whole;
    if (result == Z_BUF_ERROR && stream_->avail_out > 0) return Outcome::corrupt;
  }
}

void Deflater::Free::operator()(z_stream_s* stream) const {
  deflateEnd(stream);
  std::default_delete<z_stream_s>()(stream);
}

Deflater::Deflater(int window_bits) {
  ASSERT(window_bits >= 9 && window_bits <= 15);
  auto made = std::make_unique<z_stream>();
  const int result =
      deflateInit2(made.get(), deflate_level, Z_DEFLATED, -window_bits, deflate_memory_level, Z_DEFAULT_STRATEGY);
  ASSERT(result == Z_OK);
  stream_.reset(made.release());
}

Deflater::~Deflater() = default;

void Deflater::deflate(std::string_view payload, std::string& out) {
  ASSERT(payload.size() <= UINT32_MAX / 2);
  stream_->next_in = bytes_of(payload.data());
  stream_->avail_in = static_cast<uInt>(payload.size());
  std::size_t used = out.size();
  // deflateBound does not know about the flush, so there may be a second round.
  std::size_t room = deflateBound(stream_.get(), static_cast<uLong>(payload.size())) + flush_bytes;
  do {
    out.resize(used + room);
    stream_->next_out = bytes_of(out.data() + used);
    stream_->avail_out = static_cast<uInt>(room);
    const int result = ::deflate(stream_.get(), Z_SYNC_FLUSH);
    ASSERT(result == Z_OK);
    used += room - stream_->avail_out;
    room = 64;
  } while (stream_->avail_out == 0);
  out.resize(used);
  ASSERT(out.ends_with(tail));
  out.resize(out.size() - tail.size());
  deflateReset(stream_.get());
}

}  // namespace usher::websocket
