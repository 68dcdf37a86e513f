#include "server/static_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace usher::server {
namespace {

constexpr std::uintmax_t file_bytes_max = 8 << 20;

base::Result<http::StaticFile> read(const std::filesystem::path& path) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(path, failure);
  if (failure) return base::Error{"cannot read " + path.string() + ": " + failure.message(), failure.value()};
  if (size > file_bytes_max) return base::Error{path.string() + " is larger than 8 MiB, which is not served"};
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return base::Error{"cannot open " + path.string() + ": check that this user may read it"};
  http::StaticFile file;
  file.content.assign(std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>());
  file.content_type = http::content_type_of(path.string());
  file.etag = http::entity_tag(file.content);
  return file;
}

}  // namespace

base::Result<StaticFiles> StaticFiles::load(const Settings& settings) {
  StaticFiles files;
  if (settings.demo) {
    const std::filesystem::path folder(settings.demo->folder);
    std::error_code failure;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, failure)) {
      if (!entry.is_regular_file()) continue;
      auto file = read(entry.path());
      if (!file.ok()) return file.error();
      files.files_.emplace(std::filesystem::relative(entry.path(), folder).generic_string(), std::move(*file));
    }
    if (failure) return base::Error{"cannot read the demo's folder " + folder.string() + ": " + failure.message()};
  }
  if (!settings.client_script.empty()) {
    auto file = read(settings.client_script);
    if (!file.ok()) return file.error();
    files.files_.insert_or_assign("usher.js", std::move(*file));
  }
  return files;
}

const http::StaticFile* StaticFiles::find(std::string_view path) const {
  const auto name = http::static_file_path(path);
  return name ? find_name(*name) : nullptr;
}

const http::StaticFile* StaticFiles::find_name(const std::string& name) const {
  const auto found = files_.find(name);
  return found == files_.end() ? nullptr : &found->second;
}

}  // namespace usher::server
