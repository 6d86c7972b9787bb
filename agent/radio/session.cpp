#include "agent/radio/session.h"

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/mesh/decode.h"
#include "core/mesh/frame_codec.h"

#include <algorithm>
#include <utility>

namespace mmm::agent {
namespace {

// Not a start byte, so that a radio's decoder skips it.
constexpr char kWakeByte = '\xC3';
constexpr std::size_t kWakeBytes = 32;
// Nonces with a meaning of their own: configuration only, nodes only. 69 is kept out for the eye of whoever reads a
// trace.
constexpr std::uint32_t kReservedNonces[] = {0, 69, 69420, 69421};
// Heartbeats that differ from the ones before and after them: 2, 3, 4 … without the numbers that mean something.
constexpr std::uint32_t kDistinctHeartbeatFirst = 2;
constexpr std::uint32_t kDistinctHeartbeats = 64;

upload::RecordKind kind_of(mesh::RecordedAs as) {
  switch (as) {
    case mesh::RecordedAs::kMeshPacket:
      return upload::RECORD_KIND_MESH_PACKET;
    case mesh::RecordedAs::kNodeInfo:
      return upload::RECORD_KIND_NODE_INFO;
    case mesh::RecordedAs::kOwnInfo:
      return upload::RECORD_KIND_OWN_INFO;
    case mesh::RecordedAs::kMetadata:
      return upload::RECORD_KIND_METADATA;
    case mesh::RecordedAs::kNothing:
      break;
  }
  return upload::RECORD_KIND_UNSPECIFIED;
}

MessageKind message_kind_of(mesh::RecordedAs as) {
  switch (as) {
    case mesh::RecordedAs::kMeshPacket:
      return MessageKind::kPacket;
    case mesh::RecordedAs::kNodeInfo:
      return MessageKind::kNodeInfo;
    case mesh::RecordedAs::kOwnInfo:
      return MessageKind::kOwnInfo;
    case mesh::RecordedAs::kMetadata:
      return MessageKind::kMetadata;
    case mesh::RecordedAs::kNothing:
      break;
  }
  return MessageKind::kWithheld;
}

}  // namespace

Session::Session(const LineTraits& line, std::function<std::uint32_t()> random, SessionTimes times)
    : line_(line), random_(std::move(random)), times_(times) {}

void Session::connected(SteadyTime now) {
  output_.bytes.append(kWakeBytes, kWakeByte);
  phase_ = Phase::kWaking;
  wake_until_ = now + times_.wake_pause;
  output_.changed = true;
}

void Session::start_handshake(SteadyTime now) {
  const std::uint32_t before = nonce_;
  do {
    nonce_ = random_();
  } while (nonce_ == before || std::ranges::find(kReservedNonces, nonce_) != std::end(kReservedNonces));
  mesh::ToRadio request;
  request.set_want_config_id(nonce_);
  send(request);
  ++handshakes_;
  phase_ = Phase::kHandshake;
  asked_at_ = now;
  handshake_at_ = now;
  answer_until_.reset();
  output_.changed = true;
}

MessageKind Session::frame(std::string_view payload, WallTime arrival, SteadyTime now) {
  if (!mesh::decode_from_radio(payload, message_)) return MessageKind::kNotAMessage;
  give_up_at_ = now + times_.handshake_silence;
  if (phase_ != Phase::kLive) handshake_at_ = now;
  answer_until_.reset();
  if (message_.payload_variant_case() != mesh::FromRadio::kQueueStatus)
    refresh_at_ = now + times_.refresh_after_silence;
  const MessageKind kind = record(message_, payload, arrival);
  if (profile_.apply(message_)) output_.changed = true;
  control_message(message_, now);
  return kind;
}

MessageKind Session::record(const mesh::FromRadio& message, std::string_view payload, WallTime arrival) {
  const auto classification = mesh::classify(message, payload);
  if (classification.recording == mesh::Recording::kNever) return MessageKind::kWithheld;
  const bool whole = classification.recording == mesh::Recording::kRecord;
  output_.records.push_back(Record{.kind = kind_of(classification.as),
                                   .arrival_us = to_micros(arrival),
                                   .payload = whole ? std::string(payload) : mesh::cleaned(message)});
  return message_kind_of(classification.as);
}

void Session::control_message(const mesh::FromRadio& message, SteadyTime now) {
  switch (message.payload_variant_case()) {
    case mesh::FromRadio::kMyInfo:
      if (phase_ == Phase::kHandshake) phase_ = Phase::kConfiguring;
      break;
    case mesh::FromRadio::kConfigCompleteId:
      // Another number answers an earlier request, perhaps another client's.
      if (phase_ != Phase::kLive && phase_ != Phase::kWaking && message.config_complete_id() == nonce_) go_live(now);
      break;
    case mesh::FromRadio::kQueueStatus:
      heartbeat_ever_answered_ = true;
      break;
    case mesh::FromRadio::kRebooted:
      restarted("it says so", now);
      break;
    case mesh::FromRadio::kLockdownStatus:
      lockdown(message.lockdown_status());
      break;
    case mesh::FromRadio::kClientNotification:
      output_.notices.push_back("the radio says: " + sanitize_utf8(message.client_notification().message()));
      break;
    default:
      break;
  }
}

void Session::go_live(SteadyTime now) {
  phase_ = Phase::kLive;
  output_.changed = true;
  refresh_at_ = now + times_.refresh_after_silence;
  send_heartbeat(now);
}

void Session::send_heartbeat(SteadyTime now) {
  mesh::ToRadio message;
  auto* heartbeat = message.mutable_heartbeat();
  // Nonce 1 costs air time; where a repeat is not dropped, 0 is what every firmware knows.
  if (line_.drops_repeats) heartbeat->set_nonce(kDistinctHeartbeatFirst + heartbeats_++ % kDistinctHeartbeats);
  send(message);
  answer_until_ = now + times_.heartbeat_answer;
  next_heartbeat_ = now + times_.heartbeat;
}

void Session::heartbeat_missed(SteadyTime now) {
  if (heartbeat_ever_answered_) {
    end(fmt::format("no answer to a heartbeat for {} s", times_.heartbeat_answer.count() / 1000));
    return;
  }
  // Firmware that answers no heartbeat answers this; one that is gone answers neither, and is given up.
  output_.notices.emplace_back("no answer to a heartbeat (old firmware?): asking for the configuration again");
  give_up_at_ = now + times_.handshake_silence;
  start_handshake(now);
}

void Session::lockdown(const mesh::LockdownStatus& status) {
  using State = mesh::LockdownStatus;
  std::optional<std::string> locked;
  if (status.state() == State::LOCKED || status.state() == State::NEEDS_PROVISION ||
      status.state() == State::UNLOCK_FAILED) {
    locked = fmt::format(
        "locked: the radio shows its packets only to a client that has unlocked it; unlock it with the Meshtastic app");
    if (!status.lock_reason().empty()) *locked += fmt::format(" ({})", sanitize_utf8(status.lock_reason()));
  }
  if (locked == locked_) return;
  locked_ = std::move(locked);
  output_.changed = true;
}

void Session::text(SteadyTime now) {
  if (line_.carries_text) restarted("it prints text", now);
}

void Session::restarted(std::string_view sign, SteadyTime now) {
  if (phase_ != Phase::kLive || now - handshake_at_ < times_.rehandshake_pause) return;
  output_.notices.push_back(fmt::format("the radio has restarted ({}): asking for its configuration again", sign));
  give_up_at_ = now + times_.handshake_silence;
  start_handshake(now);
}

void Session::tick(SteadyTime now) {
  switch (phase_) {
    case Phase::kWaking:
      if (now < wake_until_) return;
      give_up_at_ = now + times_.handshake_silence;
      start_handshake(now);
      return;
    case Phase::kHandshake:
    case Phase::kConfiguring:
      if (now >= give_up_at_) {
        end(fmt::format("no answer for {} s: is it a Meshtastic radio, and its serial or network API switched on?",
                        times_.handshake_silence.count() / 1000));
      } else if (now - handshake_at_ >= line_.answer_max || now - asked_at_ >= times_.handshake_max) {
        start_handshake(now);
      }
      return;
    case Phase::kLive:
      if (answer_until_ && now >= *answer_until_) {
        heartbeat_missed(now);
      } else if (now >= refresh_at_) {
        output_.notices.emplace_back("nothing but heartbeats from the radio: asking for its configuration again");
        give_up_at_ = now + times_.handshake_silence;
        start_handshake(now);
      } else if (now >= next_heartbeat_) {
        send_heartbeat(now);
      }
      return;
  }
}

SteadyTime Session::deadline() const {
  switch (phase_) {
    case Phase::kWaking:
      return wake_until_;
    case Phase::kHandshake:
    case Phase::kConfiguring:
      return std::min({give_up_at_, handshake_at_ + line_.answer_max, asked_at_ + times_.handshake_max});
    case Phase::kLive:
      break;
  }
  return std::min({answer_until_.value_or(next_heartbeat_), next_heartbeat_, refresh_at_});
}

void Session::send(const mesh::ToRadio& message) {
  const auto appended = mesh::append_frame(output_.bytes, message.SerializeAsString());
  MMM_CHECK(appended.has_value());
}

void Session::send_packet(const mesh::MeshPacket& packet, WallTime wall) {
  MMM_CHECK(phase_ == Phase::kLive);
  mesh::ToRadio message;
  *message.mutable_packet() = packet;
  send(message);
  if (packet.to() == profile_.node()) return;
  mesh::FromRadio sent;
  *sent.mutable_packet() = packet;
  sent.mutable_packet()->set_from(profile_.node());
  sent.mutable_packet()->set_hop_start(packet.hop_limit());
  sent.mutable_packet()->set_transport_mechanism(mesh::MeshPacket::TRANSPORT_API);
  record(sent, sent.SerializeAsString(), wall);
}

void Session::end(std::string reason) {
  if (!output_.end) output_.end = std::move(reason);
}

Session::Output Session::take() {
  return std::exchange(output_, Output{});
}

}  // namespace mmm::agent
