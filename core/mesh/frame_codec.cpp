#include "core/mesh/frame_codec.h"

#include "core/base/check.h"

#include <algorithm>
#include <cstring>

namespace mmm::mesh {
namespace {

constexpr unsigned char kStart1 = 0x94;
constexpr unsigned char kStart2 = 0xC3;

// After next() was drained less than one frame waits, so that prepare() always has room.
static_assert(FrameDecoder::kBufferBytes >= 2 * (kFrameHeaderBytes + limits::kFramePayloadBytesMax));

unsigned char byte_at(const char* bytes, std::size_t index) {
  return static_cast<unsigned char>(bytes[index]);
}

}  // namespace

Result<> append_frame(std::string& out, std::string_view payload) {
  if (payload.size() > limits::kFramePayloadBytesMax) {
    return fail(ErrorKind::kTooLarge, "a message of {} bytes does not fit in a frame, which takes {}", payload.size(),
                limits::kFramePayloadBytesMax);
  }
  out.push_back(static_cast<char>(kStart1));
  out.push_back(static_cast<char>(kStart2));
  out.push_back(static_cast<char>(payload.size() >> 8));
  out.push_back(static_cast<char>(payload.size() & 0xFF));
  out.append(payload);
  return {};
}

Result<std::string> encode_frame(std::string_view payload) {
  std::string frame;
  frame.reserve(kFrameHeaderBytes + payload.size());
  if (auto appended = append_frame(frame, payload); !appended) {
    return fail(std::move(appended).error());
  }
  return frame;
}

FrameDecoder::FrameDecoder() : buffer_(std::make_unique<char[]>(kBufferBytes)) {}

std::size_t FrameDecoder::push(std::string_view bytes) {
  const std::span<char> room = prepare();
  const std::size_t size = std::min(room.size(), bytes.size());
  std::ranges::copy(bytes.substr(0, size), room.begin());
  commit(size);
  return size;
}

std::span<char> FrameDecoder::prepare() {
  can_reject_ = false;
  if (read_ != 0) {
    std::memmove(buffer_.get(), buffer_.get() + read_, end_ - read_);
    stale_end_ -= std::min(stale_end_, read_);
    end_ -= read_;
    read_ = 0;
  }
  return {buffer_.get() + end_, kBufferBytes - end_};
}

void FrameDecoder::commit(std::size_t size) {
  MMM_CHECK(size <= kBufferBytes - end_);
  end_ += size;
  stats_.bytes += size;
}

void FrameDecoder::skip_garbage(std::size_t until) {
  if (!in_garbage_) {
    in_garbage_ = true;
    ++stats_.resyncs;
  }
  stats_.garbage_bytes += until - read_;
  text_lines_.add({buffer_.get() + read_, until - read_});
  read_ = until;
}

std::optional<std::string_view> FrameDecoder::next() {
  can_reject_ = false;
  while (read_ != end_) {
    const void* found = std::memchr(buffer_.get() + read_, kStart1, end_ - read_);
    const std::size_t start =
        found == nullptr ? end_ : static_cast<std::size_t>(static_cast<const char*>(found) - buffer_.get());
    if (start != read_) {
      skip_garbage(start);
      continue;
    }
    const char* frame = buffer_.get() + start;
    const std::size_t available = end_ - start;
    if (available >= 2 && byte_at(frame, 1) != kStart2) {
      skip_garbage(start + 1);  // and look at the second byte again: it may be the start of the real header
      continue;
    }
    if (available >= kFrameHeaderBytes) {
      const std::size_t size = (std::size_t{byte_at(frame, 2)} << 8) | byte_at(frame, 3);
      if (size > limits::kFramePayloadBytesMax) {
        ++stats_.false_headers;
        skip_garbage(start + 1);
        continue;
      }
      if (available >= kFrameHeaderBytes + size) {
        if (in_garbage_) {
          in_garbage_ = false;
          text_lines_.end_line();
        }
        last_frame_ = start;
        can_reject_ = true;
        read_ = start + kFrameHeaderBytes + size;
        ++stats_.frames;
        stats_.frame_bytes += kFrameHeaderBytes + size;
        return std::string_view(frame + kFrameHeaderBytes, size);
      }
    }
    if (start >= stale_end_) {
      return std::nullopt;
    }
    stats_.false_headers += available >= 2 ? 1 : 0;
    skip_garbage(start + 1);
  }
  return std::nullopt;
}

void FrameDecoder::reject() {
  MMM_CHECK(can_reject_);
  can_reject_ = false;
  --stats_.frames;
  stats_.frame_bytes -= read_ - last_frame_;
  ++stats_.false_headers;
  read_ = last_frame_;
  skip_garbage(last_frame_ + 1);
}

void FrameDecoder::timed_out() {
  can_reject_ = false;
  stale_end_ = end_;
}

void FrameDecoder::reset() {
  can_reject_ = false;
  stats_.garbage_bytes += end_ - read_;
  read_ = end_ = stale_end_ = 0;
  in_garbage_ = false;
  text_lines_.end_line();
}

}  // namespace mmm::mesh
