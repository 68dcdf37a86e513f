#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/request.hpp"
#include "http/response.hpp"

namespace usher::http {

/// A file that is served as it is, held in memory.
struct StaticFile {
  std::string content_type;
  std::string etag;  ///< with its quotation marks
  std::string content;
};

/// Where the file of a request's path is, relative to the folder that is served: "/a/b.js" is "a/b.js", a path that
/// ends with '/' names its "index.html". Nothing when the path could lead elsewhere or names what is not served: empty
/// segments, "." and "..", names that begin with a dot, escaped slashes, backslashes, control bytes, colons.
std::optional<std::string> static_file_path(std::string_view raw_path);

/// By the extension; "application/octet-stream" for what is not known.
std::string_view content_type_of(std::string_view path);

/// A strong entity tag of these bytes (RFC 9110, section 8.8.3), with its quotation marks.
std::string entity_tag(std::string_view content);

/// Whether an If-None-Match names this tag, by weak comparison (RFC 9110, section 13.1.2).
bool matches_entity_tag(std::string_view if_none_match, std::string_view etag);

/// Keeps a page from loading, framing and leaking: the given Content-Security-Policy (none when empty), nosniff, no
/// referrer, no frames, own browsing context group.
void add_security_headers(Response& response, std::string_view content_security_policy);

/// 200, or 304 when the client has it already. For GET and HEAD; does not add the security headers.
Response static_file_response(const RequestHead& head, const StaticFile& file);

}  // namespace usher::http
