#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "auth/digest.hpp"
#include "auth/secret.hpp"
#include "base/result.hpp"

namespace usher::auth {

constexpr std::size_t password_bytes_max = 72;
constexpr std::size_t password_file_bytes_max = std::size_t{4} << 20;

struct PasswordFileError {
  std::size_t line = 0;  ///< from 1
  std::string message;   ///< never contains a hash
};

/// The users of an htpasswd file and the hashes of their passwords: bcrypt (`$2b$`, `$2y$`), yescrypt (`$y$`) and
/// sha512-crypt (`$6$`). Immutable once parsed, so any thread may verify.
class PasswordFile {
 public:
  /// Lines of `user:hash`; empty lines and lines that begin with `#` do not count. All errors at once.
  static base::Result<PasswordFile, std::vector<PasswordFileError>> parse(std::string_view text);

  /// Whether this is the user's password. Takes tens of milliseconds by design: call it on the blocking pool. An
  /// unknown user costs the same as a known one. Passwords over 72 bytes (bcrypt would not read on) or with a NUL
  /// (crypt would stop there) are wrong.
  bool verify(std::string_view user, const Secret& password) const;

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    Digest user;  ///< SHA-256 of the name, compared in constant time
    std::string hash;
  };

  std::vector<Entry> entries_;
};

}  // namespace usher::auth
