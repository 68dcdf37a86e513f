#include "app/refusal_text.hpp"

#include <array>

#include "app/api_client.hpp"

namespace usher::app {
namespace {

struct Advice {
  std::string_view code;
  std::string_view text;
};

/// By the `code` of usher's problem bodies.
constexpr std::array advices = {
    Advice{
        "ticket_refused",
        "a ticket admits once, for a short time, from where it was minted for: take a fresh one with `usher ticket`"},
    Advice{"origin", "list the page's origin in origins.allow, or leave --origin out"},
    Advice{"forbidden", "the ticket, or the channel's allow_subscribe, does not allow it"},
    Advice{"subprotocol_needed", "offer a subprotocol besides the ticket: --protocol usher.json.v1"},
    Advice{"several_credentials", "show one credential only"},
};

std::string_view status_advice(int status) {
  switch (status) {
    case 401:
      return "show a ticket: --ticket \"$(usher ticket --user NAME)\"";
    case 404:
      return "no channel, and no route, has this path; /channels/NAME leads to a channel";
    default:
      return "";
  }
}

}  // namespace

std::string refusal_text(const ClientEnd& end) {
  if (end.stage == ClientEnd::Stage::connecting || end.status == 0 || end.status == 101) return end.message;
  const std::string code = json_member(end.body, "code").value_or("");
  const std::string detail = json_member(end.body, "detail").value_or("");
  std::string text = "the server refused: " + std::to_string(end.status);
  if (!code.empty()) text += " " + code;
  if (!detail.empty()) text += " " + detail;
  std::string_view advice = status_advice(end.status);
  for (const Advice& known : advices) {
    if (known.code == code) advice = known.text;
  }
  return advice.empty() ? text : text + "\n  " + std::string(advice);
}

std::string ending_text(const ClientEnd& end) {
  if (!end.message.empty() && !end.closing.second) return "usher: " + end.message + "\n";
  const websocket::CloseCode code = end.code();
  if (code == websocket::CloseCode::abnormal) return "closed: the connection ended without a Close\n";
  std::string text = "closed";
  if (code != websocket::CloseCode::no_status) text += ": " + std::to_string(static_cast<unsigned>(code));
  if (!end.reason().empty()) text += " " + std::string(end.reason());
  const std::string meaning = close_code_meaning(code);
  return text + "\n" + (meaning.empty() ? "" : "  " + meaning + "\n");
}

}  // namespace usher::app
