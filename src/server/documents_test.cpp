#include "server/documents.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "server/refusal.hpp"

namespace usher::server {
namespace {

/// Compares with the file in docs/; with USHER_WRITE_DOCUMENTS in the environment it writes the file instead.
void expect_document(const std::string& name, const std::string& text) {
  const std::string path = std::string(USHER_SOURCE_FOLDER) + "/docs/" + name;
  if (std::getenv("USHER_WRITE_DOCUMENTS") != nullptr) std::ofstream(path) << text;
  std::ifstream stream(path);
  const std::string written{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  EXPECT_EQ(written, text) << "run: USHER_WRITE_DOCUMENTS=1 usher_server_test --gtest_filter='Documents.*'";
}

TEST(Documents, ErrorsAreTheOnesInDocs) { expect_document("errors.md", errors_document()); }

TEST(Documents, CloseCodesAreTheOnesInDocs) { expect_document("close-codes.md", close_codes_document()); }

TEST(Documents, EachRefusalHasItsRow) {
  for (const RefusalRow& one : refusals()) {
    EXPECT_EQ(row(one.refusal).code, one.code);
    EXPECT_GE(one.status, 400);
    EXPECT_FALSE(one.detail.empty());
    EXPECT_FALSE(one.advice.empty());
  }
}

}  // namespace
}  // namespace usher::server
