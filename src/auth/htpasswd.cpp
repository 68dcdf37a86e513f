#include "auth/htpasswd.hpp"

#include <crypt.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <set>

#include "base/pattern.hpp"
#include "base/text.hpp"

namespace usher::auth {
namespace {

/// A scheme that usher takes, and how its hashes are cut: `$prefix$parameters…$tail`.
struct Scheme {
  std::string_view prefix;
  std::size_t tail_bytes;                      ///< behind the last `$`
  bool (*parameters_valid)(std::string_view);  ///< what stands between prefix and tail, with the `$` at its end
};

constexpr std::string_view cost_fault =
    "the hash has a cost that cannot be read, or one so high that each login would take seconds";

bool in_crypt_alphabet(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '/';
  });
}

/// `NN$`: the logarithm of the rounds.
bool bcrypt_parameters_valid(std::string_view text) {
  if (text.size() != 3) return false;
  const auto cost = base::parse_decimal(text.substr(0, 2));
  return cost && *cost >= 4 && *cost <= 16;
}

/// `parameters$salt$`.
bool yescrypt_parameters_valid(std::string_view text) {
  const std::size_t salt = text.find('$') + 1;
  return salt > 1 && salt < text.size() && in_crypt_alphabet(text.substr(0, salt - 1)) &&
         in_crypt_alphabet(text.substr(salt, text.size() - salt - 1));
}

/// `salt$` or `rounds=N$salt$`.
bool sha512_parameters_valid(std::string_view text) {
  constexpr std::string_view rounds_name = "rounds=";
  if (text.starts_with(rounds_name)) {
    const std::size_t end = text.find('$');
    const auto rounds = base::parse_decimal(text.substr(rounds_name.size(), end - rounds_name.size()));
    if (!rounds || *rounds < 1000 || *rounds > 10'000'000) return false;
    text.remove_prefix(end + 1);
  }
  return !text.empty() && text.size() <= 17 && in_crypt_alphabet(text.substr(0, text.size() - 1));
}

constexpr Scheme schemes[] = {{"$2b$", 53, bcrypt_parameters_valid},
                              {"$2y$", 53, bcrypt_parameters_valid},
                              {"$y$", 43, yescrypt_parameters_valid},
                              {"$6$", 86, sha512_parameters_valid}};

/// What is wrong with a hash, or nothing. crypt itself would tell only by refusing every password.
std::string_view hash_fault(std::string_view hash) {
  const auto* const scheme =
      std::ranges::find_if(schemes, [&](const Scheme& known) { return hash.starts_with(known.prefix); });
  if (scheme == std::end(schemes)) {
    return "the hash is not bcrypt ($2b$, $2y$), yescrypt ($y$) or sha512-crypt ($6$): `htpasswd -B` makes one";
  }
  hash.remove_prefix(scheme->prefix.size());
  const std::size_t tail = hash.rfind('$') + 1;
  if (tail == 0 || hash.size() - tail != scheme->tail_bytes || !in_crypt_alphabet(hash.substr(tail))) {
    return "the hash is cut off, or has something behind it";
  }
  return scheme->parameters_valid(hash.substr(0, tail)) ? std::string_view() : cost_fault;
}

/// The entry of the user, or, chosen by the name itself, one that costs as much. No branch depends on what is found.
struct Choice {
  std::size_t index = 0;
  bool known = false;
};

template <typename Entries>
Choice choose_entry(const Entries& entries, std::string_view user) {
  const Digest digest = sha256(user);
  std::uint32_t spread = 0;
  std::memcpy(&spread, digest.data(), sizeof(spread));
  std::size_t index = spread % entries.size();
  std::size_t known = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::size_t equal = digests_equal(entries[i].user, digest) ? 1U : 0U;
    const std::size_t mask = 0 - equal;
    index = (index & ~mask) | (i & mask);
    known |= equal;
  }
  return {index, known == 1};
}

}  // namespace

base::Result<PasswordFile, std::vector<PasswordFileError>> PasswordFile::parse(std::string_view text) {
  std::vector<PasswordFileError> errors;
  if (text.size() > password_file_bytes_max) {
    errors.push_back({1, "a password file has at most 4 MiB"});
    return errors;
  }
  PasswordFile file;
  std::set<std::string_view> users;
  for (std::size_t line_number = 1; !text.empty(); ++line_number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (base::trim(line).empty() || line.starts_with('#')) continue;

    const std::size_t colon = line.find(':');
    const std::string_view user = line.substr(0, colon);
    if (colon == line.npos || !base::valid_user_name(user)) {
      errors.push_back({line_number, "a line is user:hash, and the user has 1 to 128 bytes of UTF-8"});
      continue;
    }
    std::string hash(line.substr(colon + 1));
    const std::string_view fault = hash_fault(hash);
    if (!fault.empty()) {
      errors.push_back({line_number, std::string(fault)});
    } else if (!users.insert(user).second) {
      errors.push_back({line_number, "this user was there before"});
    } else {
      file.entries_.push_back({sha256(user), std::move(hash)});
    }
  }
  if (!errors.empty()) return errors;
  return file;
}

bool PasswordFile::verify(std::string_view user, const Secret& password) const {
  if (entries_.empty() || password.size() > password_bytes_max ||
      password.expose().find('\0') != std::string_view::npos) {
    return false;
  }
  const Choice choice = choose_entry(entries_, user);
  const std::string& expected = entries_[choice.index].hash;
  // 32 KiB: too much for the stack of a small thread.
  const auto scratch = std::make_unique<crypt_data>();
  const char* const computed = crypt_r(password.c_str(), expected.c_str(), scratch.get());
  // crypt may answer null, or a text that begins with `*` and equals no hash.
  const bool equal = computed != nullptr && digests_equal(sha256(computed), sha256(expected));
  wipe_memory(scratch.get(), sizeof(crypt_data));
  return equal && choice.known;
}

}  // namespace usher::auth
