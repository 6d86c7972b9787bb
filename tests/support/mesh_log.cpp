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

std::vector<std::string> dump_database(const std::filesystem::path& path) {
  auto database = must(sqlite::Database::open(path, {.create = false}));
  std::vector<std::string> tables;
  // How the words of messages are packed depends on the transactions that brought them.
  auto names =
      must(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'messages_fts@_%' "
                            "ESCAPE '@' ORDER BY name"));
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
