#include "tests/support/full_disk_vfs.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/agent/buffer_fixture.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <random>

namespace mmm::agent {
namespace {

// What the child tells through a pipe after each commit that has returned.
struct Progress {
  std::uint64_t committed = 0;  // records that are durable
  std::uint64_t last_seq = 0;
  std::uint64_t acknowledged = 0;  // of these, up to which seq the server is done
};

[[noreturn]] void work_until_killed(const std::filesystem::path& file, int pipe, unsigned seed) {
  auto buffer = open_buffer(BufferOptions{.path = file, .servers = {"main"}});
  if (!buffer) ::_exit(2);
  std::mt19937 random(seed);
  while (true) {
    std::vector<Record> records;
    for (unsigned i = 0; i < 1 + random() % 20; ++i) {
      records.push_back(packet_record(std::string(random() % 300, 'k')));
    }
    if (!(*buffer)->commit(records, 0)) ::_exit(3);
    const auto cursor = (*buffer)->state().servers[0].acknowledged_seq;
    if (random() % 3 == 0) {
      const auto batch = (*buffer)->read(cursor, 1 + random() % 20, SIZE_MAX);
      if (!batch || batch->empty() || !(*buffer)->acknowledge(0, {.upto = batch->back().seq}, 0)) ::_exit(4);
    }
    const auto state = (*buffer)->state();
    const Progress progress{state.servers[0].ledger.captured, state.last_seq, state.servers[0].acknowledged_seq};
    if (::write(pipe, &progress, sizeof progress) != sizeof progress) ::_exit(5);
  }
}

// kill -9 at random moments: everything whose commit had returned is there, and numbers go on rising.
TEST(BufferCrash, WhatWasCommittedSurvivesKill) {
  const test::TempDir directory;
  const auto file = directory.path() / "records.db";
  std::mt19937 random(7);
  Progress last;
  for (unsigned round = 0; round < 15; ++round) {
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(pipe[0]);
      work_until_killed(file, pipe[1], round);
    }
    ::close(pipe[1]);
    Progress progress;
    const unsigned kill_after = 1 + static_cast<unsigned>(random() % 12);
    for (unsigned i = 0; i < kill_after; ++i) {
      ASSERT_EQ(::read(pipe[0], &progress, sizeof progress), static_cast<ssize_t>(sizeof progress));
      ASSERT_GE(progress.last_seq, last.last_seq);
      last = progress;
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself, code " << WEXITSTATUS(status);
    while (::read(pipe[0], &progress, sizeof progress) == static_cast<ssize_t>(sizeof progress)) last = progress;
    ::close(pipe[0]);

    auto buffer = open_buffer(BufferOptions{.path = file, .servers = {"main"}});
    ASSERT_TRUE(buffer) << buffer.error().message;
    const auto state = (*buffer)->state();
    EXPECT_GE(state.servers[0].ledger.captured, last.committed);
    EXPECT_GE(state.servers[0].acknowledged_seq, last.acknowledged);
    EXPECT_GT(state.last_seq, last.last_seq);
    expect_ledgers_hold(**buffer);
  }
}

// What a power cut leaves: the file and its log. With no room left on the disk, not even for a file beside them, the
// next start opens them and goes on.
TEST(BufferCrash, WhatWasCommittedIsThereOnADiskThatIsFullByThen) {
  testing::FullDiskVfs disk;
  const test::TempDir directory;
  const auto file = directory.path() / "records.db";
  const auto left = directory.path() / "left.db";
  {
    auto buffer = open_buffer(BufferOptions{.path = file, .servers = {"main"}});
    ASSERT_TRUE(buffer) << buffer.error().message;
    for (int i = 0; i < 100; ++i) ASSERT_TRUE((*buffer)->commit(std::vector{packet_record("kept")}, 0));
    for (const char* suffix : {"", "-wal"}) {
      std::filesystem::copy_file(file.string() + suffix, left.string() + suffix);
    }
  }
  disk.set_bytes_left(0);
  auto buffer = open_buffer(BufferOptions{.path = left, .servers = {"main"}});
  ASSERT_TRUE(buffer) << buffer.error().message;
  EXPECT_FALSE(std::filesystem::exists(left.string() + "-shm"));
  EXPECT_EQ(count_waiting(**buffer, 0), 100U);
  EXPECT_TRUE((*buffer)->acknowledge(0, {.upto = (*buffer)->read(0, 50, SIZE_MAX)->back().seq}, 0));
  expect_ledgers_hold(**buffer);
}

}  // namespace
}  // namespace mmm::agent
