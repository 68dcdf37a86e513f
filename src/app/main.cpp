#include <cstdio>
#include <exception>
#include <variant>

#include "app/commands.hpp"

int main(int count, char** arguments) {
  using usher::app::Exit;
  try {
    const auto parsed = usher::app::parse_command_line(count, arguments);
    if (const auto* exit = std::get_if<Exit>(&parsed)) return static_cast<int>(*exit);
    const auto& command = std::get<usher::app::Command>(parsed);
    return static_cast<int>(std::visit([](const auto& options) { return usher::app::run(options); }, command));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "usher: %s\n", error.what());
    return static_cast<int>(Exit::failed);
  }
}
