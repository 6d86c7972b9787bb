#include "core/base/lock_owner.h"

#include "tests/support/temp_dir.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace mmm {
namespace {

TEST(LockOwnerTest, NamesTheProcessThatHasTheLock) {
  const test::TempDir dir;
  const std::string path = (dir / "LOCK").string();
  EXPECT_FALSE(lock_owner(path));
  std::array<int, 2> locked{};
  std::array<int, 2> go{};
  ASSERT_EQ(::pipe(locked.data()), 0);
  ASSERT_EQ(::pipe(go.data()), 0);
  const pid_t holder = ::fork();
  ASSERT_GE(holder, 0);
  char byte = 'x';
  if (holder == 0) {
    ::close(go[1]);
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
    struct flock lock{};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    const bool done = ::fcntl(file, F_SETLK, &lock) == 0 && ::write(locked[1], &byte, 1) == 1;
    // Ends when the test says so, or ends itself.
    ::_exit(done && ::read(go[0], &byte, 1) >= 0 ? 0 : 1);
  }
  ::close(go[0]);
  ::close(locked[1]);
  ASSERT_EQ(::read(locked[0], &byte, 1), 1);
  EXPECT_EQ(lock_owner(path), holder);
  ::close(go[1]);
  int status = -1;
  ASSERT_EQ(::waitpid(holder, &status, 0), holder);
  EXPECT_EQ(status, 0);
  EXPECT_FALSE(lock_owner(path));
  ::close(locked[0]);
}

}  // namespace
}  // namespace mmm
