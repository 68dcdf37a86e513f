#include "io/simulated_kernel.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "io/simulated_socket.hpp"

namespace usher::io {
namespace {

using Call = SimulatedKernel::Call;

/// The errno value that tests get for a call that fails in turn; 0 for calls that cannot fail.
int usual_error(Call call) {
  switch (call) {
    case Call::receive:
      return ECONNRESET;
    case Call::send:
    case Call::send_vector:
      return EPIPE;
    case Call::socket:
    case Call::accept:
    case Call::duplicate:
    case Call::epoll_create:
    case Call::event_create:
    case Call::signal_create:
      return EMFILE;
    case Call::bind:
    case Call::listen:
      return EADDRINUSE;
    case Call::connect:
      return ENETUNREACH;
    case Call::shutdown_write:
      return ENOTCONN;
    case Call::set_option:
    case Call::get_option:
      return ENOPROTOOPT;
    case Call::local_address:
    case Call::peer_address:
      return ENOBUFS;
    case Call::remove_socket_file:
    case Call::change_mode:
      return EACCES;
    case Call::epoll_control:
      return ENOSPC;
    case Call::epoll_wait:
      return EINTR;
    case Call::random:
      return ENOSYS;
    case Call::close:
    case Call::event_signal:
    case Call::event_clear:
    case Call::signal_take:
      break;
  }
  return 0;
}

constexpr std::int64_t start_nanoseconds = 1'000'000'000'000;
constexpr std::int64_t start_wall_milliseconds = 1'700'000'000'000;
constexpr int first_descriptor = 3;

}  // namespace

SimulatedKernel::SimulatedKernel()
    : now_(base::Instant::from_nanoseconds(start_nanoseconds)), wall_{start_wall_milliseconds} {}

SimulatedKernel::~SimulatedKernel() {
  for (const auto& weak : sockets_) {
    if (const auto socket = weak.lock()) socket->peer.reset();
  }
}

// Scripts and failures.

void SimulatedKernel::script(Call call, std::initializer_list<Step> steps) {
  std::deque<Step>& planned = scripts_[call];
  planned.insert(planned.end(), steps);
}

void SimulatedKernel::fail_call(Call call, std::uint64_t nth, int error) {
  failed_ = false;
  fail_after_[static_cast<std::size_t>(call)] = nth;
  fail_error_[static_cast<std::size_t>(call)] = error;
}

void SimulatedKernel::fail_nth(std::uint64_t nth) {
  failed_ = false;
  fail_any_after_ = nth;
}

SimulatedKernel::Step SimulatedKernel::next_step(Call call) {
  const auto kind = static_cast<std::size_t>(call);
  ++calls_[kind];
  int error = 0;
  if (fail_after_[kind] > 0 && --fail_after_[kind] == 0) error = fail_error_[kind];
  if (fail_any_after_ > 0 && usual_error(call) != 0 && --fail_any_after_ == 0) error = usual_error(call);
  if (error != 0) {
    failed_ = true;
    failed_call_ = call;
    return Step::fail(error);
  }
  std::deque<Step>& planned = scripts_[call];
  if (planned.empty()) return Step::as_usual();
  const Step step = planned.front();
  planned.pop_front();
  return step;
}

// Descriptors.

int SimulatedKernel::add(std::shared_ptr<SimulatedObject> object) {
  if (objects_.size() >= descriptors_max_) return -EMFILE;
  int fd = first_descriptor;
  while (objects_.contains(fd)) ++fd;
  objects_.emplace(fd, std::move(object));
  return fd;
}

template <typename T>
std::shared_ptr<T> SimulatedKernel::find(int fd) const {
  const auto found = objects_.find(fd);
  return found == objects_.end() ? nullptr : std::dynamic_pointer_cast<T>(found->second);
}

int SimulatedKernel::duplicate(int fd) {
  if (const Step step = next_step(Call::duplicate); step.error != 0) return -step.error;
  const auto object = find<SimulatedObject>(fd);
  return object ? add(object) : -EBADF;
}

int SimulatedKernel::close(int fd) {
  next_step(Call::close);
  const auto object = find<SimulatedObject>(fd);
  // A descriptor that is closed twice is a bug that a real kernel hides until another connection has the number.
  ASSERT(object != nullptr);
  objects_.erase(fd);
  const auto same = [&](const auto& entry) { return entry.second == object; };
  if (std::any_of(objects_.begin(), objects_.end(), same)) return 0;
  for (const auto& [number, other] : objects_) {
    if (const auto epoll = std::dynamic_pointer_cast<SimulatedEpoll>(other)) {
      std::erase_if(epoll->interests, [&](const auto& interest) { return interest.second.object == object; });
    }
  }
  if (const auto socket = std::dynamic_pointer_cast<SimulatedSocket>(object)) socket->close();
  return 0;
}

// Polling and time.

int SimulatedKernel::epoll_create() {
  if (const Step step = next_step(Call::epoll_create); step.error != 0) return -step.error;
  return add(std::make_shared<SimulatedEpoll>());
}

int SimulatedKernel::epoll_control(int epoll, int operation, int fd, std::uint32_t events, void* data) {
  const auto poll = find<SimulatedEpoll>(epoll);
  const auto object = find<SimulatedObject>(fd);
  if (!poll || !object) return -EBADF;
  if (operation == EPOLL_CTL_DEL) return poll->interests.erase(fd) == 1 ? 0 : -ENOENT;
  if (const Step step = next_step(Call::epoll_control); step.error != 0) return -step.error;
  const bool known = poll->interests.contains(fd);
  if (known != (operation == EPOLL_CTL_MOD)) return known ? -EEXIST : -ENOENT;
  poll->interests[fd] = {object, events, data};
  return 0;
}

int SimulatedKernel::epoll_wait(int epoll, std::span<epoll_event> into, int timeout) {
  const auto poll = find<SimulatedEpoll>(epoll);
  if (!poll) return -EBADF;
  if (const Step step = next_step(Call::epoll_wait); step.error != 0) return -step.error;
  std::size_t found = 0;
  for (const auto& [fd, interest] : poll->interests) {
    constexpr std::uint32_t always = EPOLLERR | EPOLLHUP;
    const std::uint32_t events = interest.object->readiness() & (interest.events | always);
    if (events == 0 || found == into.size()) continue;
    into[found].events = events;
    into[found].data.ptr = interest.data;
    ++found;
  }
  if (found == 0 && timeout > 0) advance(std::chrono::milliseconds(timeout));
  return static_cast<int>(found);
}

void SimulatedKernel::advance(base::Duration duration) {
  now_ = now_ + duration;
  wall_ = wall_ + duration;
}

void SimulatedKernel::set_wall_time(base::WallTime time) { wall_ = time; }

int SimulatedKernel::event_create() {
  if (const Step step = next_step(Call::event_create); step.error != 0) return -step.error;
  return add(std::make_shared<SimulatedEvent>());
}

int SimulatedKernel::event_signal(int fd) {
  next_step(Call::event_signal);
  const auto event = find<SimulatedEvent>(fd);
  if (!event) return -EBADF;
  event->signalled = true;
  return 0;
}

int SimulatedKernel::event_clear(int fd) {
  next_step(Call::event_clear);
  const auto event = find<SimulatedEvent>(fd);
  if (!event) return -EBADF;
  return std::exchange(event->signalled, false) ? 0 : -EAGAIN;
}

int SimulatedKernel::signal_create(std::span<const int>) {
  if (const Step step = next_step(Call::signal_create); step.error != 0) return -step.error;
  return add(std::make_shared<SimulatedSignals>());
}

int SimulatedKernel::signal_take(int fd) {
  if (const Step step = next_step(Call::signal_take); step.error != 0) return -step.error;
  const auto signals = find<SimulatedSignals>(fd);
  if (!signals) return -EBADF;
  if (signals->arrived.empty()) return -EAGAIN;
  const int signal = signals->arrived.front();
  signals->arrived.pop_front();
  return signal;
}

void SimulatedKernel::raise_signal(int signal) {
  for (const auto& [fd, object] : objects_) {
    if (const auto signals = std::dynamic_pointer_cast<SimulatedSignals>(object)) signals->arrived.push_back(signal);
  }
}

int SimulatedKernel::random(std::span<std::uint8_t> into) {
  if (const Step step = next_step(Call::random); step.error != 0) return -step.error;
  for (std::uint8_t& byte : into) {
    // A linear congruential generator: the same bytes in each run.
    random_state_ = random_state_ * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::uint8_t>(random_state_ >> 56);
  }
  return 0;
}

// Files.

void SimulatedKernel::put_file(const std::string& path, bool socket) { files_[path] = socket; }

bool SimulatedKernel::file_exists(const std::string& path) const { return files_.contains(path); }

int SimulatedKernel::remove_socket_file(const std::string& path) {
  if (const Step step = next_step(Call::remove_socket_file); step.error != 0) return -step.error;
  const auto file = files_.find(path);
  if (file == files_.end()) return -ENOENT;
  if (!file->second) return -EEXIST;
  files_.erase(file);
  return 0;
}

int SimulatedKernel::change_mode(const std::string& path, unsigned) {
  if (const Step step = next_step(Call::change_mode); step.error != 0) return -step.error;
  return files_.contains(path) ? 0 : -ENOENT;
}

// Explicit, because the sockets' calls are in another file.
template std::shared_ptr<SimulatedSocket> SimulatedKernel::find<SimulatedSocket>(int fd) const;

}  // namespace usher::io
