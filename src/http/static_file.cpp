#include "http/static_file.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>

#include "base/text.hpp"
#include "http/uri.hpp"

namespace usher::http {
namespace {

struct ContentType {
  std::string_view extension;
  std::string_view type;
};

constexpr std::array<ContentType, 14> content_types{{
    {"html", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"ico", "image/x-icon"},
    {"webp", "image/webp"},
    {"woff2", "font/woff2"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/plain; charset=utf-8"},
    {"webmanifest", "application/manifest+json"},
}};

/// One name below the served folder: not empty, not hidden (which takes "." and ".." along), and without what any
/// system takes for a separator.
bool is_servable_name(std::string_view name) {
  const auto forbidden = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f || c == '/' || c == '\\' || c == ':'; };
  return !name.empty() && name.front() != '.' && std::none_of(name.begin(), name.end(), forbidden);
}

void append_hex(std::string& out, std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  out.append(digits.data(), end);
}

/// FNV-1a. The files are the operator's own, so nobody looks for collisions.
std::uint64_t hash(std::string_view content) {
  std::uint64_t result = 0xcbf29ce484222325U;
  for (const char c : content) result = (result ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return result;
}

}  // namespace

std::optional<std::string> static_file_path(std::string_view raw_path) {
  if (!raw_path.starts_with('/')) return std::nullopt;
  raw_path.remove_prefix(1);
  std::string result;
  while (!raw_path.empty()) {
    const std::size_t end = std::min(raw_path.find('/'), raw_path.size());
    // Decoded once and after the cut, so an escaped slash stays in its name, where it is refused.
    const std::optional<std::string> name = percent_decode(raw_path.substr(0, end));
    if (!name || !is_servable_name(*name)) return std::nullopt;
    result += *name;
    if (end < raw_path.size()) result += '/';
    raw_path.remove_prefix(std::min(end + 1, raw_path.size()));
  }
  if (result.empty() || result.back() == '/') result += "index.html";
  return result;
}

std::string_view content_type_of(std::string_view path) {
  const std::size_t dot = path.rfind('.');
  if (dot != std::string_view::npos) {
    for (const ContentType& each : content_types) {
      if (base::equals_ignoring_case(path.substr(dot + 1), each.extension)) return each.type;
    }
  }
  return "application/octet-stream";
}

std::string entity_tag(std::string_view content) {
  std::string tag = "\"";
  append_hex(tag, hash(content));
  tag += '-';
  append_hex(tag, content.size());
  tag += '"';
  return tag;
}

bool matches_entity_tag(std::string_view if_none_match, std::string_view etag) {
  // Our tags have no comma in them, so a tag that has one is cut, and matches as little as before.
  std::string_view element;
  while (base::next_element(if_none_match, ',', element)) {
    if (element == "*") return true;
    if (element.starts_with("W/")) element.remove_prefix(2);
    if (element == etag) return true;
  }
  return false;
}

void add_security_headers(Response& response, std::string_view content_security_policy) {
  if (!content_security_policy.empty()) response.add("Content-Security-Policy", content_security_policy);
  response.add("X-Content-Type-Options", "nosniff");
  response.add("Referrer-Policy", "no-referrer");
  response.add("X-Frame-Options", "DENY");
  response.add("Cross-Origin-Opener-Policy", "same-origin");
}

Response static_file_response(const RequestHead& head, const StaticFile& file) {
  Response response;
  // The browser asks each time and gets a 304: a new release is seen at once.
  response.add("ETag", file.etag).add("Cache-Control", "no-cache");
  if (matches_entity_tag(head.joined("if-none-match"), file.etag)) {
    response.status = 304;
    return response;
  }
  response.add("Content-Type", file.content_type);
  response.body = file.content;
  return response;
}

}  // namespace usher::http
