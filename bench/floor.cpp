// The floor: the least that a server on epoll can do and still answer the same bytes as usher. It counts bytes and
// knows no protocol: not where a frame begins, not what is in it. What usher takes longer than this is the price of the
// protocol, the channels and the sessions; what both take is the kernel's.
//
//   usher_floor PORT echo|fanout RECEIVED SENT [hello]
//
// RECEIVED: bytes of one frame of the client; SENT: bytes of one frame that answers it. echo: each frame is answered to
// its sender, fanout: to all. `hello`: one more frame follows the handshake, as in the dialect json.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// As many as io::Loop takes in a turn, from a buffer of the same size, so that turns are alike.
constexpr std::size_t events_per_poll = 256;
constexpr std::size_t buffer_bytes = 65536;
/// A gathered answer has at most so many frames.
constexpr std::size_t frames_max = 1024;

/// The answer to the one key that `usher bench` sends, the example of RFC 6455, section 1.3.
constexpr std::string_view handshake =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n";

struct Options {
  std::uint16_t port = 0;
  bool fanout = false;
  std::size_t received_bytes = 0;
  std::size_t sent_bytes = 0;
  bool hello = false;
};

struct Socket {
  bool open = false;
  bool upgraded = false;
  std::size_t counted = 0;  ///< bytes of a frame that is not there to its end
};

[[noreturn]] void give_up(const char* what) {
  std::perror(what);
  std::exit(1);
}

/// A whole text frame of so many bytes.
std::string frame_of(std::size_t bytes) {
  const std::size_t header = bytes < 2 + 126 ? 2 : 4;
  std::string frame(bytes, 'x');
  frame[0] = '\x81';
  if (header == 2) {
    frame[1] = static_cast<char>(bytes - header);
  } else {
    frame[1] = 126;
    frame[2] = static_cast<char>((bytes - header) >> 8);
    frame[3] = static_cast<char>((bytes - header) & 0xff);
  }
  return frame;
}

class Floor {
 public:
  explicit Floor(const Options& options) : options_(options) {
    const std::string frame = frame_of(options.sent_bytes);
    for (std::size_t i = 0; i < frames_max; ++i) frames_ += frame;
    handshake_ = handshake;
    if (options.hello) handshake_ += "Sec-WebSocket-Protocol: usher.json.v1\r\n";
    handshake_ += "\r\n";
    if (options.hello) handshake_ += frame;
  }

  void listen() {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const int one = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options_.port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* plain = reinterpret_cast<const sockaddr*>(&address);
    if (::bind(listener_, plain, sizeof address) < 0) give_up("bind");
    if (::listen(listener_, 4096) < 0) give_up("listen");
    epoll_ = ::epoll_create1(0);
    watch(listener_);
    std::fprintf(stderr, "listening on http://127.0.0.1:%u\n", static_cast<unsigned>(options_.port));
  }

  [[noreturn]] void run() {
    std::array<epoll_event, events_per_poll> events;
    while (true) {
      const int found = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      if (found < 0 && errno != EINTR) give_up("epoll_wait");
      for (int i = 0; i < found; ++i) {
        const int fd = events[static_cast<std::size_t>(i)].data.fd;
        if (fd == listener_) {
          accept_all();
        } else {
          receive(fd);
        }
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) < 0) give_up("epoll_ctl");
  }

  void accept_all() {
    while (true) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK);
      if (fd < 0) return;
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      const auto index = static_cast<std::size_t>(fd);
      if (sockets_.size() <= index) sockets_.resize(index + 1);
      sockets_[index] = {.open = true};
      watch(fd);
    }
  }

  void receive(int fd) {
    Socket& socket = sockets_[static_cast<std::size_t>(fd)];
    const ssize_t received = ::recv(fd, buffer_.data(), buffer_.size(), 0);
    if (received < 0 && errno == EAGAIN) return;
    if (received <= 0) {
      socket.open = socket.upgraded = false;
      ::close(fd);
      return;
    }
    if (!socket.upgraded) {
      socket.upgraded = std::string_view(buffer_.data(), static_cast<std::size_t>(received)).ends_with("\r\n\r\n");
      if (socket.upgraded) send(fd, handshake_);
      return;
    }
    socket.counted += static_cast<std::size_t>(received);
    const std::size_t messages = socket.counted / options_.received_bytes;
    socket.counted %= options_.received_bytes;
    const std::string_view answer = std::string_view(frames_).substr(0, messages * options_.sent_bytes);
    if (!options_.fanout) return send(fd, answer);
    for (std::size_t other = 0; other < sockets_.size(); ++other) {
      if (sockets_[other].upgraded) send(static_cast<int>(other), answer);
    }
  }

  void send(int fd, std::string_view bytes) {
    if (bytes.empty()) return;
    // A client that does not read would need a queue, and that is more than a floor does.
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0 && static_cast<std::size_t>(sent) != bytes.size()) give_up("send: the client does not read");
  }

  Options options_;
  int listener_ = -1;
  int epoll_ = -1;
  std::string handshake_;
  std::string frames_;
  std::vector<Socket> sockets_;  ///< by descriptor
  std::array<char, buffer_bytes> buffer_{};
};

}  // namespace

int main(int count, char** arguments) {
  if (count < 5) {
    std::fputs("usher_floor PORT echo|fanout RECEIVED SENT [hello]\n", stderr);
    return 2;
  }
  Options options;
  options.port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
  options.fanout = std::string_view(arguments[2]) == "fanout";
  options.received_bytes = static_cast<std::size_t>(std::atoi(arguments[3]));
  options.sent_bytes = static_cast<std::size_t>(std::atoi(arguments[4]));
  options.hello = count > 5;
  Floor floor(options);
  floor.listen();
  floor.run();
}
