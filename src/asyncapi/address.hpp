#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace usher::asyncapi {

/// A path of the configuration as a channel's address: `{name}` where a part varies, anything else as it stands in a
/// URL (AsyncAPI 3, channel address expressions).
struct Address {
  enum class Part : unsigned char {
    segment,  ///< `{name}`: at least one character, none of the separators
    rest,     ///< the trailing `*`: anything, also nothing
  };
  struct Parameter {
    std::string name;
    Part part = Part::segment;
  };

  std::string text;
  std::vector<Parameter> parameters;
};

/// `/channels/echo.*` gives `/channels/echo.{rest}`. Characters that a name of a parameter may not have become `_`;
/// two parameters never share a name.
Address address_of(std::string_view path);

/// Whether the path leads to a channel by the channel's own name, not by a route's.
bool names_channel(std::string_view path);

/// Hands out keys of letters, digits and `_`, each once: they stand in JSON pointers and in the ids of a page.
class Keys {
 public:
  /// `room.{room}` gives `room_room`, and `room_room_2` when that is taken.
  std::string take(std::string_view text);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace usher::asyncapi
