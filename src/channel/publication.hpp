#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string_view>

#include "base/counted.hpp"
#include "base/time.hpp"
#include "dialect/payload.hpp"

namespace usher::channel {

/// What a publication is made of. Everything is copied.
struct PublicationParts {
  dialect::PayloadKind kind = dialect::PayloadKind::text;
  dialect::PayloadJson json = dialect::PayloadJson::unknown;
  std::string_view payload{};
  std::optional<std::string_view> user{};  ///< the publisher, at most 128 bytes; nothing for the API and for bridges
  std::string_view info{};                 ///< JSON text about the publisher; empty for none
  std::string_view tags{};                 ///< the text of a JSON object; empty for none
};

/// One immutable message in a channel. The only thing that workers share.
///
/// It is one allocation. The payload stands behind the header of the unmasked WebSocket frame that carries it (RFC
/// 6455, section 5.2), so the `raw` form costs nothing. Made through a PublicationDraft.
class Publication final : public base::Counted {
 public:
  dialect::PayloadKind kind() const { return kind_; }
  dialect::PayloadJson json() const { return json_; }
  std::uint64_t offset() const { return offset_; }  ///< from 1; 0 in a channel without history
  base::WallTime time() const { return time_; }
  std::string_view payload() const { return {bytes() + payload_at_, payload_size_}; }
  std::optional<std::string_view> user() const;
  std::string_view info() const { return {bytes() + user_size_, info_size_}; }
  std::string_view tags() const { return {bytes() + user_size_ + info_size_, tags_size_}; }

  /// The whole frame: FIN, opcode text or binary, not masked, not compressed.
  std::string_view raw_frame() const {
    return {bytes() + payload_at_ - frame_header_size_, payload_size_ + frame_header_size_};
  }
  /// What it takes in memory, without what the allocator adds.
  std::size_t memory_bytes() const { return sizeof(Publication) + payload_at_ + payload_size_; }

 private:
  friend class PublicationDraft;
  explicit Publication(const PublicationParts& parts);
  ~Publication() override = default;
  static Publication* make(const PublicationParts& parts);
  void destroy() const override;

  const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }
  char* bytes() { return reinterpret_cast<char*>(this + 1); }

  dialect::PayloadKind kind_;
  dialect::PayloadJson json_;
  bool has_user_;
  std::uint8_t frame_header_size_ = 0;
  std::uint32_t user_size_;
  std::uint32_t info_size_;
  std::uint32_t tags_size_;
  std::uint32_t payload_at_;
  std::uint32_t payload_size_;
  std::uint64_t offset_ = 0;
  base::WallTime time_;
};

using PublicationRef = base::Shared<const Publication>;

/// A publication that is still its maker's alone. The home of the channel gives it offset and time, then seals it.
class PublicationDraft {
 public:
  /// Holds nothing.
  PublicationDraft() = default;
  explicit PublicationDraft(const PublicationParts& parts);

  explicit operator bool() const { return publication_ != nullptr; }
  const Publication& publication() const { return *publication_; }
  void set_offset(std::uint64_t offset) { publication_->offset_ = offset; }
  void set_time(base::WallTime time) { publication_->time_ = time; }
  /// From here on nothing changes. The draft holds nothing afterwards.
  PublicationRef seal() && { return PublicationRef::adopt(publication_.release()); }

 private:
  struct Release {
    void operator()(Publication* publication) const { publication->release(); }
  };
  std::unique_ptr<Publication, Release> publication_;
};

}  // namespace usher::channel
