#include "core/base/durable_file.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace mmm {
namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ReplaceFile, LeavesOnlyTheNewContentAndForItsOwnerOnly) {
  const test::TempDir directory;
  const auto path = directory / "file";
  ASSERT_TRUE(replace_file(path, "a longer first content"));
  ASSERT_TRUE(replace_file(path, "second"));
  EXPECT_EQ(content_of(path), "second");
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(directory.path()), {}), 1);
}

TEST(ReplaceFile, SaysWhatItCouldNotWriteAndLeavesTheOldOne) {
  const test::TempDir directory;
  const auto missing = directory / "no" / "file";
  const auto written = replace_file(missing, "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::kIo);
  EXPECT_NE(written.error().message.find(missing.string()), std::string::npos);

  std::filesystem::create_directory(directory / "taken");
  EXPECT_FALSE(replace_file(directory / "taken", "x"));
  EXPECT_TRUE(std::filesystem::is_directory(directory / "taken"));
  EXPECT_FALSE(std::filesystem::exists(directory / "taken.new"));
}

}  // namespace
}  // namespace mmm
