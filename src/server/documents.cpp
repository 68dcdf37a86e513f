#include "server/documents.hpp"

#include <fmt/format.h>

#include "base/close_reason.hpp"
#include "server/refusal.hpp"

namespace usher::server {

std::string errors_document() {
  std::string text =
      "# Errors\n"
      "\n"
      "Every refusal over HTTP is problem+json (RFC 9457) with a `code` that does not change. The answer carries\n"
      "`Usher-Request-Id`; the log line of the refusal has the same id and the reason. Refused handshakes count in\n"
      "`usher_handshakes_refused_total{reason}`, other requests in `usher_requests_refused_total{reason}`.\n"
      "\n"
      "The commands below `/api/` answer their own errors with status 200 and `{\"error\":{\"code\":…}}`: 100 "
      "internal,\n"
      "102 unknown channel, 103 permission denied, 107 bad request, 108 not available, 112 unrecoverable position.\n"
      "\n"
      "This file is made from the table in `src/server/refusal.cpp`: see `src/server/documents_test.cpp`.\n"
      "\n"
      "| status | code | what the caller is told | cause, and what to do |\n"
      "|---|---|---|---|\n";
  for (const RefusalRow& row : refusals()) {
    fmt::format_to(std::back_inserter(text), "| {} | `{}` | {} | {} |\n", row.status, row.code, row.detail, row.advice);
  }
  return text;
}

std::string close_codes_document() {
  std::string text =
      "# Close codes\n"
      "\n"
      "Every way in which a WebSocket session ends, with the code of the Close frame, and whether the client should\n"
      "come back. `usher_sessions_closed_total{reason}` counts them by name. A raw session in a channel with history\n"
      "finds its position at the end of the reason of a Close 1001, 1012, 1013, 4401, 4408 or 4409:\n"
      "`since=<offset>:<epoch>`, the last publication that was sent whole.\n"
      "\n"
      "Clients of drafts 7 and 8 get 1004 for 1009, 1002 for 1007 (draft 7) and 1001 for 1011, 1012 and 1013.\n"
      "\n"
      "This file is made from the table in `src/base/close_reason.cpp`: see `src/server/documents_test.cpp`.\n"
      "\n"
      "| code | name | come back? | meaning |\n"
      "|---|---|---|---|\n";
  for (const base::CloseReasonRow& row : base::close_reasons()) {
    const std::string code = row.code == 0 ? "–" : std::to_string(row.code);
    fmt::format_to(std::back_inserter(text), "| {} | `{}` | {} | {} |\n", code, row.label, describe(row.come_back),
                   row.meaning);
  }
  return text;
}

}  // namespace usher::server
