#include "ingest/project/channel_names.h"

#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

TEST(ChannelNamesTest, AreFoundByIndexAndForEncryptedPacketsByHash) {
  ChannelNames names;
  const index::RadioFacts radio{.channels = R"([{"index":0,"name":"LongFast","hash":8,"role":"PRIMARY"},)"
                                            R"({"index":1,"name":"Über","hash":0,"role":"SECONDARY"}])"};
  EXPECT_EQ(names.name(radio, 0, false), "LongFast");
  EXPECT_EQ(names.name(radio, 1, false), "Über");
  EXPECT_EQ(names.name(radio, 8, true), "LongFast");
  EXPECT_EQ(names.name(radio, 0, true), "Über");
  EXPECT_EQ(names.name(radio, 8, false), "unknown");
  EXPECT_EQ(names.name(index::RadioFacts{}, 0, false), "unknown");
}

TEST(ChannelNamesTest, ARadioThatChangesItsListAgainAndAgainCostsNoMemory) {
  ChannelNames names;
  for (int i = 0; i < 5000; ++i) {
    const std::string text = R"([{"index":0,"name":"n)" + std::to_string(i) + R"(","hash":8,"role":"PRIMARY"}])";
    EXPECT_EQ(names.name(index::RadioFacts{.channels = text}, 0, false), "n" + std::to_string(i));
  }
}

}  // namespace
}  // namespace mmm::ingest
