#include "app/documents.hpp"

#include <gtest/gtest.h>

#include "app/configuration.hpp"
#include "app/process.hpp"

namespace usher::app {
namespace {

TEST(InitialConfiguration, StartsUnchangedAndWithoutAWarning) {
  ConfigurationSources sources;
  sources.file = ConfigurationFile{"usher.toml", initial_configuration(std::string(64, 'a'))};
  const auto read = read_configuration(sources);
  ASSERT_TRUE(read.ok()) << read.error().front().text();
  EXPECT_TRUE(read.value().warnings.empty()) << read.value().warnings.front().text();
}

TEST(LimitsDocument, IsTheOneInDocs) {
  const auto written = read_whole_file(std::string(USHER_SOURCE_FOLDER) + "/docs/limits.md");
  ASSERT_TRUE(written.ok()) << written.error().message;
  EXPECT_EQ(*written, limits_document()) << "run: usher print-limits > docs/limits.md";
}

class DemoConfiguration : public testing::TestWithParam<const char*> {};

TEST_P(DemoConfiguration, IsWell) {
  const std::string path = std::string(USHER_SOURCE_FOLDER) + "/demo/" + GetParam();
  const auto text = read_whole_file(path);
  ASSERT_TRUE(text.ok()) << text.error().message;
  ConfigurationSources sources;
  sources.file = ConfigurationFile{path, *text};
  sources.read_file = read_whole_file;
  const auto read = read_configuration(sources);
  ASSERT_TRUE(read.ok()) << read.error().front().text();
  EXPECT_TRUE(read.value().warnings.empty()) << read.value().warnings.front().text();
}

INSTANTIATE_TEST_SUITE_P(Demo, DemoConfiguration, testing::Values("demo.toml", "seed.toml"));

}  // namespace
}  // namespace usher::app
