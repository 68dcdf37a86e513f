#include "auth/htpasswd.hpp"

#include <gtest/gtest.h>

namespace usher::auth {
namespace {

// Made with the lowest costs, so that the tests are quick.
constexpr std::string_view file_text =
    "# users\n"
    "alice:$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n"
    "\n"
    "Zo\xc3\xab:$2y$04$ABCDEFGHIJKLMNOPQRSTUu3MivqCoXcVrLINeMGvm9VxFc2KiVFvq\r\n"
    "carol:$6$rounds=1000$saltsalt$5Oji4y.RQw4TBqlwXcGLBsxSL7.Pw5hdIpFnzMJTl."
    "OaKsU3EiPTP5NseI3oKDT8iioErVqshwXGd40hlWBLx1"
    "\n"
    "dave:$y$j75$saltsaltsaltsalt$NpIkCc4tLQHP8YLFP0jQVsptJ3pAiocvTEIRlDvH20C";

struct VerifyCase {
  std::string user;
  std::string password;
  bool right;
};

TEST(PasswordFile, VerifiesEachScheme) {
  const auto file = PasswordFile::parse(file_text);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(file->size(), 4U);
  const VerifyCase cases[] = {
      {"alice", "correct horse", true},
      {"Zo\xc3\xab", "p\xc3\xa4ssword", true},
      {"carol", "sesame", true},
      {"dave", "tulip", true},
      {"alice", "sesame", false},
      {"alice", "correct horse ", false},
      {"alice", "Correct horse", false},
      {"alice", "", false},
      {"Alice", "correct horse", false},
      {"carol", std::string("sesame\0", 7), false},
      {"carol", std::string("sesame\0x", 8), false},
      {"dave", "correct horse", false},
      {"", "", false},
      {"mallory", "correct horse", false},
      {"mallory", "sesame", false},
      {"mallory", "tulip", false},
  };
  for (const VerifyCase& c : cases) {
    EXPECT_EQ(file->verify(c.user, Secret(c.password)), c.right) << c.user << ' ' << c.password;
  }
}

TEST(PasswordFile, NoStrangerGetsInByThePasswordOfAnotherUser) {
  const auto file = PasswordFile::parse("alice:$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n");
  ASSERT_TRUE(file.ok());
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(file->verify("user" + std::to_string(i), Secret("correct horse")));
}

TEST(PasswordFile, RefusesLongPasswords) {
  // bcrypt would compare only the first 72 bytes.
  const std::string long_password(72, 'x');
  const auto file = PasswordFile::parse("erin:$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i\n");
  ASSERT_TRUE(file.ok());
  EXPECT_TRUE(file->verify("erin", Secret(long_password)));
  EXPECT_FALSE(file->verify("erin", Secret(long_password + "y")));
}

TEST(PasswordFile, AnEmptyFileLetsNobodyIn) {
  const auto file = PasswordFile::parse("# nobody yet\n\n");
  ASSERT_TRUE(file.ok());
  EXPECT_FALSE(file->verify("alice", Secret("")));
}

struct FaultCase {
  std::string line;
  const char* message;
};

TEST(PasswordFile, NamesTheLineOfEachFault) {
  const std::string good = "alice:$2b$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";
  const FaultCase cases[] = {
      {"alice", "user:hash"},
      {":" + good.substr(6), "user:hash"},
      {std::string(129, 'u') + good.substr(5), "user:hash"},
      {"\xff" + good.substr(5), "user:hash"},
      {"a:sesame", "is not bcrypt"},
      {"a:", "is not bcrypt"},
      {"a:$1$saltsalt$elJ2SCKtR.F7iekaPJ.u./", "is not bcrypt"},
      {"a:$apr1$saltsalt$elJ2SCKtR.F7iekaPJ.u./", "is not bcrypt"},
      {"a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", "is not bcrypt"},
      {"a:$2a$04$abcdefghijklmnopqrstuu3C6u2sQjFttrT16nmXgxlk/de0mfCmu", "is not bcrypt"},
      {"a:$5$saltsalt$elJ2SCKtR", "is not bcrypt"},
      {"a:$2b$", "cut off"},
      {good.substr(0, good.size() - 1), "cut off"},
      {good + ":x", "cut off"},
      {"a:$2b$99$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "cost"},
      {"a:$2b$17$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "cost"},
      {"a:$2b$4$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "cost"},
      {"a:$2b$04$abcdefghijklmnopqrst:ujydOTSfIH/d5oUHpsygqV5X9xJLQc6e", "cut off"},
      {"a:$y$$saltsaltsaltsalt$NpIkCc4tLQHP8YLFP0jQVsptJ3pAiocvTEIRlDvH20C", "cost"},
      {"a:$6$rounds=10$salt$" + std::string(86, 'a'), "cost"},
      {"a:$6$rounds=999999999$salt$" + std::string(86, 'a'), "cost"},
      {"a:$6$rounds=x$salt$" + std::string(86, 'a'), "cost"},
      {"a:$6$a:b$" + std::string(86, 'a'), "cost"},
      {"a:$6$" + std::string(86, 'a'), "cut off"},
  };
  for (const FaultCase& c : cases) {
    const auto file = PasswordFile::parse("# one\n" + c.line + "\nlast:" + good.substr(6));
    ASSERT_FALSE(file.ok()) << c.line;
    ASSERT_EQ(file.error().size(), 1U) << c.line;
    EXPECT_EQ(file.error().front().line, 2U);
    EXPECT_NE(file.error().front().message.find(c.message), std::string::npos) << file.error().front().message;
    EXPECT_EQ(file.error().front().message.find("abcdefgh"), std::string::npos) << "a hash is shown";
  }
  const auto twice = PasswordFile::parse(good + "\nx\n" + good + "\n");
  ASSERT_FALSE(twice.ok());
  ASSERT_EQ(twice.error().size(), 2U);
  EXPECT_EQ(twice.error()[0].line, 2U);
  EXPECT_EQ(twice.error()[1].line, 3U);
}

}  // namespace
}  // namespace usher::auth
