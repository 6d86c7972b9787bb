#include "perf/sim/radio/truth.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "perf/sim/json_text.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iterator>

namespace mmm::sim {
namespace {

std::string_view boolean(bool value) {
  return value ? "true" : "false";
}

std::string user_fields(const mesh::User& user) {
  return fmt::format(
      R"("long_name":{},"long_name_hex":"{}","short_name":{},"short_name_hex":"{}","role":{},"hw_model":{})",
      json_text(user.long_name()), to_hex(user.long_name()), json_text(user.short_name()), to_hex(user.short_name()),
      static_cast<int>(user.role()), static_cast<int>(user.hw_model()));
}

std::string_view what_is(const mesh::ToRadio& message) {
  switch (message.payload_variant_case()) {
    case mesh::ToRadio::kPacket:
      return "packet";
    case mesh::ToRadio::kWantConfigId:
      return "want_config";
    case mesh::ToRadio::kHeartbeat:
      return "heartbeat";
    case mesh::ToRadio::kDisconnect:
      return "disconnect";
    default:
      return "other";
  }
}

}  // namespace

Truth::Truth() = default;

Truth::~Truth() {
  if (file_ >= 0) ::close(file_);
}

Result<> Truth::open(const std::string& path) {
  file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file_ < 0) return fail(ErrorKind::kIo, "open {} for the truth: {}", path, std::strerror(errno));
  return {};
}

