#include "core/base/file_lock.h"

#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

#include <optional>

namespace mmm {
namespace {

TEST(FileLock, OneHolderAtATimeAndFreeWhenItIsGone) {
  test::TempDir dir;
  std::optional<FileLock> held;
  {
    auto lock = FileLock::try_exclusive(dir / "lock");
    ASSERT_TRUE(lock) << lock.error().message;
    held.emplace(std::move(*lock));
  }
  auto second = FileLock::try_exclusive(dir / "lock");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kUnavailable);
  held.reset();
  EXPECT_TRUE(FileLock::try_exclusive(dir / "lock"));
}

TEST(FileLock, SharedHoldersKeepAnExclusiveOneOut) {
  test::TempDir dir;
  const auto one = FileLock::shared(dir / "lock");
  const auto other = FileLock::shared(dir / "lock");
  ASSERT_TRUE(one && other);
  EXPECT_FALSE(FileLock::try_exclusive(dir / "lock"));
}

TEST(FileLock, SaysWhenTheFileCannotBeMade) {
  const auto lock = FileLock::try_exclusive("/nonexistent/lock");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().kind, ErrorKind::kIo);
}

}  // namespace
}  // namespace mmm
