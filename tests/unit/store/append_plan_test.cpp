#include "core/store/append_plan.h"

#include "core/upload/compression.h"
#include "tests/unit/store/store_fixture.h"

namespace mmm::store {
namespace {

using test::TempDir;

class AppendPlanTest : public ::testing::Test {
 protected:
  AppendOutcome add(const PendingUpload& upload, std::int64_t now_us = 1'000'000) {
    auto outcome = plan_.add(upload, now_us);
    EXPECT_TRUE(outcome);
    return outcome.value_or(AppendOutcome{});
  }

  // What the last planned chunk would read as.
  StoredChunk last_chunk() {
    const ChunkToWrite& chunk = plan_.chunks().back();
    const ChunkParts parts = encode_chunk_parts(chunk.first_id, chunk.head, chunk.body);
    auto read = decode_chunk(chunk.first_id, parts.head + std::string(chunk.body) + parts.checksum);
    EXPECT_TRUE(read);
    EXPECT_EQ(read->damage, "");
    return std::move(*read);
  }

  TempDir dir_;
  std::unique_ptr<PacketLog> log_ = open_log(dir_ / "log");
  StreamMarks marks_{*log_, 100};
  AppendPlan plan_{marks_};
};

TEST_F(AppendPlanTest, GivesOutIdsThatRiseWhateverTheClockDoes) {
  EXPECT_EQ(add(*sample_upload(10, 1), 1000).first_id, 1000U);
  EXPECT_EQ(add(*sample_upload(5, 11), 1000).first_id, 1010U);
  EXPECT_EQ(add(*sample_upload(5, 16), 900).first_id, 1015U);   // back
  EXPECT_EQ(add(*sample_upload(5, 21), -5).first_id, 1020U);    // before 1970
  EXPECT_EQ(add(*sample_upload(5, 26), 5000).first_id, 5000U);  // forward
  EXPECT_EQ(add(*sample_upload(0), 5000).first_id, 5005U);      // no record takes one id too
  EXPECT_EQ(add(*sample_upload(1, 31), 5000).first_id, 5006U);
}

TEST_F(AppendPlanTest, DropsTheRecordsThatAreThere) {
  EXPECT_EQ(add(*sample_upload(10, 1)).stored, 10U);
  const auto again = sample_upload(10, 1);
  const AppendOutcome same = add(*again);
  EXPECT_EQ(same.stored, 0U);
  EXPECT_EQ(same.duplicates, 10U);
  EXPECT_EQ(same.durable_seq, 10U);
  EXPECT_EQ(same.first_id, 0U);
  EXPECT_EQ(plan_.chunks().size(), 1U);

  const auto overlap = sample_upload(10, 6);
  const AppendOutcome partly = add(*overlap);
  EXPECT_EQ(partly.stored, 5U);
  EXPECT_EQ(partly.duplicates, 5U);
  EXPECT_EQ(partly.durable_seq, 15U);
  const StoredChunk chunk = last_chunk();
  ASSERT_EQ(chunk.upload.records.size(), 5U);
  EXPECT_EQ(chunk.upload.records.front().seq, 11U);
  EXPECT_EQ(chunk.upload.records.back().payload, test::sample_payload(15));
  EXPECT_EQ(chunk.upload.header.agent_id(), "agent-1");
  EXPECT_EQ(plan_.chunks().back().mark_seq, 15U);
}

TEST_F(AppendPlanTest, StreamsAndAgentsHaveTheirOwnMarks) {
  EXPECT_EQ(add(*sample_upload(10, 1, "agent-1", 's')).stored, 10U);
  EXPECT_EQ(add(*sample_upload(10, 1, "agent-1", 't')).stored, 10U);
  EXPECT_EQ(add(*sample_upload(10, 1, "agent-2", 's')).stored, 10U);
}

TEST_F(AppendPlanTest, ASignOfLifeLeavesAMarkButMovesNone) {
  // Chunks view the bodies of their uploads, so these stay until they are written.
  const auto sign_of_life = sample_upload(0);
  const auto records = sample_upload(10, 1);
  add(*sign_of_life);
  EXPECT_EQ(plan_.chunks().back().mark_key, mark_key("agent-1", std::string(16, 's')));
  EXPECT_EQ(plan_.chunks().back().mark_seq, 0U);
  add(*records);
  add(*sign_of_life);
  EXPECT_EQ(plan_.chunks().back().mark_key, "");
  ASSERT_TRUE(log_->write(plan_.chunks()));
  EXPECT_EQ(*log_->mark(mark_key("agent-1", std::string(16, 's'))), 10U);
}

TEST_F(AppendPlanTest, AnOlderBatchIsAnsweredWithTheMark) {
  add(*sample_upload(10, 91));
  const AppendOutcome older = add(*sample_upload(10, 1));
  EXPECT_EQ(older.duplicates, 10U);
  EXPECT_EQ(older.durable_seq, 100U);
}

TEST_F(AppendPlanTest, LeavesOutRefusedRecords) {
  auto records = test::sample_records(5);
  records[1].kind = upload::RECORD_KIND_UNSPECIFIED;
  records[4].payload = {};
  const auto upload = PendingUpload::scan(upload::encode_upload(test::sample_header(), records), {});
  ASSERT_TRUE(upload);
  const AppendOutcome outcome = add(**upload);
  EXPECT_EQ(outcome.stored, 3U);
  EXPECT_EQ(outcome.durable_seq, 5U);  // its last record is refused, so the agent has not to send it again
  const StoredChunk chunk = last_chunk();
  ASSERT_EQ(chunk.upload.records.size(), 3U);
  EXPECT_EQ(chunk.upload.records[1].seq, 3U);
  // Sent again, it is told the same and nothing is stored.
  const AppendOutcome again = add(**upload);
  EXPECT_EQ(again.stored, 0U);
  EXPECT_EQ(again.duplicates, 3U);
  EXPECT_EQ(again.durable_seq, 5U);
}

TEST_F(AppendPlanTest, KeepsACompressedUploadAsItCame) {
  const std::string body = test::sample_body(100);
  const std::string compressed = upload::zstd_compress(body);
  ASSERT_LT(compressed.size(), body.size());
  auto upload = PendingUpload::scan(body, compressed);
  ASSERT_TRUE(upload);
  add(**upload);
  EXPECT_EQ(plan_.chunks().back().head.encoding, ChunkEncoding::kZstd);
  EXPECT_EQ(plan_.chunks().back().body, compressed);
  EXPECT_EQ(*last_chunk().body, body);
}

TEST_F(AppendPlanTest, ReadsMarksFromTheLogWhenTheyAreNotInMemory) {
  const auto upload = sample_upload(10, 1);  // the plan's chunks are views into it
  add(*upload);
  ASSERT_TRUE(log_->write(plan_.chunks()));
  plan_.clear();
  marks_.forget();
  EXPECT_EQ(add(*sample_upload(10, 1)).duplicates, 10U);
  // Also when more streams come than are kept in memory.
  for (char stream = 0; stream < 120; ++stream) add(*sample_upload(1, 1, "agent-3", stream));
  EXPECT_EQ(add(*sample_upload(12, 1)).stored, 2U);
}

}  // namespace
}  // namespace mmm::store
