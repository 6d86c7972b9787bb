#include "core/upload/compression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <memory>
#include <random>

namespace mmm::upload {
namespace {

using ::testing::HasSubstr;

std::string sample(std::size_t size) {
  std::mt19937 random(3);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>('a' + random() % 20);
  return bytes;
}

// A frame as a streaming encoder writes it: without its content's size.
std::string zstd_stream(std::string_view bytes) {
  const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), &ZSTD_freeCCtx);
  std::string out(ZSTD_compressBound(bytes.size()) + 64, '\0');
  ZSTD_outBuffer output{out.data(), out.size(), 0};
  for (std::size_t at = 0; at < bytes.size(); at += 1000) {
    const std::string_view part = bytes.substr(at, 1000);
    ZSTD_inBuffer input{part.data(), part.size(), 0};
    ZSTD_compressStream2(context.get(), &output, &input, ZSTD_e_flush);
  }
  ZSTD_inBuffer nothing{nullptr, 0, 0};
  ZSTD_compressStream2(context.get(), &output, &nothing, ZSTD_e_end);
  out.resize(output.pos);
  EXPECT_EQ(ZSTD_getFrameContentSize(out.data(), out.size()), ZSTD_CONTENTSIZE_UNKNOWN);
  return out;
}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, bytes.size()) + 32, '\0');
  std::string in(bytes);
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

TEST(Zstd, GivesBackWhatItCompressed) {
  for (const std::size_t size : {0U, 1U, 1000U, 300'000U}) {
    const std::string bytes = sample(size);
    auto back = zstd_decompress(zstd_compress(bytes), 300'000);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Zstd, ReadsFramesWithoutContentSize) {
  const std::string bytes = sample(200'000);
  auto back = zstd_decompress(zstd_stream(bytes), 200'000);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, bytes);
}

TEST(Zstd, RefusesMoreThanTheLimit) {
  const std::string bytes(200'001, 'x');
  EXPECT_EQ(zstd_decompress(zstd_compress(bytes), 200'000).error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(zstd_decompress(zstd_stream(bytes), 200'000).error().kind, ErrorKind::kTooLarge);
}

TEST(Zstd, RefusesDamagedCutOffAndFollowedFrames) {
  const std::string bytes = sample(50'000);
  const std::string known = zstd_compress(bytes);
  const std::string unknown = zstd_stream(bytes);
  for (const std::string& frame : {known, unknown}) {
    EXPECT_EQ(zstd_decompress(frame.substr(0, frame.size() - 1), 1 << 20).error().kind, ErrorKind::kMalformed);
    EXPECT_EQ(zstd_decompress(frame + "x", 1 << 20).error().kind, ErrorKind::kMalformed);
    EXPECT_EQ(zstd_decompress(frame + frame, 1 << 20).error().kind, ErrorKind::kMalformed);
  }
  EXPECT_EQ(zstd_decompress("", 100).error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(zstd_decompress("not zstd at all", 100).error().kind, ErrorKind::kMalformed);
}

TEST(Gzip, GivesBackWhatWasCompressed) {
  for (const std::size_t size : {0U, 1U, 65'536U, 300'000U}) {
    const std::string bytes = sample(size);
    auto back = gzip_decompress(gzip(bytes), 300'000);
    ASSERT_TRUE(back) << back.error().message;
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Gzip, RefusesMoreThanTheLimit) {
  const std::string bomb = gzip(std::string(4U << 20U, '\0'));
  ASSERT_LT(bomb.size(), 10'000U);
  EXPECT_EQ(gzip_decompress(bomb, 1U << 20U).error().kind, ErrorKind::kTooLarge);
}

TEST(Gzip, RefusesDamagedCutOffAndFollowedMembers) {
  const std::string member = gzip(sample(5000));
  EXPECT_THAT(gzip_decompress(member.substr(0, member.size() - 3), 10'000).error().message, HasSubstr("cut off"));
  EXPECT_EQ(gzip_decompress(member + "x", 10'000).error().kind, ErrorKind::kMalformed);
  std::string damaged = member;
  damaged[member.size() - 6] ^= 1;  // in the CRC
  EXPECT_EQ(gzip_decompress(damaged, 10'000).error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(gzip_decompress("", 100).error().kind, ErrorKind::kMalformed);
  EXPECT_EQ(gzip_decompress("plain text", 100).error().kind, ErrorKind::kMalformed);
}

}  // namespace
}  // namespace mmm::upload
