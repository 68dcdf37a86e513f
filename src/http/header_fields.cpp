#include "http/header_fields.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

namespace usher::http {

HeaderView HeaderFields::at(std::size_t index) const {
  ASSERT(index < fields_.size());
  const Field& field = fields_[index];
  return {text(field.name), base::trim(text(field.value))};
}

bool HeaderFields::has_name(std::size_t index, std::string_view name) const {
  return base::equals_ignoring_case(text(fields_[index].name), name);
}

std::size_t HeaderFields::count(std::string_view name) const {
  std::size_t result = 0;
  for_each(name, [&result](std::string_view) { ++result; });
  return result;
}

std::optional<std::string_view> HeaderFields::find(std::string_view name) const {
  for (std::size_t i = 0; i < size(); ++i) {
    if (has_name(i, name)) return at(i).value;
  }
  return std::nullopt;
}

std::string HeaderFields::joined(std::string_view name) const {
  std::string result;
  bool first = true;
  for_each(name, [&](std::string_view value) {
    if (!first) result += ", ";
    first = false;
    result += value;
  });
  return result;
}

bool HeaderFields::list_contains(std::string_view name, std::string_view token) const {
  bool found = false;
  for_each(name, [&](std::string_view rest) {
    std::string_view element;
    while (!found && base::next_element(rest, ',', element)) found = base::equals_ignoring_case(element, token);
  });
  return found;
}

HeadSpan HeaderFields::span_of(std::string_view part) const {
  if (part.empty()) return {};
  return {static_cast<std::uint32_t>(part.data() - bytes_.data()), static_cast<std::uint32_t>(part.size())};
}

}  // namespace usher::http
