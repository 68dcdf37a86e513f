#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace usher::app {

/// How many characters must be inserted, left out, replaced or swapped with their neighbour to make one word of the
/// other (optimal string alignment).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The word that was probably meant: the one with the least distance, the first of several; nothing when all of them
/// differ by more than a third of their letters (at least by more than two).
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> known);

}  // namespace usher::app
