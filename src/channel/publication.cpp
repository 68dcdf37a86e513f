#include "channel/publication.hpp"

#include <cstring>

#include "base/assert.hpp"
#include "channel/spare_blocks.hpp"
#include "channel/wire_form.hpp"

namespace usher::channel {
namespace {

std::uint32_t narrow(std::size_t size) {
  ASSERT(size <= UINT32_MAX / 4);
  return static_cast<std::uint32_t>(size);
}

char* copy(char* to, std::string_view from) {
  if (!from.empty()) std::memcpy(to, from.data(), from.size());
  return to + from.size();
}

/// Everything but the payload.
std::size_t bytes_before_payload(const PublicationParts& parts) {
  const std::size_t user = parts.user ? parts.user->size() : 0;
  return user + parts.info.size() + parts.tags.size() + frame_header_bytes(parts.payload.size());
}

}  // namespace

Publication::Publication(const PublicationParts& parts)
    : kind_(parts.kind),
      json_(parts.json),
      has_user_(parts.user.has_value()),
      frame_header_size_(static_cast<std::uint8_t>(frame_header_bytes(parts.payload.size()))),
      user_size_(parts.user ? narrow(parts.user->size()) : 0),
      info_size_(narrow(parts.info.size())),
      tags_size_(narrow(parts.tags.size())),
      payload_at_(user_size_ + info_size_ + tags_size_ + frame_header_size_),
      payload_size_(narrow(parts.payload.size())) {
  char* out = copy(bytes(), parts.user.value_or(std::string_view()));
  out = copy(out, parts.info);
  out = copy(out, parts.tags);
  write_frame_header(out, kind_, payload_size_);
  copy(out + frame_header_size_, parts.payload);
}

std::optional<std::string_view> Publication::user() const {
  if (!has_user_) return std::nullopt;
  return std::string_view(bytes(), user_size_);
}

Publication* Publication::make(const PublicationParts& parts) {
  const std::size_t more = bytes_before_payload(parts) + parts.payload.size();
  return ::new (SpareBlocks::take(sizeof(Publication) + more)) Publication(parts);
}

void Publication::destroy() const {
  const std::size_t size = memory_bytes();
  auto* const self = const_cast<Publication*>(this);
  self->~Publication();
  SpareBlocks::give(self, size);
}

PublicationDraft::PublicationDraft(const PublicationParts& parts) : publication_(Publication::make(parts)) {}

}  // namespace usher::channel
