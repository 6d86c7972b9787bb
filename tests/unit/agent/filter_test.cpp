#include "agent/upload/filter.h"

#include "core/mesh/from_radio.pb.h"

#include <gtest/gtest.h>

namespace mmm::agent {
namespace {

Record packet(std::uint32_t from, int port) {
  mesh::FromRadio message;
  message.mutable_packet()->set_from(from);
  if (port >= 0) {
    message.mutable_packet()->mutable_decoded()->set_portnum(static_cast<mesh::PortNum>(port));
  } else {
    message.mutable_packet()->set_encrypted("cipher");
  }
  return {.kind = upload::RECORD_KIND_MESH_PACKET, .payload = message.SerializeAsString()};
}

TEST(RecordFilter, PassesEverythingUnlessToldOtherwise) {
  EXPECT_TRUE(RecordFilter().passes(packet(1, 1)));
  EXPECT_TRUE(RecordFilter().passes({.kind = upload::RECORD_KIND_MESH_PACKET, .payload = "\xff"}));
}

TEST(RecordFilter, SelectsByTheTypesOfThePythonVersion) {
  const std::pair<const char*, int> ports[] = {{"text_message", 1}, {"position", 3}, {"telemetry", 67},
                                               {"user_info", 4},    {"routing", 5},  {"traceroute", 70},
                                               {"encrypted", -1},   {"other", 34}};
  for (const auto& [name, port] : ports) {
    RecordFilter filter;
    filter.types.insert(*parse_packet_type(name));
    for (const auto& [other, other_port] : ports) {
      EXPECT_EQ(filter.passes(packet(1, other_port)), port == other_port) << name << " " << other;
    }
  }
  EXPECT_FALSE(parse_packet_type("positions"));
}

TEST(RecordFilter, SelectsByTheSender) {
  RecordFilter only{.types = {}, .only_from = {7}, .except_from = {}};
  EXPECT_TRUE(only.passes(packet(7, 1)));
  EXPECT_FALSE(only.passes(packet(8, 1)));
  RecordFilter except{.types = {}, .only_from = {}, .except_from = {7}};
  EXPECT_FALSE(except.passes(packet(7, 1)));
  EXPECT_TRUE(except.passes(packet(8, 1)));
}

TEST(RecordFilter, LetsTheAgentsOwnRecordsPassAndNothingUnreadable) {
  RecordFilter filter{.types = {PacketType::kPosition}, .only_from = {7}, .except_from = {}};
  for (const auto kind :
       {upload::RECORD_KIND_OWN_INFO, upload::RECORD_KIND_METADATA, upload::RECORD_KIND_AGENT_STATUS}) {
    EXPECT_TRUE(filter.passes({.kind = kind, .payload = "\xff"}));
  }
  EXPECT_FALSE(filter.passes({.kind = upload::RECORD_KIND_MESH_PACKET, .payload = "\xff\xff"}));
}

}  // namespace
}  // namespace mmm::agent
