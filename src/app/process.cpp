#include "app/process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "io/descriptor.hpp"
#include "io/real_kernel.hpp"

namespace usher::app {
namespace {

base::Error failure(const std::string& path, int system_error) {
  std::string message = path + ": " + io::describe_error(system_error);
  if (system_error == EACCES) message += "; it must be readable for the user that usher runs as";
  return {std::move(message), system_error};
}

base::Result<std::string> read_all(const std::string& path, int fd) {
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t size = ::read(fd, buffer.data(), buffer.size());
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return failure(path, errno);
    if (size == 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > file_bytes_max) return base::Error{path + ": larger than 16 MiB", EFBIG};
  }
}

}  // namespace

base::Result<std::string> read_whole_file(const std::string& path) {
  if (path == "-") return read_all("standard input", STDIN_FILENO);
  // A fifo or a device must not make the program wait for ever.
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return failure(path, errno);
  static io::RealKernel kernel;
  const io::Descriptor owner(kernel, fd);
  return read_all(path, fd);
}

std::vector<std::pair<std::string, std::string>> process_environment() {
  std::vector<std::pair<std::string, std::string>> variables;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string text(*entry);
    const std::size_t equals = text.find('=');
    if (equals != std::string::npos) variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
}

std::string program_folder() {
  std::error_code error;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? std::string() : program.parent_path().string();
}

std::string source_folder() { return USHER_SOURCE_FOLDER; }

bool is_folder(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error);
}

bool is_file(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error);
}

std::optional<std::string> first_file(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (is_file(path)) return path;
  }
  return std::nullopt;
}

}  // namespace usher::app
