#include "dashboard/tiles/pmtiles_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mmm::dashboard {
namespace {

TEST(ByteRange, IsOnePieceOfBytes) {
  const auto range = parse_byte_range("bytes=10-20");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 10U);
  EXPECT_EQ(range->last, 20U);
  EXPECT_TRUE(parse_byte_range("bytes=0-0"));
  EXPECT_TRUE(parse_byte_range("bytes=0-18446744073709551615"));
  for (const char* wrong : {"", "bytes=", "bytes=-5", "bytes=5-", "bytes=5", "bytes=9-8", "bytes=0-1,4-5", "items=0-1",
                            "bytes=0x1-2", "bytes=0-18446744073709551616", "bytes= 0-1", "bytes=-1-2", "bytes=0-1 "}) {
    EXPECT_FALSE(parse_byte_range(wrong)) << wrong;
  }
}

class PmtilesFileTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "mmm-pmtiles-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::filesystem::path write(std::string_view content) {
    const auto path = directory_ / "region.pmtiles";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

  std::filesystem::path directory_;
};

TEST_F(PmtilesFileTest, GivesPiecesUpToItsEnd) {
  std::string content = "PMTiles\x03";
  for (int i = 0; i < 500; ++i) content.push_back(static_cast<char>('a' + i % 26));
  const auto file = PmtilesFile::open(write(content));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->size(), content.size());
  EXPECT_EQ(file->read({.first = 0, .last = 7}).value(), "PMTiles\x03");
  EXPECT_EQ(file->read({.first = 100, .last = 119}).value(), content.substr(100, 20));
  EXPECT_EQ(file->read({.first = 500, .last = UINT64_MAX}).value(), content.substr(500));
  EXPECT_FALSE(file->read({.first = content.size(), .last = content.size()}));
}

TEST_F(PmtilesFileTest, APieceIsNeverLargerThanItsBound) {
  std::string content = "PMTiles\x03";
  content.resize(kPmtilesPieceMax + 1000, 'x');
  const auto file = PmtilesFile::open(write(content));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->read({.first = 0, .last = UINT64_MAX}).value().size(), kPmtilesPieceMax);
}

TEST_F(PmtilesFileTest, AnythingElseIsRefusedWithItsName) {
  EXPECT_FALSE(PmtilesFile::open(directory_ / "missing.pmtiles"));
  EXPECT_FALSE(PmtilesFile::open(directory_));
  const auto old_version = PmtilesFile::open(write("PMTiles\x02" + std::string(200, 'x')));
  ASSERT_FALSE(old_version);
  EXPECT_NE(old_version.error().message.find("region.pmtiles"), std::string::npos);
  EXPECT_FALSE(PmtilesFile::open(write("PMTiles\x03 but short")));
  EXPECT_FALSE(PmtilesFile::open(write("")));
}

TEST_F(PmtilesFileTest, AnotherFileHasAnotherTag) {
  const std::string head = "PMTiles\x03" + std::string(200, 'x');
  const std::string before = PmtilesFile::open(write(head)).value().etag();
  EXPECT_EQ(PmtilesFile::open(directory_ / "region.pmtiles").value().etag(), before);
  EXPECT_NE(PmtilesFile::open(write(head + "y")).value().etag(), before);
}

}  // namespace
}  // namespace mmm::dashboard
