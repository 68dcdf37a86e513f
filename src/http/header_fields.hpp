#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace usher::http {

/// A header of a message that usher makes.
struct Header {
  std::string name;
  std::string value;
};

/// A header of a message that came in.
struct HeaderView {
  std::string_view name;
  std::string_view value;  ///< without surrounding blanks
};

/// A piece of the bytes of a head.
struct HeadSpan {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
};

/// The head of a message as it came, start line included, and where its headers are in it. Names are compared without
/// regard to case. One buffer, so a head costs two allocations. Views die with the object, or when it is moved.
class HeaderFields {
 public:
  /// The bytes of the whole head: for a trace, never for the log, as they hold credentials.
  std::string_view bytes() const { return bytes_; }

  std::size_t size() const { return fields_.size(); }
  HeaderView at(std::size_t index) const;

  /// How many lines have this name.
  std::size_t count(std::string_view name) const;

  /// The value of the first line of this name.
  std::optional<std::string_view> find(std::string_view name) const;

  /// Like `find`; empty when there is no such header.
  std::string_view value(std::string_view name) const { return find(name).value_or(std::string_view()); }

  /// The values of all lines of this name as one list, separated by ", " (RFC 9110, section 5.3).
  std::string joined(std::string_view name) const;

  /// Whether the list that all lines of this name make has this element; compared without regard to case.
  bool list_contains(std::string_view name, std::string_view token) const;

  /// Calls `visit(std::string_view value)` for each line of this name, in order.
  template <typename Visitor>
  void for_each(std::string_view name, Visitor&& visit) const {
    for (std::size_t i = 0; i < size(); ++i) {
      if (has_name(i, name)) visit(at(i).value);
    }
  }

 protected:
  std::string_view text(HeadSpan span) const { return std::string_view(bytes_).substr(span.offset, span.size); }
  HeadSpan span_of(std::string_view part) const;

 private:
  friend class HeadReader;

  struct Field {
    HeadSpan name;
    HeadSpan value;
  };

  bool has_name(std::size_t index, std::string_view name) const;

  std::string bytes_;
  std::vector<Field> fields_;
};

}  // namespace usher::http
