// Frame decoder on any stream: the result must not depend on how the stream is cut, every byte must be accounted for,
// the buffer must keep room for more, and every frame must survive encoding and decoding.
//
// The input's first byte seeds the cutting, the rest is the stream.

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/mesh/frame_codec.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using mmm::mesh::FrameDecoder;
using mmm::mesh::kFrameHeaderBytes;

constexpr std::size_t kFrameBytesMax = kFrameHeaderBytes + mmm::limits::kFramePayloadBytesMax;

struct Outcome {
  std::vector<std::string> frames;
  std::vector<std::string> lines;
  std::uint64_t garbage_bytes = 0;
  std::uint64_t false_headers = 0;
  std::uint64_t resyncs = 0;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

void drain(FrameDecoder& decoder, Outcome& outcome) {
  while (const auto frame = decoder.next()) {
    MMM_CHECK(frame->size() <= mmm::limits::kFramePayloadBytesMax);
    // Plays a reader to whom some frames are no message.
    if (!frame->empty() && (static_cast<unsigned char>(frame->front()) & 1U) != 0) {
      decoder.reject();
    } else {
      outcome.frames.emplace_back(*frame);
    }
    while (auto line = decoder.text_lines().next()) outcome.lines.push_back(*std::move(line));
  }
  while (auto line = decoder.text_lines().next()) outcome.lines.push_back(*std::move(line));
  MMM_CHECK(decoder.prepare().size() > FrameDecoder::kBufferBytes - kFrameBytesMax);
}

// `piece` gives the size of the next piece, at least 1.
template <class Piece>
Outcome decode(std::string_view stream, Piece piece) {
  FrameDecoder decoder;
  Outcome outcome;
  while (!stream.empty()) {
    const std::string_view part = stream.substr(0, piece());
    const std::size_t taken = decoder.push(part);
    MMM_CHECK(taken > 0);
    drain(decoder, outcome);
    stream.remove_prefix(taken);
  }
  decoder.timed_out();
  drain(decoder, outcome);
  MMM_CHECK(!decoder.mid_frame());
  const auto& stats = decoder.stats();
  MMM_CHECK(stats.frames == outcome.frames.size());
  MMM_CHECK(stats.bytes == stats.frame_bytes + stats.garbage_bytes);
  for (const std::string& line : outcome.lines) MMM_CHECK(mmm::is_valid_utf8(line));
  outcome.garbage_bytes = stats.garbage_bytes;
  outcome.false_headers = stats.false_headers;
  outcome.resyncs = stats.resyncs;
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) {
    return 0;
  }
  std::uint32_t seed = data[0];
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto random_piece = [&seed] {
    seed = seed * 1664525U + 1013904223U;
    return std::size_t{1} + (seed >> 24) % 40;
  };

  // More lines than the decoder keeps arrive at once only when the stream is pushed whole.
  const Outcome bytewise = decode(stream, [] { return std::size_t{1}; });
  MMM_CHECK(decode(stream, random_piece) == bytewise);
  Outcome whole = decode(stream, [&] { return stream.size(); });
  if (whole.lines.size() < mmm::mesh::TextLines::kLinesMax) {
    MMM_CHECK(whole == bytewise);
  } else {
    MMM_CHECK(whole.frames == bytewise.frames);
  }

  std::string encoded;
  for (const std::string& frame : bytewise.frames) MMM_CHECK(mmm::mesh::append_frame(encoded, frame));
  const Outcome again = decode(encoded, random_piece);
  MMM_CHECK(again.frames == bytewise.frames && again.garbage_bytes == 0);
  return 0;
}
