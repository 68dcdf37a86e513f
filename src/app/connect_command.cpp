#include <csignal>
#include <cstdio>
#include <memory>
#include <string>

#include "app/commands.hpp"
#include "app/duration.hpp"
#include "app/refusal_text.hpp"
#include "app/terminal_input.hpp"
#include "app/url.hpp"
#include "app/websocket_client.hpp"
#include "base/base64.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "io/real_kernel.hpp"
#include "io/signals.hpp"

namespace usher::app {
namespace {

using websocket::CloseCode;
using websocket::Opcode;

void print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string json_line(Opcode kind, std::string_view payload) {
  if (kind == Opcode::text) return "{\"text\":" + base::json_string(payload) + "}\n";
  return "{\"base64\":\"" + base::base64_encode(payload) + "\"}\n";
}

std::string plain_line(Opcode kind, std::string_view payload) {
  if (kind == Opcode::text) return std::string(payload) + "\n";
  return "binary, " + std::to_string(payload.size()) + " bytes: " + base::hex_encode(payload) + "\n";
}

/// The terminal, the socket, and what goes between them.
class Conversation final : private WebSocketClientHandler, private TerminalInputHandler {
 public:
  Conversation(io::Loop& loop, const ConnectOptions& options, base::Duration wait)
      : loop_(loop),
        options_(options),
        wait_(wait),
        client_(loop, *this),
        input_(loop, *this),
        quiet_(io::Timer::to<&Conversation::on_quiet>(this)),
        sent_(Direction::sent, options.draft == 13),
        received_(Direction::received, options.draft == 13) {}

  void start(const io::Address& address, websocket::ClientRequest request) {
    client_.start(address, std::move(request));
  }

  void interrupt() {
    // Who asks twice does not want to wait for the other side.
    if (interrupted_) loop_.stop();
    interrupted_ = true;
    client_.close(CloseCode::normal, "");
  }

  Exit exit() const { return exit_; }

 private:
  void on_open(std::string_view protocol) override {
    if (options_.trace) {
      print(frame_columns());
    } else {
      std::fprintf(stderr, "open%s%.*s; ctrl-d closes\n", protocol.empty() ? "" : ", subprotocol ",
                   static_cast<int>(protocol.size()), protocol.data());
    }
    input_.start();
  }

  void on_message(Opcode kind, std::string_view payload) override {
    if (quiet_.armed()) quiet_.arm(loop_, loop_.now() + wait_);
    if (options_.trace) return;
    print(options_.json ? json_line(kind, payload) : plain_line(kind, payload));
    std::fflush(stdout);
  }

  void on_end(const ClientEnd& end) override {
    input_.stop();
    quiet_.cancel();
    if (end.stage != ClientEnd::Stage::open) {
      std::fprintf(stderr, "usher: %s\n", refusal_text(end).c_str());
    } else if (options_.trace) {
      print(explain_closing(end.closing));
    } else {
      std::fputs(ending_text(end).c_str(), stderr);
    }
    exit_ = end.stage == ClientEnd::Stage::open && end.message.empty() && ended_well(end.code()) ? Exit::done
                                                                                                 : Exit::failed;
    std::fflush(stdout);
    loop_.stop();
  }

  void on_head(Direction direction, base::Duration at, std::string_view bytes) override {
    if (options_.trace) print(format_head(direction, at, bytes));
  }

  void on_wire(Direction direction, base::Duration at, std::string_view bytes) override {
    if (!options_.trace) return;
    FrameTracer& tracer = direction == Direction::sent ? sent_ : received_;
    if (tracer.fault() != websocket::FrameError::none) return;
    for (const TracedFrame& frame : tracer.receive(bytes)) print(format_frame(direction, at, frame));
    if (tracer.fault() != websocket::FrameError::none) print(format_fault(direction, at, tracer.fault()));
    std::fflush(stdout);
  }

  void on_line(std::string_view line) override {
    if (base::valid_utf8(line)) {
      client_.send(Opcode::text, line);
    } else {
      client_.send(Opcode::binary, line);
    }
  }

  void on_input_end() override { quiet_.arm(loop_, loop_.now() + wait_); }

  void on_quiet() { client_.close(CloseCode::normal, ""); }

  static bool ended_well(CloseCode code) {
    return code == CloseCode::normal || code == CloseCode::going_away || code == CloseCode::no_status;
  }

  io::Loop& loop_;
  const ConnectOptions& options_;
  base::Duration wait_;
  WebSocketClient client_;
  TerminalInput input_;
  io::Timer quiet_;
  FrameTracer sent_;
  FrameTracer received_;
  bool interrupted_ = false;
  Exit exit_ = Exit::failed;
};

/// The request, or what is wrong with the options.
base::Result<websocket::ClientRequest> request_of(const ConnectOptions& options, const Url& url) {
  websocket::ClientRequest request;
  request.version = static_cast<websocket::Version>(options.draft);
  request.target = url.target;
  request.host = url.authority;
  request.origin = options.origin;
  request.protocols = options.protocols;
  for (const std::string& protocol : options.protocols) {
    if (!base::is_token(protocol)) return base::Error{"--protocol: \"" + protocol + "\" is no subprotocol"};
  }
  for (const std::string& header : options.headers) {
    const std::size_t colon = header.find(':');
    const std::string_view name = std::string_view(header).substr(0, colon);
    if (colon == std::string::npos || !base::is_token(name)) return base::Error{"--header: write 'Name: value'"};
    request.headers.emplace_back(name, base::trim(std::string_view(header).substr(colon + 1)));
  }
  if (!options.ticket.empty()) request.headers.emplace_back("Authorization", "Ticket " + options.ticket);
  const auto breaks = [](std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != text.npos;
  };
  for (const auto& [name, value] : request.headers) {
    if (breaks(value)) return base::Error{"the value of " + name + " has a line break"};
  }
  if (breaks(request.origin)) return base::Error{"--origin has a line break"};
  return request;
}

}  // namespace

Exit run(const ConnectOptions& options) {
  const auto complain = [](Exit exit, const std::string& message) {
    std::fprintf(stderr, "usher: %s\n", message.c_str());
    return exit;
  };
  const auto url = parse_url(options.url);
  if (!url.ok()) return complain(Exit::wrong_usage, url.error().message);
  const auto wait = parse_duration(options.wait);
  if (!wait) return complain(Exit::wrong_usage, "--wait: write a number and its unit, as in 500ms");
  auto request = request_of(options, *url);
  if (!request.ok()) return complain(Exit::wrong_usage, request.error().message);
  const auto address = resolve(*url);
  if (!address.ok()) return complain(Exit::failed, address.error().message);

  io::RealKernel kernel;
  io::Loop loop(kernel);
  Conversation conversation(loop, options, *wait);
  io::Signals signals(loop, [&](int) { conversation.interrupt(); });
  if (const auto opened = signals.open({SIGINT, SIGTERM}); !opened.ok()) {
    return complain(Exit::failed, opened.error().message);
  }
  conversation.start(*address, std::move(request).value());
  loop.run();
  return conversation.exit();
}

}  // namespace usher::app
