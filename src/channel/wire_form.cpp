#include "channel/wire_form.hpp"

#include <cstdint>
#include <cstring>

#include "channel/spare_blocks.hpp"
#include "dialect/json.hpp"

namespace usher::channel {
namespace {

constexpr unsigned fin = 0x80;
constexpr unsigned opcode_text = 0x1;
constexpr unsigned opcode_binary = 0x2;
constexpr unsigned length_in_16_bits = 126;
constexpr unsigned length_in_64_bits = 127;

void write_big_endian(char* out, std::uint64_t value, int bytes) {
  for (int i = bytes; i-- > 0; value >>= 8) out[i] = static_cast<char>(value & 0xff);
}

}  // namespace

void write_frame_header(char* out, dialect::PayloadKind kind, std::size_t payload_bytes) {
  out[0] = static_cast<char>(fin | (kind == dialect::PayloadKind::text ? opcode_text : opcode_binary));
  if (payload_bytes < length_in_16_bits) {
    out[1] = static_cast<char>(payload_bytes);
  } else if (payload_bytes <= UINT16_MAX) {
    out[1] = static_cast<char>(length_in_16_bits);
    write_big_endian(out + 2, payload_bytes, 2);
  } else {
    out[1] = static_cast<char>(length_in_64_bits);
    write_big_endian(out + 2, payload_bytes, 8);
  }
}

WireFormRef WireForm::make(std::string_view frame) {
  auto* form = ::new (SpareBlocks::take(sizeof(WireForm) + frame.size())) WireForm(frame.size());
  std::memcpy(reinterpret_cast<char*>(form + 1), frame.data(), frame.size());
  return WireFormRef::adopt(form);
}

void WireForm::destroy() const {
  const std::size_t size = memory_bytes();
  auto* const self = const_cast<WireForm*>(this);
  self->~WireForm();
  SpareBlocks::give(self, size);
}

WireFormRef Encoder::encode(const Publication& publication, dialect::Form form) {
  const bool json = dialect::is_json(form);
  if (json) write_json(publication);
  const auto kind = json ? dialect::PayloadKind::text : publication.kind();
  const std::string_view payload =
      json ? std::string_view(text_).substr(frame_header_bytes_max) : publication.payload();
  if (dialect::is_deflated(form) && compressor_ != nullptr) {
    frame_.clear();
    if (compressor_->compress(kind, payload, dialect::window_bits(form), frame_)) return WireForm::make(frame_);
  }
  if (!json) return WireForm::make(publication.raw_frame());

  const std::size_t begin = frame_header_bytes_max - frame_header_bytes(payload.size());
  write_frame_header(text_.data() + begin, kind, payload.size());
  return WireForm::make(std::string_view(text_).substr(begin));
}

void Encoder::write_json(const Publication& publication) {
  text_.assign(frame_header_bytes_max, '\0');
  dialect::append_publication(text_, {.offset = publication.offset(),
                                      .time_milliseconds = publication.time().milliseconds,
                                      .user = publication.user(),
                                      .info = publication.info(),
                                      .tags = publication.tags(),
                                      .kind = publication.kind(),
                                      .json = publication.json(),
                                      .payload = publication.payload()});
}

}  // namespace usher::channel
