#pragma once

#include "core/base/time.h"
#include "core/mesh/from_radio.pb.h"
#include "perf/sim/mesh/telemetry_payload.h"
#include "perf/sim/mesh/world.h"
#include "perf/sim/radio/client_limits.h"
#include "perf/sim/radio/line_protocol.h"
#include "perf/sim/radio/node_db.h"
#include "perf/sim/radio/secrets.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::sim {

// What a radio makes of packets that its client wants sent over the air.
struct ClientPackets {
  bool withheld = false;                        // taken, and never sent
  std::optional<mesh::Routing::Error> refusal;  // refused with this error
};

struct RadioOptions {
  std::size_t index = 0;  // which of the world's radios
  std::uint64_t seed = 1;
  // Without a clock packets carry no rx_time until a client sets the time.
  bool has_clock = true;
  // Broadcasts of channels that the radio does not have reach the client as ciphertext, as firmware up to 2.7 does it.
  bool delivers_foreign = true;
  ClientPackets client_packets = {};
};

// The protocol of one radio, without its line: what goes in from the client and from the mesh, and what comes out.
// Behaves as firmware 2.8 does on its stream interface.
//
// Time: `now` is the steady clock that rate limits and the idle time are measured on; packets carry the world's clock.
class Radio final : public LineProtocol {
 public:
  Radio(World& world, const RadioOptions& options);

  // ---- The client's side ----
  void client_attached(SteadyTime now) override;
  void client_gone() override;
  void receive(std::string_view to_radio, SteadyTime now) override;
  std::optional<OutMessage> next_message() override;
  [[nodiscard]] bool close_wanted(SteadyTime now) const override;
  void reboot() override;
  [[nodiscard]] bool session_ready() const override { return state_ == State::kPackets && replay_.empty(); }
  [[nodiscard]] bool drained() const override;
  [[nodiscard]] bool speaks_protobuf() const override { return speaks_protobuf_; }
  [[nodiscard]] std::uint32_t own_num() const override { return node_.num; }

  // ---- The mesh's side ----
  void hear(const Transmission& transmission, const HeardPacket& heard);
  // A packet of this radio's client went out.
  void sent(const Transmission& transmission);
  // Sends what the radio itself has to say up to this time of the world's clock.
  void advance(std::int64_t world_now_us);

  // False when what the next transmission brings may not fit the queue for the client.
  [[nodiscard]] bool has_room() const;
  [[nodiscard]] std::uint64_t dropped_packets() const { return dropped_; }
  [[nodiscard]] const Node& node() const { return node_; }
  [[nodiscard]] const RadioSecrets& secrets() const { return secrets_; }

 private:
  enum class State : std::uint8_t { kSilent, kConfig, kPackets };

  void want_config(std::uint32_t nonce);
  void client_packet(mesh::MeshPacket packet, SteadyTime now);
  void client_admin(const mesh::MeshPacket& packet);
  void transmit(const mesh::MeshPacket& packet, bool direct);
  void queue_status(std::uint32_t packet_id, int result = 0);
  void send_at_once(const mesh::FromRadio& message);
  void notify(std::uint32_t reply_id, std::string_view text);
  void routing_to_self(std::uint32_t request_id, mesh::Routing::Error error);
  [[nodiscard]] AirPacket from_own_node();
  [[nodiscard]] mesh::MeshPacket own_packet(mesh::PortNum port, std::string payload);
  void queue_packet(const mesh::MeshPacket& packet, PacketMarks marks);
  void stamp(mesh::MeshPacket& packet, std::int64_t world_us) const;
  bool fill_content(mesh::MeshPacket& packet, const AirPacket& air, const HeardPacket& heard) const;

  World& world_;
  const std::size_t index_;
  Node& node_;
  const RadioSecrets secrets_;
  NodeDb node_db_;
  Random random_;
  const bool delivers_foreign_;
  const ClientPackets client_packets_;
  bool has_clock_;
  bool speaks_protobuf_ = false;
  bool disconnect_wanted_ = false;
  State state_ = State::kSilent;
  SteadyTime last_received_{};
  std::uint32_t reboot_count_ = 1;
  std::uint64_t dropped_ = 0;
  std::int64_t telemetry_due_us_;
  LocalCounts counts_;
  ClientLimits limits_;
  std::deque<OutMessage> immediate_;  // answers and notifications: before all else
  std::deque<OutMessage> config_;     // what is left of the dump
  std::deque<OutMessage> replay_;
  std::deque<OutMessage> packets_;  // for the client, or for the next one
};

}  // namespace mmm::sim
