#include "app/service_notice.hpp"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>

#include "app/process.hpp"
#include "io/descriptor.hpp"
#include "io/real_kernel.hpp"

namespace usher::app {

void notify_service_manager(std::string_view state) {
  const auto name = environment_variable("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (!name || name->size() >= sizeof(address.sun_path)) return;
  std::copy(name->begin(), name->end(), address.sun_path);
  // A leading @ stands for the zero byte of the abstract namespace.
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';
  io::RealKernel kernel;
  const io::Descriptor socket(kernel, ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name->size());
  (void)::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
                 length);
}

}  // namespace usher::app
