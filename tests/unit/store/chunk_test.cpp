#include "core/store/chunk.h"

#include "core/base/encoding.h"
#include "core/upload/compression.h"
#include "tests/support/sample_upload.h"

#include <gtest/gtest.h>

namespace mmm::store {
namespace {

std::string encode(LogId id, ChunkEncoding encoding, std::uint32_t records, const std::string& body) {
  const ChunkParts parts = encode_chunk_parts(id, {encoding, records}, body);
  return parts.head + body + parts.checksum;
}

TEST(Chunk, PlainAndCompressedBodiesReadTheSame) {
  const std::string body = test::sample_body(200, 5);
  for (const ChunkEncoding encoding : {ChunkEncoding::kPlain, ChunkEncoding::kZstd}) {
    const std::string stored = encoding == ChunkEncoding::kZstd ? upload::zstd_compress(body) : body;
    auto chunk = decode_chunk(1000, encode(1000, encoding, 200, stored));
    ASSERT_TRUE(chunk);
    EXPECT_EQ(chunk->damage, "");
    EXPECT_EQ(*chunk->body, body);
    ASSERT_EQ(chunk->upload.records.size(), 200U);
    EXPECT_EQ(chunk->upload.records[7].seq, 12U);
    EXPECT_EQ(chunk->upload.records[7].payload, test::sample_payload(12));
    EXPECT_EQ(chunk->upload.header.agent_id(), "agent-1");
    EXPECT_EQ(chunk->id(7), 1007U);
    EXPECT_EQ(chunk->last_id(), 1199U);
  }
}

TEST(Chunk, LayoutIsTheDocumentedOne) {
  const std::string value = encode(7, ChunkEncoding::kPlain, 0x01020304, "body");
  ASSERT_EQ(value.size(), 6U + 4U + 8U);
  EXPECT_EQ(value.substr(0, 10), std::string("\x01\x00\x01\x02\x03\x04"
                                             "body",
                                             10));
  // Fixed for ever: what earlier versions have stored must read.
  EXPECT_EQ(to_hex(value.substr(10)), "253331bb7493ef51");
}

TEST(Chunk, EveryFlippedBitIsNoticed) {
  const std::string value = encode(1000, ChunkEncoding::kPlain, 2, test::sample_body(2));
  for (std::size_t byte = 1; byte < value.size(); ++byte) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      std::string damaged = value;
      damaged[byte] = static_cast<char>(damaged[byte] ^ (1 << bit));
      auto chunk = decode_chunk(1000, damaged);
      ASSERT_TRUE(chunk);
      EXPECT_NE(chunk->damage, "") << "byte " << byte << " bit " << bit;
      EXPECT_TRUE(chunk->upload.records.empty());
    }
  }
}

TEST(Chunk, UnderAnotherKeyItIsDamaged) {
  const std::string value = encode(1000, ChunkEncoding::kPlain, 2, test::sample_body(2));
  EXPECT_NE(decode_chunk(1001, value)->damage, "");
}

TEST(Chunk, CutOffValuesAreDamagedNotRead) {
  const std::string value = encode(1000, ChunkEncoding::kPlain, 2, test::sample_body(2));
  for (std::size_t size = 0; size < value.size(); ++size) {
    const std::string cut = value.substr(0, size);
    auto chunk = decode_chunk(1000, cut);
    ASSERT_TRUE(chunk);
    EXPECT_NE(chunk->damage, "") << size;
  }
}

TEST(Chunk, ALaterVersionIsRefusedInWords) {
  std::string value = encode(1000, ChunkEncoding::kPlain, 2, test::sample_body(2));
  value[0] = 2;
  auto chunk = decode_chunk(1000, value);
  ASSERT_FALSE(chunk);
  EXPECT_EQ(chunk.error().kind, ErrorKind::kNewerVersion);
  EXPECT_NE(chunk.error().message.find("version 2"), std::string::npos);
}

TEST(Chunk, ACountThatDoesNotFitTheBodyIsDamage) {
  EXPECT_NE(decode_chunk(1000, encode(1000, ChunkEncoding::kPlain, 3, test::sample_body(2)))->damage, "");
}

}  // namespace
}  // namespace mmm::store
