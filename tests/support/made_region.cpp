#include "core/mesh/node_id.h"
#include "tests/support/mesh_log.h"

#include <algorithm>

// The made-up region of mesh_log.h.
namespace mmm::test {
namespace {

using Random = std::mt19937_64;

// Makes the records of a region, one packet of some node after the other.
class RegionMaker {
 public:
  RegionMaker(MeshLog& log, const MadeRegion& region) : log_(log), region_(region), random_(region.seed) {}

  void run() {
    store::LogId at = kTestEpochUs;
    for (std::size_t i = 0; i < region_.uploads; ++i) {
      at += static_cast<store::LogId>(below(2 * region_.upload_every_us)) + region_.records_per_upload + 1;
      upload(at);
    }
  }

 private:
  struct Sent {
    mesh::MeshPacket packet;
    std::int64_t time_us = 0;
  };

  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(bound));
  }
  bool chance(int percent) { return below(100) < percent; }
  std::uint32_t node() {
    return 0x10000000U + static_cast<std::uint32_t>(below(static_cast<std::int64_t>(region_.nodes)));
  }
  std::uint32_t own(std::size_t agent) const { return 0x20000000U + static_cast<std::uint32_t>(agent); }

  void upload(store::LogId at) {
    const auto agent = static_cast<std::size_t>(below(static_cast<std::int64_t>(region_.agents)));
    upload::UploadHeader header = made_header("agent-" + std::to_string(agent));
    if (chance(20)) header.set_stream_id(std::string(16, 'B'));
    // The last agent's clock is an hour slow; the others tell nothing or the truth.
    const std::int64_t skew = agent + 1 == region_.agents ? -3'600'000'000 : 0;
    if (skew != 0 || chance(50)) header.set_sent_us(static_cast<std::int64_t>(at) + skew);
    header.mutable_ledger()->set_captured(++captured_);
    // Now and then an agent catches up with what it captured hours ago.
    const std::int64_t delay = chance(15) ? below(7'200'000'000) : below(3'000'000);
    const auto count = static_cast<std::size_t>(below(static_cast<std::int64_t>(region_.records_per_upload))) + 1;
    std::vector<MadeRecord> records;
    for (std::size_t i = 0; i < count; ++i) {
      const std::int64_t heard = static_cast<std::int64_t>(at) - delay + static_cast<std::int64_t>(i);
      records.push_back(made(agent, heard));
      records.back().arrival_us += skew;
    }
    log_.append(header, at, records);
  }

  MadeRecord made(std::size_t agent, std::int64_t heard) {
    const std::int64_t dice = below(100);
    if (dice < 3) return own_info_record(own(agent), heard);
    if (dice < 6) return node_list_entry(heard);
    if (dice < 8) return status(agent, heard);
    if (dice < 9) return {.arrival_us = heard, .kind = upload::RECORD_KIND_MESH_PACKET, .payload = "\xff\xff garbage"};
    if (dice < 10) return {.arrival_us = heard, .kind = upload::RECORD_KIND_LEGACY_DATA, .payload = "{}"};
    if (dice < 14) return python_record(heard);
    if (dice < 60 && !sent_.empty()) return another_reception(heard);
    Sent sent{.packet = packet(agent), .time_us = heard};
    sent_.push_back(sent);
    return packet_record(chance(20) ? encrypted_on_default_channel(sent.packet) : sent.packet, heard);
  }

  // What an agent of the Python version writes; now and then of a packet that others heard too.
  MadeRecord python_record(std::int64_t heard) {
    const std::string id = mesh::format_node_id(node());
    if (chance(25)) {
      return {
          .arrival_us = heard,
          .kind = upload::RECORD_KIND_LEGACY_NODEDB,
          .payload = fmt::format(
              R"({{"{}":{{"user":{{"longName":"Py {}","shortName":null,"role":{}}},"hopsAway":{},"lastHeard":{}}}}})",
              id, below(9), below(3), below(5), (heard - below(36'000'000'000)) / 1'000'000)};
    }
    const bool is_shared = chance(60) && !sent_.empty();
    const std::uint32_t packet_id = is_shared ? sent_.back().packet.id() : static_cast<std::uint32_t>(below(300));
    const std::string from = is_shared ? mesh::format_node_id(sent_.back().packet.from()) : id;
    constexpr const char* kContents[] = {R"("encrypted","payload":null)", R"("text_message","payload":"hello")",
                                         R"("user_info","payload":{"long_name":"Python","short_name":null})",
                                         R"("position","payload":{"latitude":48.5,"longitude":11.5})"};
    return {.arrival_us = heard,
            .kind = upload::RECORD_KIND_LEGACY_DATA,
            .payload = fmt::format(R"({{"from_node":"{}","to_node":"^all","packet_id":{},"snr":NaN,"type":{}}})", from,
                                   packet_id, kContents[below(std::size(kContents))])};
  }

  // Of a packet sent before: most often a recent one, heard about then, perhaps uploaded much later.
  MadeRecord another_reception(std::int64_t heard) {
    const auto age = static_cast<std::size_t>(chance(80) ? below(20) : below(400));
    const Sent& sent = sent_[sent_.size() - 1 - std::min(age, sent_.size() - 1)];
    mesh::MeshPacket copy = sent.packet;
    copy.set_hop_limit(static_cast<std::uint32_t>(below(4)));
    copy.set_rx_snr(static_cast<float>(below(60)) / 4 - 5);
    if (chance(15)) {
      copy = encrypted_on_default_channel(copy);
      if (chance(50)) copy.set_channel(77);  // nobody has that key
    }
    return packet_record(copy, chance(70) ? std::min(sent.time_us + below(5'000'000), heard) : heard);
  }

  mesh::MeshPacket packet(std::size_t agent) {
    const std::uint32_t from = node();
    // Packet ids come from a small range, so that the same one comes again hours later as another packet.
    const auto id = static_cast<std::uint32_t>(chance(2) ? 0 : 1 + below(300));
    mesh::MeshPacket packet;
    switch (below(9)) {
      case 0:
        packet = made_text(from, id, "text " + std::to_string(id));
        break;
      case 1:
        packet = position(from, id);
        break;
      case 2:
        packet = telemetry(from, id);
        break;
      case 3:
        packet = user(from, id);
        break;
      case 4:
        packet = made_packet(from, id, mesh::POSITION_APP, "\x0d not a position");
        break;
      case 5:
        packet = traceroute(from, id);
        break;
      case 6:
        packet = neighbors(from, id);
        break;
      case 7:
        packet = answer(from, id);
        break;
      default:
        packet = made_packet(from, id, static_cast<mesh::PortNum>(250 + below(600)), "private");
    }
    if (chance(5)) {
      packet.set_channel(99);
      packet.set_encrypted("ciphertext of a channel that nobody knows");
    }
    if (chance(4)) packet.set_from(chance(50) ? 0 : own(agent));
    if (chance(4)) packet.mutable_decoded()->set_portnum(mesh::SIMULATOR_APP);
    if (chance(4)) as_mqtt(packet);
    if (chance(4)) as_replay(packet);
    return packet;
  }

  static void as_mqtt(mesh::MeshPacket& packet) {
    packet.set_via_mqtt(true);
    packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_MQTT);
    packet.clear_rx_rssi();
    packet.clear_rx_snr();
  }

  static void as_replay(mesh::MeshPacket& packet) {
    packet.set_relay_node(0);
    packet.set_priority(mesh::MeshPacket::BACKGROUND);
    packet.clear_rx_rssi();
    packet.set_rx_time(static_cast<std::uint32_t>(kTestEpochUs / 1'000'000 - 5000));
    if (packet.has_decoded()) packet.mutable_decoded()->clear_bitfield();
  }

  mesh::MeshPacket position(std::uint32_t from, std::uint32_t id) {
    mesh::Position position;
    position.set_latitude_i(static_cast<std::int32_t>(480'000'000 + below(10'000'000)));
    position.set_longitude_i(static_cast<std::int32_t>(110'000'000 + below(10'000'000)));
    if (chance(20)) position.clear_latitude_i();
    if (chance(50)) position.set_altitude(static_cast<std::int32_t>(below(900)));
    position.set_precision_bits(static_cast<std::uint32_t>(below(33)));
    return made_packet(from, id, mesh::POSITION_APP, position.SerializeAsString());
  }

  mesh::MeshPacket telemetry(std::uint32_t from, std::uint32_t id) {
    mesh::Telemetry telemetry;
    if (chance(70)) {
      telemetry.mutable_device_metrics()->set_battery_level(static_cast<std::uint32_t>(below(102)));
      if (chance(50)) {
        mesh::DeviceMetrics& metrics = *telemetry.mutable_device_metrics();
        metrics.set_voltage(3.0F + static_cast<float>(below(120)) / 100);
        metrics.set_channel_utilization(static_cast<float>(below(5000)) / 100);
        metrics.set_air_util_tx(static_cast<float>(below(1000)) / 100);
        metrics.set_uptime_seconds(static_cast<std::uint32_t>(below(1'000'000)));
      }
    } else {
      telemetry.mutable_environment_metrics()->set_temperature(static_cast<float>(below(40)));
    }
    return made_packet(from, id, mesh::TELEMETRY_APP, telemetry.SerializeAsString());
  }

  mesh::MeshPacket traceroute(std::uint32_t from, std::uint32_t id) {
    mesh::RouteDiscovery discovery;
    for (std::int64_t hops = below(4); hops > 0; --hops) {
      discovery.add_route(chance(10) ? 0xFFFFFFFFU : node());
      discovery.add_snr_towards(static_cast<std::int32_t>(below(120)) - 60);
    }
    if (chance(50)) discovery.add_snr_back(-128);
    mesh::MeshPacket packet = made_packet(from, id, mesh::TRACEROUTE_APP, discovery.SerializeAsString());
    packet.set_to(node());
    if (chance(50)) packet.mutable_decoded()->set_request_id(static_cast<std::uint32_t>(1 + below(300)));
    return packet;
  }

  mesh::MeshPacket neighbors(std::uint32_t from, std::uint32_t id) {
    mesh::NeighborInfo info;
    for (std::int64_t count = below(5); count > 0; --count) {
      auto& neighbor = *info.add_neighbors();
      neighbor.set_node_id(node());
      neighbor.set_snr(static_cast<float>(below(80)) / 4 - 12);
    }
    return made_packet(from, id, mesh::NEIGHBORINFO_APP, info.SerializeAsString());
  }

  // To a message that may have been sent, or not.
  mesh::MeshPacket answer(std::uint32_t from, std::uint32_t id) {
    mesh::Routing routing;
    routing.set_error_reason(chance(70) ? mesh::Routing::NONE : mesh::Routing::MAX_RETRANSMIT);
    mesh::MeshPacket packet = made_packet(from, id, mesh::ROUTING_APP, routing.SerializeAsString());
    const bool known = !sent_.empty() && chance(80);
    packet.set_to(known ? sent_.back().packet.from() : node());
    packet.mutable_decoded()->set_request_id(known ? sent_.back().packet.id() : 7);
    return packet;
  }

  mesh::User person(std::uint32_t num) {
    mesh::User user;
    user.set_long_name("Node " + std::to_string(num % 1000) + (chance(10) ? "\xff" : ""));
    user.set_short_name(std::to_string(num % 1000));
    user.set_hw_model(static_cast<mesh::HardwareModel>(below(60)));
    if (chance(50)) user.set_public_key(std::string(32, static_cast<char>(num)));
    return user;
  }

  mesh::MeshPacket user(std::uint32_t from, std::uint32_t id) {
    return made_packet(from, id, mesh::NODEINFO_APP, person(from).SerializeAsString());
  }

  MadeRecord node_list_entry(std::int64_t heard) {
    mesh::NodeInfo info;
    info.set_num(node());
    info.set_last_heard(static_cast<std::uint32_t>((heard - below(36'000'000'000)) / 1'000'000));
    if (chance(80)) *info.mutable_user() = person(info.num());
    if (chance(30)) info.mutable_device_metrics()->set_battery_level(50);
    return node_info_record(info, heard);
  }

  MadeRecord status(std::size_t agent, std::int64_t heard) {
    upload::AgentStatus status;
    status.set_link_state(chance(70) ? upload::AgentStatus::LINK_STATE_READY : upload::AgentStatus::LINK_STATE_DOWN);
    status.set_link("tcp 192.0.2.1:4403");
    status.set_my_node_num(own(agent));
    upload::ChannelSummary& channel = *status.add_channels();
    channel.set_name("Long\"Fast\"");
    channel.set_hash(8);
    return {.arrival_us = heard, .kind = upload::RECORD_KIND_AGENT_STATUS, .payload = status.SerializeAsString()};
  }

  MeshLog& log_;
  MadeRegion region_;
  Random random_;
  std::vector<Sent> sent_;
  std::uint64_t captured_ = 0;
};

}  // namespace

void fill(MeshLog& log, const MadeRegion& region) {
  RegionMaker(log, region).run();
}

}  // namespace mmm::test
