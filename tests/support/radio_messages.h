#pragma once

#include "core/mesh/frame_codec.h"
#include "core/mesh/from_radio.pb.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What a radio sends, as serialized FromRadio messages without frames, secrets included.
namespace mmm::test::radio_messages {

inline constexpr std::uint32_t kNode = 0x0a0b0c0d;
inline constexpr std::string_view kChannelKey = "SECRET-CHANNEL-KEY-32-BYTES-LONG";
inline constexpr std::string_view kPrivateKey = "SECRET-PRIVATE-KEY-32-BYTES-LONG";
inline constexpr std::string_view kPassword = "SECRET-WIFI-PASS";

inline std::string my_info() {
  mesh::FromRadio message;
  message.mutable_my_info()->set_my_node_num(kNode);
  return message.SerializeAsString();
}

inline std::string node_info(std::uint32_t num = kNode) {
  mesh::FromRadio message;
  message.mutable_node_info()->set_num(num);
  message.mutable_node_info()->mutable_user()->set_long_name("Node");
  return message.SerializeAsString();
}

inline std::string metadata() {
  mesh::FromRadio message;
  message.mutable_metadata()->set_firmware_version("2.8.0");
  return message.SerializeAsString();
}

inline std::string channel() {
  mesh::FromRadio message;
  message.mutable_channel()->set_role(mesh::Channel::PRIMARY);
  message.mutable_channel()->mutable_settings()->set_name("Hill");
  message.mutable_channel()->mutable_settings()->set_psk(std::string(kChannelKey));
  return message.SerializeAsString();
}

inline std::string lora() {
  mesh::FromRadio message;
  auto* config = message.mutable_config()->mutable_lora();
  config->set_use_preset(true);
  config->set_region(mesh::Config::LoRaConfig::EU_868);
  config->set_hop_limit(5);
  return message.SerializeAsString();
}

inline std::string security() {
  mesh::FromRadio message;
  message.mutable_config()->mutable_security()->set_private_key(std::string(kPrivateKey));
  return message.SerializeAsString();
}

inline std::string network() {
  mesh::FromRadio message;
  message.mutable_config()->mutable_network()->set_wifi_psk(std::string(kPassword));
  return message.SerializeAsString();
}

inline std::string config_complete(std::uint32_t nonce) {
  mesh::FromRadio message;
  message.set_config_complete_id(nonce);
  return message.SerializeAsString();
}

inline std::string queue_status() {
  mesh::FromRadio message;
  message.mutable_queue_status()->set_maxlen(16);
  message.mutable_queue_status()->set_free(16);
  return message.SerializeAsString();
}

inline std::string packet(std::uint32_t id, std::string_view text = "hello") {
  mesh::FromRadio message;
  auto* packet = message.mutable_packet();
  packet->set_from(0x11223344);
  packet->set_to(0xffffffff);
  packet->set_id(id);
  packet->mutable_decoded()->set_portnum(mesh::TEXT_MESSAGE_APP);
  packet->mutable_decoded()->set_payload(std::string(text));
  return message.SerializeAsString();
}

// The dump that answers a request for the configuration, in the firmware's order.
inline std::vector<std::string> dump(std::uint32_t nonce) {
  return {my_info(),
          node_info(),
          metadata(),
          channel(),
          lora(),
          security(),
          network(),
          node_info(0x11223344),
          config_complete(nonce)};
}

// The ToRadio messages in what was sent to a radio.
inline std::vector<mesh::ToRadio> sent_messages(std::string_view bytes) {
  mesh::FrameDecoder decoder;
  std::vector<mesh::ToRadio> messages;
  while (!bytes.empty()) {
    bytes.remove_prefix(decoder.push(bytes));
    while (const auto payload = decoder.next()) {
      mesh::ToRadio message;
      if (message.ParseFromArray(payload->data(), static_cast<int>(payload->size()))) messages.push_back(message);
    }
  }
  return messages;
}

}  // namespace mmm::test::radio_messages
