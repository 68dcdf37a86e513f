#include "asyncapi/address.hpp"

namespace usher::asyncapi {
namespace {

bool is_alphanumeric(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/// What may stand in a path as it is (RFC 3986, section 3.3).
bool is_path_character(char c) {
  return is_alphanumeric(c) || std::string_view("-._~!$&'()+,;=:@/").find(c) != std::string_view::npos;
}

void append_path_character(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (is_path_character(c)) {
    out.push_back(c);
    return;
  }
  const auto byte = static_cast<unsigned char>(c);
  out.push_back('%');
  out.push_back(digits[byte >> 4]);
  out.push_back(digits[byte & 15]);
}

std::string parameter_name(std::string_view variable) {
  std::string name(variable);
  for (char& c : name) {
    if (!is_alphanumeric(c) && c != '-' && c != '_') c = '_';
  }
  return name;
}

void add_parameter(Address& address, std::string_view variable, Address::Part part) {
  const std::string wanted = parameter_name(variable);
  std::string name = wanted;
  const auto taken = [&address](const std::string& candidate) {
    for (const Address::Parameter& one : address.parameters) {
      if (one.name == candidate) return true;
    }
    return false;
  };
  for (int number = 2; taken(name); ++number) name = wanted + "_" + std::to_string(number);
  address.text += "{" + name + "}";
  address.parameters.push_back({std::move(name), part});
}

/// The key without its number: runs of anything else than letters and digits are one `_`.
std::string plain_key(std::string_view text) {
  std::string key;
  for (const char c : text) {
    if (is_alphanumeric(c)) {
      key.push_back(c);
    } else if (!key.empty() && key.back() != '_') {
      key.push_back('_');
    }
  }
  while (key.ends_with('_')) key.pop_back();
  return key.empty() ? "any" : key;
}

}  // namespace

Address address_of(std::string_view path) {
  Address address;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t end = path[i] == '{' ? path.find('}', i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      add_parameter(address, path.substr(i + 1, end - i - 1), Address::Part::segment);
      i = end;
    } else if (path[i] == '*' && i + 1 == path.size()) {
      add_parameter(address, "rest", Address::Part::rest);
    } else {
      append_path_character(address.text, path[i]);
    }
  }
  return address;
}

bool names_channel(std::string_view path) { return path.starts_with("/channels/"); }

std::string Keys::take(std::string_view text) {
  const std::string wanted = plain_key(text);
  std::string key = wanted;
  for (int number = 2; !taken_.insert(key).second; ++number) key = wanted + "_" + std::to_string(number);
  return key;
}

}  // namespace usher::asyncapi
