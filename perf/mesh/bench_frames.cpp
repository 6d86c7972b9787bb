// How fast frames are found in a radio's stream: our decoder, a byte-wise state machine as Meshtastic's own clients
// have it, and nothing but a search for the first header byte. perf/README.md says what it must show.

#include "core/base/check.h"
#include "core/mesh/frame_codec.h"

#include <benchmark/benchmark.h>

#include <cstring>
#include <random>
#include <string>
#include <string_view>

namespace mmm::perf {
namespace {

constexpr std::size_t kFrames = 20'000;
constexpr std::size_t kPayloadBytes = 98;

// Messages of noise, as ciphertext is, one behind the other. `text`: debug lines between them.
std::string make_stream(bool text) {
  std::mt19937 random(1);
  std::string stream;
  for (std::size_t i = 0; i < kFrames; ++i) {
    std::string payload(kPayloadBytes, '\0');
    for (char& byte : payload) byte = static_cast<char>(random());
    MMM_CHECK(mesh::append_frame(stream, payload));
    if (text)
      stream += "INFO  | 12:34:56 4711 [Router] Received text msg from=0x12345678, id=0x87654321, to=0xffffffff\r\n";
  }
  return stream;
}

const std::string& stream_of(bool text) {
  static const std::string plain = make_stream(false);
  static const std::string noisy = make_stream(true);
  return text ? noisy : plain;
}

// Byte by byte into a growing buffer, as the state machines of the official clients work.
class Bytewise {
 public:
  std::size_t frames = 0;

  void push(char c) {
    const auto byte = static_cast<unsigned char>(c);
    switch (buffer_.size()) {
      case 0:
        if (byte == 0x94) buffer_.push_back(c);
        return;
      case 1:
        if (byte == 0xC3) {
          buffer_.push_back(c);
        } else {
          buffer_.clear();
        }
        return;
      default:
        buffer_.push_back(c);
    }
    if (buffer_.size() < mesh::kFrameHeaderBytes) return;
    const std::size_t length = static_cast<unsigned char>(buffer_[2]) * 256U + static_cast<unsigned char>(buffer_[3]);
    if (length > limits::kFramePayloadBytesMax) {
      buffer_.clear();
    } else if (buffer_.size() == mesh::kFrameHeaderBytes + length) {
      ++frames;
      benchmark::DoNotOptimize(buffer_.data());
      buffer_.clear();
    }
  }

 private:
  std::string buffer_;
};

void decoder(benchmark::State& state) {
  const std::string& stream = stream_of(state.range(0) != 0);
  const auto piece = static_cast<std::size_t>(state.range(1));
  for (auto _ : state) {
    mesh::FrameDecoder decoder;
    std::size_t frames = 0;
    for (std::string_view rest = stream; !rest.empty();) {
      const std::size_t taken = decoder.push(rest.substr(0, piece));
      rest.remove_prefix(taken);
      while (const auto frame = decoder.next()) {
        ++frames;
        benchmark::DoNotOptimize(frame->data());
      }
      while (decoder.text_lines().next()) {
      }
    }
    MMM_CHECK(frames == kFrames);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(stream.size()) * state.iterations());
}
BENCHMARK(decoder)->ArgNames({"text", "piece"})->ArgsProduct({{0, 1}, {64, 4096}});

void bytewise(benchmark::State& state) {
  const std::string& stream = stream_of(state.range(0) != 0);
  for (auto _ : state) {
    Bytewise machine;
    for (const char c : stream) machine.push(c);
    MMM_CHECK(machine.frames == kFrames);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(stream.size()) * state.iterations());
}
BENCHMARK(bytewise)->ArgName("text")->Arg(0)->Arg(1);

void header_byte_search(benchmark::State& state) {
  const std::string& stream = stream_of(state.range(0) != 0);
  for (auto _ : state) {
    const char* at = stream.data();
    const char* const end = at + stream.size();
    std::size_t found = 0;
    while ((at = static_cast<const char*>(std::memchr(at, 0x94, static_cast<std::size_t>(end - at)))) != nullptr) {
      ++found;
      if (++at == end) break;
    }
    benchmark::DoNotOptimize(found);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(stream.size()) * state.iterations());
}
BENCHMARK(header_byte_search)->ArgName("text")->Arg(0)->Arg(1);

}  // namespace
}  // namespace mmm::perf
