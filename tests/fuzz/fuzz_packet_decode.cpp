// Everything that reads a radio's message, on any bytes: parsing, classification, profile, packet view, payloads of
// every port, decryption, JSON and summary. They must not crash, and what they put out must be well-formed and bounded.
//
// The input's first two bytes are a port, the rest is taken in turn as a message of the radio, as a payload of that
// port and as ciphertext.

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/mesh/decode.h"
#include "core/mesh/decrypt.h"
#include "core/mesh/packet.h"
#include "core/mesh/payload_json.h"
#include "core/mesh/radio_profile.h"
#include "core/mesh/secrets.h"
#include "core/mesh/summary.h"

#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mmm::mesh;

void check_json(const std::string& json) {
  MMM_CHECK(mmm::is_valid_utf8(json));
  boost::json::error_code error;
  const auto value = boost::json::parse(json, error);
  MMM_CHECK(!error && value.is_object());
}

void check_summary(const Packet& packet, const Payload& payload) {
  const std::string line = summarize(packet, payload);
  MMM_CHECK(mmm::is_valid_utf8(line) && line.size() <= kSummaryBytesMax && line.find('\n') == std::string::npos);
}

void check_payload(Packet packet, const PacketData& data) {
  packet.data = data;
  const Payload payload = decode_payload(data.port, data.payload);
  check_json(payload_to_json(payload));
  check_summary(packet, payload);
}

void check_ciphertext(std::string_view ciphertext, std::uint32_t id, std::uint32_t hash) {
  static Keyring keyring = [] {
    Keyring all;
    all.add_default_channels();
    all.add("open", ChannelKey());
    return all;
  }();
  const auto result = keyring.decrypt(1, id, hash, ciphertext);
  if (result) {
    MMM_CHECK(result->plaintext.size() == ciphertext.size() && result->data.portnum() != 0);
    check_payload(Packet(), view_data(result->data));
  }
}

void check_message(std::string_view bytes) {
  const auto message = decode_from_radio(bytes);
  if (!message) {
    return;
  }
  check_json(message_to_json(*message));
  RadioProfile profile;
  profile.apply(*message);
  for (const ChannelSummary& channel : profile.channels()) MMM_CHECK(mmm::is_valid_utf8(channel.name));

  const Classification classification = classify(*message, bytes);
  if (classification.recording == Recording::kRecordCleaned) {
    const std::string record = cleaned(*message);
    const auto again = decode_from_radio(record);
    MMM_CHECK(again && classify(*again, record).as == classification.as);
    MMM_CHECK(!again->has_packet() || !is_administration(again->packet()) ||
              again->packet().decoded().payload().empty());
  }
  if (message->has_packet()) {
    const Packet packet = view_packet(message->packet(), 42);
    if (packet.data) {
      check_payload(packet, *packet.data);
    } else {
      check_summary(packet, RawPayload());
      check_ciphertext(packet.encrypted, packet.id, packet.channel);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 2 + mmm::limits::kFramePayloadBytesMax) {
    return 0;
  }
  const std::uint32_t port = (std::uint32_t{data[0]} << 8) | data[1];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  check_message(bytes);
  PacketData payload;
  payload.port = port;
  payload.payload = bytes;
  payload.request_id = port & 1;
  check_payload(Packet(), payload);
  check_ciphertext(bytes, 7, port);
  return 0;
}
