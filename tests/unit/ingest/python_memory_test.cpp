#include "ingest/python/entry_memory.h"
#include "tests/support/mesh_log.h"
#include "tests/support/temp_dir.h"

#include <gtest/gtest.h>

namespace mmm::ingest::python {
namespace {

constexpr std::int64_t kNow = test::kTestEpochUs;
constexpr std::int64_t kHour = 3'600'000'000;

Entry packet(std::string_view json) {
  return {.kind = upload::RECORD_KIND_LEGACY_DATA, .json = json};
}

Entry node(std::string_view json) {
  return {.kind = upload::RECORD_KIND_LEGACY_NODEDB, .json = json};
}

class EntryMemoryTest : public testing::Test {
 protected:
  // How many of them are new; they are learnt.
  std::size_t take(std::string_view agent, std::vector<Entry> entries, std::int64_t now_us = kNow) {
    const auto selection = memory_.select(agent, entries, now_us);
    memory_.learn(selection.marks, now_us);
    return selection.entries.size();
  }

  metrics::Registry registry_;
  EntryMemory memory_{registry_, 1000};
};

TEST_F(EntryMemoryTest, KnowsWhatCameBeforeOfTheSameAgent) {
  EXPECT_EQ(take("a", {packet(R"({"id":1})"), packet(R"({"id":2})"), packet(R"({"id":1})")}), 2U);
  EXPECT_EQ(take("a", {packet(R"({"id":1})"), packet(R"({"id":3})")}), 1U);
  EXPECT_EQ(take("b", {packet(R"({"id":1})")}), 1U);
}

TEST_F(EntryMemoryTest, LearnsOnlyWhatItIsTold) {
  const std::vector<Entry> entries{packet(R"({"id":1})")};
  EXPECT_EQ(memory_.select("a", entries, kNow).entries.size(), 1U);
  EXPECT_EQ(memory_.select("a", entries, kNow).entries.size(), 1U) << "an append may have failed";
}

// A node that changes and changes back says something new each time.
TEST_F(EntryMemoryTest, ComparesANodeWithItsLastEntry) {
  EXPECT_EQ(take("a", {node(R"({"!00000011":{"x":1}})"), node(R"({"!00000012":{"x":1}})")}), 2U);
  EXPECT_EQ(take("a", {node(R"({"!00000011":{"x":1}})")}), 0U);
  EXPECT_EQ(take("a", {node(R"({"!00000011":{"x":2}})")}), 1U);
  EXPECT_EQ(take("a", {node(R"({"!00000011":{"x":1}})")}), 1U);
  EXPECT_EQ(take("b", {node(R"({"!00000011":{"x":1}})")}), 1U);
}

TEST_F(EntryMemoryTest, ForgetsTheOldestWhenItIsFull) {
  for (int i = 0; i < 10'000; ++i) {
    const std::string json = fmt::format("{{\"id\":{}}}", i);
    ASSERT_EQ(take("a", {packet(json)}), 1U);
  }
  EXPECT_EQ(take("a", {packet(R"({"id":9999})"), packet(R"({"id":9600})")}), 0U);
  EXPECT_EQ(take("a", {packet(R"({"id":1})")}), 1U);
}

TEST_F(EntryMemoryTest, RemembersForTheWindowAndNotForEver) {
  EXPECT_EQ(take("a", {packet(R"({"id":1})")}), 1U);
  EXPECT_EQ(take("a", {packet(R"({"id":1})")}, kNow + 119 * kHour / 60), 0U);
  EXPECT_EQ(take("a", {packet(R"({"id":2})")}, kNow + 3 * kHour), 1U);
  EXPECT_EQ(take("a", {packet(R"({"id":3})")}, kNow + 6 * kHour), 1U);
  EXPECT_EQ(take("a", {packet(R"({"id":1})")}, kNow + 6 * kHour), 1U);
}

TEST_F(EntryMemoryTest, RecallsTheNewestPartOfTheLog) {
  test::TempDir dir;
  test::MeshLog log(dir / "log");
  const auto record = [](upload::RecordKind kind, std::string json) {
    return test::MadeRecord{.arrival_us = kNow, .kind = kind, .payload = std::move(json)};
  };
  log.append("a", kNow, {record(upload::RECORD_KIND_LEGACY_DATA, R"({"id":"old"})")});
  log.append("a", static_cast<store::LogId>(kNow + 5 * kHour),
             {record(upload::RECORD_KIND_LEGACY_DATA, R"({"id":1})"),
              record(upload::RECORD_KIND_LEGACY_NODEDB, R"({"!00000011":{"x":1}})"),
              record(upload::RECORD_KIND_LEGACY_NODE_STATUS, R"({"node_id":"!00000011"})")});
  ASSERT_TRUE(memory_.recall(log.log(), false));
  const std::int64_t later = kNow + 5 * kHour + 1000;
  EXPECT_EQ(take("a", {packet(R"({"id":1})"), node(R"({"!00000011":{"x":1}})")}, later), 0U);
  EXPECT_EQ(take("a", {packet(R"({"id":"old"})")}, later), 1U);
  EXPECT_EQ(take("b", {packet(R"({"id":1})")}, later), 1U);
}

}  // namespace
}  // namespace mmm::ingest::python
