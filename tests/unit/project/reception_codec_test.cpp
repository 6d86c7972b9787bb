#include "core/store/index/reception_codec.h"

#include <gtest/gtest.h>

namespace mmm::index {
namespace {

constexpr LogId kPacket = 1'760'000'000'000'000;

// Heard ten days before it came.
PacketRow packet() {
  return {.id = kPacket, .time_us = static_cast<std::int64_t>(kPacket) - 864'000'000'000};
}

ReceptionRow full() {
  return {.packet = kPacket,
          .id = kPacket + 31'000'000,
          .agent = 300,
          .time_us = static_cast<std::int64_t>(kPacket) - 2'500,
          .snr = -12.25,
          .rssi = -121,
          .hops = 7,
          .hop_limit = 3,
          .relay_node = 0xFF,
          .flags = kViaMqtt | kMqtt};
}

TEST(ReceptionCodec, GivesBackWhatWasAppended) {
  PacketRow row = packet();
  ReceptionRow bare{.packet = kPacket, .id = kPacket, .agent = 1, .time_us = static_cast<std::int64_t>(kPacket)};
  append_reception(row, bare);
  append_reception(row, full());
  const auto rows = read_receptions(kPacket, row.time_us, row.reception_list);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].id, kPacket);
  EXPECT_EQ(rows[0].time_us, bare.time_us);
  EXPECT_FALSE(rows[0].snr);
  EXPECT_FALSE(rows[0].rssi);
  EXPECT_FALSE(rows[0].hops);
  EXPECT_EQ(rows[1].id, full().id);
  EXPECT_EQ(rows[1].agent, 300);
  EXPECT_EQ(rows[1].time_us, full().time_us);
  EXPECT_EQ(rows[1].snr, -12.25);
  EXPECT_EQ(rows[1].rssi, -121);
  EXPECT_EQ(rows[1].hops, 7U);
  EXPECT_EQ(rows[1].hop_limit, 3U);
  EXPECT_EQ(rows[1].relay_node, 0xFFU);
  EXPECT_EQ(rows[1].flags, kViaMqtt | kMqtt);
  EXPECT_TRUE(is_received_by(row.reception_list, 1));
  EXPECT_TRUE(is_received_by(row.reception_list, 300));
  EXPECT_FALSE(is_received_by(row.reception_list, 2));
  EXPECT_EQ(first_agent(row.reception_list), 1);
}

TEST(ReceptionCodec, TellsTheFirstAgentFromAsManyBytesAsOneReceptionCanHave) {
  PacketRow row{.id = 0, .time_us = 0};
  append_reception(row, {.packet = 0,
                         .id = UINT64_MAX,
                         .agent = INT64_MAX,
                         .time_us = INT64_MIN,
                         .snr = -1e9,
                         .rssi = INT32_MIN,
                         .hops = UINT32_MAX,
                         .hop_limit = UINT32_MAX,
                         .relay_node = UINT32_MAX,
                         .flags = UINT32_MAX});
  ASSERT_LE(row.reception_list.size(), std::size_t{kReceptionBytesMax});
  append_reception(row, full());
  EXPECT_EQ(first_agent(std::string_view(row.reception_list).substr(0, kReceptionBytesMax)), INT64_MAX);
  EXPECT_FALSE(first_agent({}));
  EXPECT_FALSE(first_agent(std::string_view(row.reception_list).substr(0, 3)));
}

TEST(ReceptionCodec, KeepsExtremeStrengths) {
  for (const std::int32_t rssi : {0, -1, -12, -139, 40, INT32_MIN, INT32_MAX}) {
    PacketRow row = packet();
    append_reception(row, {.packet = kPacket, .id = kPacket, .agent = 1, .time_us = row.time_us, .rssi = rssi});
    const auto rows = read_receptions(kPacket, row.time_us, row.reception_list);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].rssi, rssi);
  }
}

// However late the agent uploads.
TEST(ReceptionCodec, TakesAboutFourteenBytes) {
  PacketRow row = packet();
  append_reception(row, {.packet = kPacket,
                         .id = kPacket + 20'000'000,
                         .agent = 49,
                         .time_us = row.time_us + 900'000,
                         .snr = 6.5,
                         .rssi = -97,
                         .hops = 2,
                         .hop_limit = 1,
                         .relay_node = 0x42});
  EXPECT_LE(row.reception_list.size(), 15U);
}

// Only a damaged file has them; they must end the list, not the program.
TEST(ReceptionCodec, AnyPieceOfTheBytesIsReadWithoutHarm) {
  PacketRow row = packet();
  append_reception(row, full());
  append_reception(row, full());
  const std::string& bytes = row.reception_list;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_LE(read_receptions(kPacket, row.time_us, std::string_view(bytes).substr(0, length)).size(), 1U) << length;
  }
  EXPECT_TRUE(read_receptions(kPacket, row.time_us, std::string(64, '\xFF')).empty());
}

}  // namespace
}  // namespace mmm::index
