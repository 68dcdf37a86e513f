#include "app/load/load_run.hpp"

#include <algorithm>
#include <utility>

#include "app/load/processor_time.hpp"
#include "websocket/client_handshake.hpp"
#include "websocket/frame_header.hpp"

namespace usher::app {
namespace {

/// The key of RFC 6455, section 1.3. Keys guard clients that check the answer against caches; here nobody checks.
constexpr const char* handshake_key = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr websocket::MaskKey mask_key = {0x37, 0xfa, 0x21, 0x3d};
constexpr base::Duration opening_timeout = std::chrono::seconds(30);

std::string replace_number(std::string text, std::uint32_t number) {
  constexpr std::string_view place = "{n}";
  for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at)) {
    text.replace(at, place.size(), std::to_string(number));
  }
  return text;
}

}  // namespace

std::string message_text(const std::string& protocol, std::size_t payload_bytes) {
  if (protocol != json_protocol) return std::string(payload_bytes, 'x');
  // The payload is the JSON text itself, with its quotes.
  return "{\"data\":\"" + std::string(std::max<std::size_t>(payload_bytes, 2) - 2, 'x') + "\"}";
}

LoadRun::LoadRun(const LoadOptions& options) : options_(options) {
  if (options.api) api_.emplace(loop_, options.address, *options.api);
  const auto greeting = options.protocol == json_protocol ? LoadSocket::Greeting::hello : LoadSocket::Greeting::none;
  for (std::size_t i = 0; i < options.sockets; ++i) {
    sockets_.push_back(std::make_unique<LoadSocket>(loop_, *this, static_cast<std::uint32_t>(i), greeting));
  }
}

std::string LoadRun::message_frame() const {
  std::string frame;
  const std::string text = message_text(options_.protocol, options_.payload_bytes);
  websocket::append_masked_frame(frame, websocket::Opcode::text, websocket::Rsv1::clear, text, mask_key);
  return frame;
}

std::string LoadRun::head_for(const LoadSocket& socket, const std::string& ticket) const {
  websocket::ClientRequest request;
  request.target = replace_number(options_.url.target, socket.number());
  request.host = options_.url.authority;
  request.key = handshake_key;
  if (!options_.protocol.empty()) request.protocols = {options_.protocol};
  if (!ticket.empty()) request.headers.emplace_back("Authorization", "Ticket " + ticket);
  return websocket::client_request(request);
}

void LoadRun::open(LoadSocket& socket) {
  if (!api_) return socket.open(options_.address, head_for(socket, {}));
  mint(*api_, "bench" + std::to_string(socket.number()), [this, &socket](base::Result<std::string> ticket) {
    if (!ticket.ok()) return fail(ticket.error().message);
    socket.open(options_.address, head_for(socket, *ticket));
  });
}

base::Result<void> LoadRun::open_all() {
  const base::Instant start = now();
  while (failure_.empty() && open_ < sockets_.size()) {
    while (asked_ < sockets_.size() && asked_ - open_ < opening_max) open(*sockets_[asked_++]);
    loop_.run_turn(std::chrono::milliseconds(100));
    if (now() - start > opening_timeout) fail("only " + std::to_string(open_) + " sockets opened in 30 s");
  }
  if (!failure_.empty()) return base::Error{failure_};
  report_.opening = now() - start;
  return {};
}

base::Result<LoadReport> LoadRun::measure(const std::function<base::Duration()>& turn) {
  const auto run_until = [&](base::Instant end) {
    while (failure_.empty() && now() < end) {
      const base::Duration wait = turn();
      loop_.run_turn(std::max(base::Duration(), std::min(wait, end - now())));
    }
  };
  run_until(now() + options_.warm_up);

  const base::Duration opening = report_.opening;
  report_ = {};
  report_.opening = opening;
  const std::uint64_t bytes_before = received_bytes();
  const auto server_before = processor_time(options_.server_pid);
  const base::Instant start = now();
  run_until(start + options_.span);
  report_.span = now() - start;
  const auto server_after = processor_time(options_.server_pid);
  report_.received_bytes = received_bytes() - bytes_before;
  if (!failure_.empty()) return base::Error{failure_};
  if (server_before && server_after) report_.server_time = *server_after - *server_before;
  return report_;
}

std::uint64_t LoadRun::received_bytes() const {
  std::uint64_t sum = 0;
  for (const auto& socket : sockets_) sum += socket->received_bytes();
  return sum;
}

void LoadRun::on_open(LoadSocket&) { ++open_; }

void LoadRun::on_end(LoadSocket& socket, const std::string& why) {
  fail("socket " + std::to_string(socket.number()) + ": " + why);
}

void LoadRun::fail(std::string why) {
  if (failure_.empty()) failure_ = std::move(why);
}

}  // namespace usher::app
