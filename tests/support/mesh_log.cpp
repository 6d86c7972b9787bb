#include "tests/support/mesh_log.h"

#include "core/base/check.h"
#include "core/mesh/channel_key.h"
#include "core/mesh/decrypt.h"
#include "core/mesh/node_id.h"
#include "core/sqlite/database.h"
#include "core/sqlite/statement.h"
#include "core/store/chunk.h"
#include "core/upload/upload_codec.h"

#include <algorithm>

namespace mmm::test {
namespace {

constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;

template <class T>
T must(Result<T> result) {
  if (!result) check_failed(result.error().message, __FILE__, __LINE__);
  return std::move(*result);
}

void must(const Result<>& result) {
  if (!result) check_failed(result.error().message, __FILE__, __LINE__);
}

}  // namespace

MeshLog::MeshLog(const std::filesystem::path& path) {
  store::PacketLogOptions options;
  options.memtable_bytes = 4U << 20U;
  log_ = must(store::PacketLog::open(path, options));
}

void MeshLog::append(std::string_view agent, store::LogId at, const std::vector<MadeRecord>& records) {
  append(made_header(agent), at, records);
}

void MeshLog::append(const upload::UploadHeader& header, store::LogId at, const std::vector<MadeRecord>& records) {
  std::vector<upload::RecordView> views;
  for (const MadeRecord& record : records) {
    views.push_back(
        {.seq = next_seq_++, .arrival_us = record.arrival_us, .kind = record.kind, .payload = record.payload});
  }
  const std::string body = upload::encode_upload(header, views);
  const store::ChunkToWrite chunk{
      .first_id = at,
      .head = {.encoding = store::ChunkEncoding::kPlain, .records = static_cast<std::uint32_t>(records.size())},
      .body = body,
      .mark_key = {},
      .mark_seq = 0};
  must(log_->write({&chunk, 1}));
  must(log_->sync());
}

upload::UploadHeader made_header(std::string_view agent) {
  upload::UploadHeader header;
  header.set_agent_id(std::string(agent));
  std::string stream(agent);
  stream.resize(16, '.');
  header.set_stream_id(stream);
  header.set_agent_version("1.0");
  return header;
}

mesh::MeshPacket made_packet(std::uint32_t from, std::uint32_t id, mesh::PortNum port, std::string_view payload) {
  mesh::MeshPacket packet;
  packet.set_from(from);
  packet.set_to(kBroadcast);
  packet.set_id(id);
  packet.set_hop_start(3);
  packet.set_hop_limit(3);
  packet.set_rx_snr(6.25F);
  packet.set_rx_rssi(-80);
  packet.set_relay_node(from & 0xFFU);
  packet.set_transport_mechanism(mesh::MeshPacket::TRANSPORT_LORA);
  packet.mutable_decoded()->set_portnum(port);
  packet.mutable_decoded()->set_payload(std::string(payload));
  packet.mutable_decoded()->set_bitfield(1);
  return packet;
}

mesh::MeshPacket made_text(std::uint32_t from, std::uint32_t id, std::string_view text) {
  return made_packet(from, id, mesh::TEXT_MESSAGE_APP, text);
}

mesh::MeshPacket encrypted_on_default_channel(const mesh::MeshPacket& packet) {
  const mesh::ChannelKey key = must(mesh::ChannelKey::from_psk("\x01"));
  const std::string plain = packet.decoded().SerializeAsString();
  std::string cipher(plain.size(), '\0');
  mesh::ChannelCipher(key).apply(packet.from(), packet.id(), plain, cipher.data());
  mesh::MeshPacket out = packet;
  out.set_encrypted(cipher);
  out.set_channel(mesh::channel_hash("LongFast", key));
  return out;
}

namespace {

MadeRecord record(const mesh::FromRadio& message, upload::RecordKind kind, std::int64_t arrival_us) {
  return {.arrival_us = arrival_us, .kind = kind, .payload = message.SerializeAsString()};
}

}  // namespace

MadeRecord packet_record(const mesh::MeshPacket& packet, std::int64_t arrival_us) {
  mesh::FromRadio message;
  *message.mutable_packet() = packet;
  return record(message, upload::RECORD_KIND_MESH_PACKET, arrival_us);
}

MadeRecord own_info_record(std::uint32_t num, std::int64_t arrival_us) {
  mesh::FromRadio message;
  message.mutable_my_info()->set_my_node_num(num);
  return record(message, upload::RECORD_KIND_OWN_INFO, arrival_us);
}

MadeRecord node_info_record(const mesh::NodeInfo& info, std::int64_t arrival_us) {
  mesh::FromRadio message;
  *message.mutable_node_info() = info;
  return record(message, upload::RECORD_KIND_NODE_INFO, arrival_us);
}

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
    switch (below(6)) {
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
      if (chance(50)) telemetry.mutable_device_metrics()->set_voltage(3.7F);
    } else {
      telemetry.mutable_environment_metrics()->set_temperature(static_cast<float>(below(40)));
    }
    return made_packet(from, id, mesh::TELEMETRY_APP, telemetry.SerializeAsString());
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

std::vector<std::string> dump_database(const std::filesystem::path& path) {
  auto database = must(sqlite::Database::open(path, {.create = false}));
  std::vector<std::string> tables;
  auto names = must(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"));
  while (must(names.step())) tables.emplace_back(names.text(0));
  std::vector<std::string> rows;
  for (const std::string& table : tables) {
    std::string columns;
    auto info = must(database.prepare("SELECT name FROM pragma_table_info('" + table + "')"));
    while (must(info.step())) {
      columns += (columns.empty() ? "quote(" : " || ',' || quote(") + std::string(info.text(0)) + ")";
    }
    std::vector<std::string> lines;
    auto select = must(database.prepare("SELECT " + columns + " FROM " + table));
    while (must(select.step())) lines.push_back(table + ": " + std::string(select.text(0)));
    std::ranges::sort(lines);
    rows.insert(rows.end(), lines.begin(), lines.end());
  }
  return rows;
}

}  // namespace mmm::test
