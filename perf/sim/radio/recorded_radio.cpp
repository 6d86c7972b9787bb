#include "perf/sim/radio/recorded_radio.h"

#include "core/mesh/frame_codec.h"
#include "core/mesh/from_radio.pb.h"

namespace mmm::sim {
namespace {

constexpr std::uint32_t kQueueSlots = 16;
// Of a client that sends without reading, no more are answered.
constexpr std::size_t kHeartbeatsMax = 16;

// Whole frames of the stream that are messages, in order.
std::vector<std::string> frames_of(std::string_view stream) {
  std::vector<std::string> frames;
  mesh::FrameDecoder decoder;
  mesh::FromRadio message;
  while (!stream.empty()) {
    stream.remove_prefix(decoder.push(stream));
    while (const auto frame = decoder.next()) {
      if (message.ParseFromArray(frame->data(), static_cast<int>(frame->size())))
        frames.emplace_back(*frame);
      else
        decoder.reject();
    }
  }
  return frames;
}

}  // namespace

Result<RecordedRadio> RecordedRadio::parse(std::string_view stream) {
  RecordedRadio radio;
  for (std::string& frame : frames_of(stream)) {
    mesh::FromRadio message;
    message.ParseFromString(frame);
    if (message.has_my_info()) radio.own_num_ = message.my_info().my_node_num();
    const bool complete = message.has_config_complete_id();
    // Of a second handshake in the recording the end would confuse: it answers nobody.
    if (complete && radio.config_frames_ != 0) continue;
    radio.frames_.push_back(std::move(frame));
    if (complete) radio.config_frames_ = radio.frames_.size();
  }
  if (radio.config_frames_ == 0) {
    return fail(ErrorKind::kMalformed, "no config_complete_id among {} frames: record from the handshake on",
                radio.frames_.size());
  }
  return radio;
}

void RecordedRadio::release() {
  if (session_ready()) ++released_;
}

void RecordedRadio::client_attached(SteadyTime /*now*/) {
  client_gone();
}

void RecordedRadio::client_gone() {
  playing_ = false;
  close_wanted_ = false;
  heartbeats_ = 0;
}

void RecordedRadio::receive(std::string_view to_radio, SteadyTime /*now*/) {
  mesh::ToRadio message;
  if (!message.ParseFromArray(to_radio.data(), static_cast<int>(to_radio.size()))) return;
  if (message.disconnect()) close_wanted_ = true;
  if (message.has_heartbeat() && heartbeats_ < kHeartbeatsMax) ++heartbeats_;
  if (!message.has_want_config_id()) return;
  nonce_ = message.want_config_id();
  playing_ = true;
  at_ = 0;
  skip_ = played_;
  released_ = 0;
}

std::optional<OutMessage> RecordedRadio::next_message() {
  if (heartbeats_ > 0) {
    --heartbeats_;
    mesh::FromRadio answer;
    answer.mutable_queue_status()->set_free(kQueueSlots);
    answer.mutable_queue_status()->set_maxlen(kQueueSlots);
    return OutMessage{.bytes = answer.SerializeAsString(), .is_packet = false, .marks = {}};
  }
  if (playing_ && at_ == config_frames_) at_ += skip_;
  if (!playing_ || at_ == frames_.size()) return std::nullopt;
  if (step_ && at_ >= config_frames_ + skip_ + released_) return std::nullopt;
  if (at_ >= config_frames_) ++played_;
  OutMessage out{.bytes = frames_[at_++], .is_packet = false, .marks = {}};
  mesh::FromRadio message;
  message.ParseFromString(out.bytes);
  out.is_packet = message.has_packet();
  if (at_ == config_frames_) {
    message.set_config_complete_id(nonce_);
    out.bytes = message.SerializeAsString();
  }
  return out;
}

bool RecordedRadio::close_wanted(SteadyTime /*now*/) const {
  return close_wanted_;
}

}  // namespace mmm::sim
