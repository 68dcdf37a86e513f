#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace usher::app {

constexpr std::size_t file_bytes_max = std::size_t{16} << 20;

/// A whole file of at most 16 MiB; `-` is standard input. The error names the file, what failed and how to help.
base::Result<std::string> read_whole_file(const std::string& path);

/// All environment variables of this process.
std::vector<std::pair<std::string, std::string>> process_environment();
std::optional<std::string> environment_variable(const std::string& name);

/// The folder of the running program, with links resolved; empty when the system does not say.
std::string program_folder();
/// Where the sources were when this program was built.
std::string source_folder();

bool is_folder(const std::string& path);
bool is_file(const std::string& path);

/// The first of the paths that is a file, or nothing.
std::optional<std::string> first_file(const std::vector<std::string>& paths);

}  // namespace usher::app
