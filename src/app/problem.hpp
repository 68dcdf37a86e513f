#pragma once

#include <cstdint>
#include <string>

namespace usher::app {

/// Where a part of the configuration was written: a place in a file, a flag or an environment variable.
struct Place {
  std::string source;        ///< the file's name, `--set tickets.ttl` or `USHER_TICKETS__TTL`
  std::uint32_t line = 0;    ///< from 1; 0 outside of files
  std::uint32_t column = 0;  ///< from 1, counted in characters; 0: the whole line

  bool given() const { return !source.empty(); }
  /// `usher.toml:3:7`, or the source alone.
  std::string text() const;
};

/// What is wrong, or doubtful, with a configuration. The message is a sentence without a final full stop and never
/// contains a secret.
struct Problem {
  Place place;
  std::string message;

  /// `usher.toml:3:7: message`.
  std::string text() const { return place.text() + ": " + message; }
};

}  // namespace usher::app
