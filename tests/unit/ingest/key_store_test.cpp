#include "ingest/access/key_store.h"

#include "core/base/encoding.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <sstream>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow = from_micros(1'767'225'600'000'000);

bool knows(const KeyStore& store, const std::string& key, WallTime now) {
  KeyTable table(true, store.salt());
  store.add_to(table, now);
  return table.find(key) != nullptr;
}

class KeyStoreTest : public ::testing::Test {
 protected:
  std::string text() const {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }
  void write(const std::string& text) const { std::ofstream(path) << text; }
  Error error_of(const std::string& text) const {
    write(text);
    auto store = KeyStore::read(path);
    EXPECT_FALSE(store) << text;
    return store ? Error{ErrorKind::kIo, ""} : store.error();
  }

  test::TempDir directory;
  std::filesystem::path path = directory / "keys";
};

TEST_F(KeyStoreTest, WhatIsAddedIsThereAfterReadingAndIsNowhereInClear) {
  KeyStore store;
  const auto key = store.add("Hill-1", kNow);
  ASSERT_TRUE(key);
  ASSERT_TRUE(store.add("valley", kNow + 1s));
  ASSERT_TRUE(store.write(path));
  EXPECT_EQ(text().find(*key), std::string::npos);
  struct stat status{};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);

  const auto read = KeyStore::read(path);
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->keys().size(), 2U);
  EXPECT_EQ(read->keys()[0].agent_id, "Hill-1");
  EXPECT_EQ(read->keys()[0].created, kNow);
  EXPECT_TRUE(knows(*read, *key, kNow));
  EXPECT_FALSE(knows(*read, *key + "x", kNow));
  EXPECT_EQ(read->next_end(kNow), std::nullopt);
}

TEST_F(KeyStoreTest, AMissingFileIsAnEmptyStoreWithASaltOfItsOwn) {
  const auto one = KeyStore::read(path);
  const auto other = KeyStore::read(path);
  ASSERT_TRUE(one && other);
  EXPECT_TRUE(one->keys().empty());
  EXPECT_NE(one->salt(), other->salt());
}

TEST_F(KeyStoreTest, AnAgentHasOneKey) {
  KeyStore store;
  ASSERT_TRUE(store.add("hill", kNow));
  const auto again = store.add("HILL", kNow);
  ASSERT_FALSE(again);
  EXPECT_NE(again.error().message.find("rotate"), std::string::npos);
  for (const char* bad : {"", "two words", "line\nbreak", "../x/y"}) EXPECT_FALSE(store.add(bad, kNow)) << bad;
}

TEST_F(KeyStoreTest, RotationLeavesTheOldKeyItsGrace) {
  KeyStore store;
  const auto first = store.add("Hill", kNow);
  const auto second = store.rotate("hill", kNow + 1h, 24h);
  ASSERT_TRUE(second);
  ASSERT_TRUE(store.write(path));
  auto read = KeyStore::read(path);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->keys()[0].agent_id, "Hill");  // as it was written first, and the newest first
  EXPECT_FALSE(read->keys()[0].valid_until);
  EXPECT_EQ(read->next_end(kNow + 1h), kNow + 25h);
  EXPECT_TRUE(knows(*read, *first, kNow + 25h - 1us));
  EXPECT_FALSE(knows(*read, *first, kNow + 25h));
  EXPECT_TRUE(knows(*read, *second, kNow + 1000h));

  // A second rotation does not prolong the first key's grace, and drops what has ended.
  const auto third = read->rotate("Hill", kNow + 2h, 48h);
  EXPECT_FALSE(knows(*read, *first, kNow + 25h));
  EXPECT_TRUE(knows(*read, *second, kNow + 50h - 1us));
  ASSERT_TRUE(read->rotate("Hill", kNow + 30h, 24h));
  EXPECT_EQ(read->keys().size(), 3U);
  EXPECT_TRUE(knows(*read, *third, kNow + 30h));
}

TEST_F(KeyStoreTest, RotationWithoutGraceEndsEveryOlderKey) {
  KeyStore store;
  const auto first = store.add("hill", kNow);
  const auto second = store.rotate("hill", kNow, 24h);
  const auto third = store.rotate("hill", kNow, 0ms);
  EXPECT_EQ(store.keys().size(), 1U);
  EXPECT_FALSE(knows(store, *first, kNow));
  EXPECT_FALSE(knows(store, *second, kNow));
  EXPECT_TRUE(knows(store, *third, kNow));
}

TEST_F(KeyStoreTest, RevokingTakesAllKeysOfTheAgent) {
  KeyStore store;
  const auto first = store.add("hill", kNow);
  const auto second = store.rotate("hill", kNow, 24h);
  const auto other = store.add("valley", kNow);
  ASSERT_TRUE(store.revoke("Hill"));
  EXPECT_FALSE(knows(store, *first, kNow));
  EXPECT_FALSE(knows(store, *second, kNow));
  EXPECT_TRUE(knows(store, *other, kNow));
  EXPECT_EQ(store.revoke("hill").error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(store.rotate("hill", kNow, 0ms).error().kind, ErrorKind::kNotFound);
}

TEST_F(KeyStoreTest, ADamagedOrLaterFileIsRefusedWithItsLine) {
  const std::string salt = "salt " + to_hex(std::string(32, 's')) + "\n";
  const std::string digest = to_hex(std::string(32, 'd'));
  EXPECT_EQ(error_of("mmm-keys 2\n").kind, ErrorKind::kNewerVersion);
  EXPECT_EQ(error_of("[api_keys]\n").kind, ErrorKind::kCorrupt);
  EXPECT_EQ(error_of("mmm-keys 1\n").kind, ErrorKind::kCorrupt);
  EXPECT_EQ(error_of("").kind, ErrorKind::kCorrupt);
  const std::vector<std::string> damaged{"key hill " + digest + "\n",
                                         "key hill 1234 2026-01-01T00:00:00Z\n",
                                         "key ../x " + digest + " 2026-01-01T00:00:00Z\n",
                                         "key hill " + digest + " 2026-01-01T00:00:00Z until\n",
                                         "key hill " + digest + " 2026-01-01T00:00:00Z x\n",
                                         "kex hill\n"};
  for (const std::string& line : damaged) {
    const Error error = error_of("mmm-keys 1\n" + salt + line);
    EXPECT_EQ(error.kind, ErrorKind::kCorrupt) << line;
    EXPECT_NE(error.message.find("line 3"), std::string::npos) << error.message;
    EXPECT_NE(error.message.find(path.string()), std::string::npos) << error.message;
  }
  write("mmm-keys 1\n" + salt + "\nkey hill " + digest + " 2026-01-01T00:00:00Z until 2026-01-02T00:00:00Z\n");
  const auto good = KeyStore::read(path);
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->keys().size(), 1U);
}

}  // namespace
}  // namespace mmm::ingest