void Truth::write(std::string_view line) {
  if (file_ < 0) return;
  std::string bytes(line);
  bytes += '\n';
  std::string_view left = bytes;
  while (!left.empty()) {
    const ssize_t n = ::write(file_, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) {
      // An oracle with holes would accuse the programs under test.
      fmt::print(stderr, "mmm-sim: write the truth: {}; ending\n", std::strerror(errno));
      std::_Exit(1);
    }
    left.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Truth::radio(std::size_t number, const Radio& radio) {
  write(fmt::format(R"({{"type":"radio","radio":{},"num":{},"id":"{}"}})", number, radio.node().num, radio.node().id));
  for (const auto& secret : list_secrets(radio.secrets())) {
    write(fmt::format(R"({{"type":"secret","radio":{},"name":"{}","hex":"{}"}})", number, secret.name,
                      to_hex(secret.bytes)));
  }
}

void Truth::node(const Node& node) {
  write(fmt::format(
      R"({{"type":"node","num":{},"id":"{}","long_name":{},"long_name_hex":"{}","short_name":{},"short_name_hex":"{}","role":{},"hw_model":{},"latitude":{:.7f},"longitude":{:.7f},"shares_position":{},"precision_bits":{}}})",
      node.num, node.id, json_text(node.long_name), to_hex(node.long_name), json_text(node.short_name),
      to_hex(node.short_name), static_cast<int>(node.role), node.hw_model, node.position.latitude,
      node.position.longitude, boolean(node.shares_position), node.precision_bits));
}

void Truth::delivered(std::size_t number, std::uint32_t own_num, const OutMessage& message, WallTime when) {
  mesh::FromRadio parsed;
  MMM_CHECK(parsed.ParseFromString(message.bytes));
  if (message.is_packet) packet(number, own_num, parsed.packet(), message.marks, when);
  if (parsed.has_node_info()) node_info(number, parsed.node_info(), when);
}

void Truth::packet(std::size_t number, std::uint32_t own_num, const mesh::MeshPacket& packet, const PacketMarks& marks,
                   WallTime when) {
  const std::uint32_t from = packet.from() == 0 ? own_num : packet.from();
  sources_.insert(from);
  if (marks.replay) {
    ++replays_;
  } else if (marks.simulated) {
    ++simulated_;
  } else if (marks.own) {
    ++own_;
  } else {
    ++receptions_;
    if (packet.id() == 0)
      ++without_id_;
    else
      heard_.insert((static_cast<std::uint64_t>(from) << 32U) | packet.id());
  }
  if (file_ < 0) return;
  const mesh::Data& data = packet.decoded();
  write(fmt::format(
      R"({{"type":"packet","radio":{},"from":{},"from_zero":{},"to":{},"id":{},"port":{},"encrypted":{},"pki":{},)"
      R"("channel":{},"snr":{},"rssi":{},"hop_limit":{},"hop_start":{},"relay_node":{},"rx_time":{},"via_mqtt":{},)"
      R"("replay":{},"simulated":{},"own":{},"malformed":{},"request_id":{},"reply_id":{},"emoji":{},)"
      R"("payload_hex":"{}","packet_hex":"{}","delivered_us":{}}})",
      number, from, boolean(packet.from() == 0), packet.to(), packet.id(), static_cast<int>(data.portnum()),
      boolean(packet.has_encrypted()), boolean(packet.pki_encrypted()), packet.channel(), packet.rx_snr(),
      packet.rx_rssi(), packet.hop_limit(), packet.hop_start(), packet.relay_node(), packet.rx_time(),
      boolean(packet.via_mqtt()), boolean(marks.replay), boolean(marks.simulated), boolean(marks.own),
      boolean(marks.malformed), data.request_id(), data.reply_id(), data.emoji(),
      to_hex(packet.has_encrypted() ? packet.encrypted() : data.payload()), to_hex(packet.SerializeAsString()),
      to_micros(when)));
}

void Truth::node_info(std::size_t number, const mesh::NodeInfo& info, WallTime when) {
  ++node_infos_;
  sources_.insert(info.num());
  if (file_ < 0) return;
  write(fmt::format(R"({{"type":"node_info","radio":{},"num":{},"has_user":{},{},"snr":{},"last_heard":{},)"
                    R"("hops_away":{},"delivered_us":{}}})",
                    number, info.num(), boolean(info.has_user()), user_fields(info.user()), info.snr(),
                    info.last_heard(), info.has_hops_away() ? fmt::format("{}", info.hops_away()) : "null",
                    to_micros(when)));
}

void Truth::received(std::size_t number, std::string_view to_radio, WallTime when) {
  if (file_ < 0) return;
  mesh::ToRadio message;
  if (!message.ParseFromArray(to_radio.data(), static_cast<int>(to_radio.size()))) return;
  const std::string_view kind = what_is(message);
  const mesh::MeshPacket& packet = message.packet();
  write(fmt::format(R"({{"type":"to_radio","radio":{},"is":"{}","nonce":{},"to":{},"id":{},"port":{},"hop_limit":{},)"
                    R"("payload_hex":"{}","received_us":{}}})",
                    number, kind, message.heartbeat().nonce(), packet.to(), packet.id(),
                    static_cast<int>(packet.decoded().portnum()), packet.hop_limit(),
                    to_hex(packet.decoded().payload()), to_micros(when)));
}

void Truth::event(std::size_t number, std::string_view what, std::string_view detail, WallTime when) {
  write(fmt::format(R"({{"type":"event","radio":{},"event":"{}","detail":{},"at_us":{}}})", number, what,
                    json_text(detail), to_micros(when)));
}

void Truth::generated(std::uint64_t packets) {
  write(fmt::format(R"({{"type":"generated","packets":{}}})", packets));
}

void Truth::summary(std::uint64_t generated, const std::vector<std::unique_ptr<Radio>>& radios) {
  std::uint64_t dropped = 0;
  for (const auto& radio : radios) dropped += radio->dropped_packets();
  write(fmt::format(
      R"({{"type":"summary","generated":{},"packets":{},"receptions":{},"replays":{},"simulated":{},"own":{},)"
      R"("node_infos":{},"sources":{},"dropped_by_radios":{}}})",
      generated, heard_.size() + without_id_, receptions_, replays_, simulated_, own_, node_infos_, sources_.size(),
      dropped));
}

}  // namespace mmm::sim
