#pragma once

#include "core/base/limits.h"
#include "core/base/result.h"
#include "core/mesh/text_lines.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mmm::mesh {

// The stream protocol of a radio: each protobuf message behind 4 bytes, 0x94 0xC3 and its length, big-endian.
inline constexpr std::size_t kFrameHeaderBytes = 4;

// Puts the header before a message. kTooLarge above limits::kFramePayloadBytesMax.
Result<std::string> encode_frame(std::string_view payload);
// The same, at the end of `out`; `out` is untouched on failure.
Result<> append_frame(std::string& out, std::string_view payload);

// What the decoder has seen since it was made. When next() was drained, `bytes` is the sum of `frame_bytes`,
// `garbage_bytes` and what waits for the end of its frame.
struct FrameStats {
  std::uint64_t bytes = 0;
  std::uint64_t frames = 0;       // given out and not rejected
  std::uint64_t frame_bytes = 0;  // of these, headers included
  // Times that a header was given up: a length out of range, a frame rejected by its reader, a silence in the middle.
  std::uint64_t false_headers = 0;
  // Runs of bytes outside frames: how often the place in the stream was lost.
  std::uint64_t resyncs = 0;
  std::uint64_t garbage_bytes = 0;
};

// Finds frames in a stream of bytes that also holds debug text and line noise.
//
// Usage: push() or prepare()/commit(), then next() until it is empty, then the next bytes. Payloads are views into the
// decoder's own buffer, never copied, valid until the next call of any other member.
// Bounds: one buffer of kBufferBytes and the bounded text lines, whatever arrives.
// Result: the frames depend on the bytes alone, not on how they were cut into pieces (as long as timed_out() is not
// called). Not thread-safe.
class FrameDecoder {
 public:
  static constexpr std::size_t kBufferBytes = limits::kFrameBufferBytes;

  FrameDecoder();

  // Copies as many of the bytes as fit and says how many that were: all of them, or at least kBufferBytes minus one
  // frame when next() was drained before. Call again with the rest after draining.
  [[nodiscard]] std::size_t push(std::string_view bytes);

  // Without a copy: read into the span (never empty after next() was drained), then say how much was read.
  std::span<char> prepare();
  void commit(std::size_t size);

  // The payload of the next whole frame, possibly empty; nothing when more bytes are needed.
  std::optional<std::string_view> next();

  // Says that the last payload from next() is not a message: its header was false, so that what it swallowed is
  // searched again from the byte after it. Call before anything else.
  void reject();

  // True while the beginning of a frame waits for its end (after next() was drained): the owner then bounds the
  // silence.
  [[nodiscard]] bool mid_frame() const { return read_ != end_; }

  // Says that nothing came for limits::kMidFrameTimeout in the middle of a frame: every header that waits for bytes was
  // false. Call next() afterwards: the bytes that were swallowed may hold whole frames.
  void timed_out();

  // Forgets what is buffered, for a new connection. The statistics stay.
  void reset();

  [[nodiscard]] const FrameStats& stats() const { return stats_; }
  // Lines of text between frames, such as a board's boot messages. The owner takes them out to log them.
  TextLines& text_lines() { return text_lines_; }

 private:
  void skip_garbage(std::size_t until);

  std::unique_ptr<char[]> buffer_;
  std::size_t read_ = 0;        // first byte not yet given out or skipped
  std::size_t end_ = 0;         // end of the bytes received
  std::size_t stale_end_ = 0;   // incomplete frames that begin before this are false headers (timed_out)
  std::size_t last_frame_ = 0;  // where the frame of the last next() begins, for reject()
  bool can_reject_ = false;
  bool in_garbage_ = false;
  FrameStats stats_;
  TextLines text_lines_;
};

}  // namespace mmm::mesh
