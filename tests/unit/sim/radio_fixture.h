#pragma once

#include "perf/sim/radio/radio.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mmm::sim {

using namespace std::chrono_literals;
using Variant = mesh::FromRadio::PayloadVariantCase;

// The first of three radios of a mesh of 60 nodes, and what a client does with it.
using namespace std::chrono_literals;
using Variant = mesh::FromRadio::PayloadVariantCase;

class RadioTest : public testing::Test {
 protected:
  WorldOptions options_{
      .population = {.seed = 1, .nodes = 60, .start_us = 1'795'492'800'000'000}, .radios = 3, .mean_gap_us = 500'000};
  World world_{options_};
  Radio radio_{world_, {.index = 0, .seed = 1}};
  SteadyTime now_ = SteadyTime{} + 1000h;

  void SetUp() override { radio_.client_attached(now_); }

  void send(const mesh::ToRadio& message) { radio_.receive(message.SerializeAsString(), now_); }
  void want_config(std::uint32_t nonce) {
    mesh::ToRadio message;
    message.set_want_config_id(nonce);
    send(message);
  }
  void heartbeat(std::uint32_t nonce) {
    mesh::ToRadio message;
    message.mutable_heartbeat()->set_nonce(nonce);
    send(message);
  }
  std::vector<mesh::FromRadio> drain() {
    std::vector<mesh::FromRadio> messages;
    while (const auto out = radio_.next_message()) {
      EXPECT_LE(out->bytes.size(), 512U);
      EXPECT_TRUE(messages.emplace_back().ParseFromString(out->bytes));
      EXPECT_EQ(out->is_packet, messages.back().has_packet());
    }
    return messages;
  }
  // Through the configuration and the replay.
  void connect() {
    want_config(77);
    drain();
  }
  mesh::ToRadio packet_to(std::uint32_t to, mesh::PortNum port, std::string payload) {
    mesh::ToRadio message;
    auto& packet = *message.mutable_packet();
    packet.set_to(to);
    packet.set_id(next_id_++);
    packet.set_hop_limit(3);
    packet.mutable_decoded()->set_portnum(port);
    packet.mutable_decoded()->set_payload(std::move(payload));
    return message;
  }
  // A transmission of the mesh that this radio hears and that the filter accepts.
  template <class Filter>
  std::pair<Transmission, HeardPacket> heard_where(Filter filter) {
    for (int i = 0; i < 100'000; ++i) {
      Transmission t = world_.next();
      for (const HeardPacket& heard : t.heard) {
        if (heard.radio == 0 && filter(t.packet)) return {t, heard};
      }
    }
    ADD_FAILURE() << "the mesh does not send such a packet";
    return {};
  }

  std::uint32_t next_id_ = 1000;
};

// What each message is.
inline std::vector<Variant> variants(const std::vector<mesh::FromRadio>& messages) {
  std::vector<Variant> out;
  for (const auto& message : messages) out.push_back(message.payload_variant_case());
  return out;
}

// How many of them are that.
inline std::size_t count(const std::vector<mesh::FromRadio>& messages, Variant variant) {
  return static_cast<std::size_t>(std::ranges::count(variants(messages), variant));
}

}  // namespace mmm::sim
