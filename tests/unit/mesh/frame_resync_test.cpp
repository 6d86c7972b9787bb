// Properties of the frame decoder over generated streams. A failure prints the seed of its stream.

#include "core/mesh/frame_codec.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace mmm::mesh {
namespace {

using Random = std::mt19937_64;

// What the decoder made of a stream.
struct Outcome {
  std::vector<std::string> frames;
  std::vector<std::string> lines;
  FrameStats stats;

  friend bool operator==(const Outcome& a, const Outcome& b) {
    return a.frames == b.frames && a.lines == b.lines && a.stats.frames == b.stats.frames &&
           a.stats.frame_bytes == b.stats.frame_bytes && a.stats.garbage_bytes == b.stats.garbage_bytes &&
           a.stats.false_headers == b.stats.false_headers && a.stats.resyncs == b.stats.resyncs;
  }
};

// Real payloads carry this mark, so that the reader can tell them from false ones, as a parser does.
constexpr char kMark = '\x0A';
bool is_real(std::string_view payload) {
  return !payload.empty() && payload.front() == kMark;
}

void drain(FrameDecoder& decoder, Outcome& outcome) {
  while (const auto frame = decoder.next()) {
    if (is_real(*frame)) {
      outcome.frames.emplace_back(*frame);
    } else {
      decoder.reject();
    }
    while (auto line = decoder.text_lines().next()) outcome.lines.push_back(*std::move(line));
  }
  while (auto line = decoder.text_lines().next()) outcome.lines.push_back(*std::move(line));
}

// Decodes the stream in pieces whose sizes `piece` gives, then lets the last frame time out.
template <class Piece>
Outcome decode_in_pieces(std::string_view stream, Piece piece) {
  FrameDecoder decoder;
  Outcome outcome;
  while (!stream.empty()) {
    const std::string_view part = stream.substr(0, piece());
    const std::size_t taken = decoder.push(part);
    EXPECT_EQ(taken, part.size());
    drain(decoder, outcome);
    stream.remove_prefix(taken);
  }
  decoder.timed_out();
  drain(decoder, outcome);
  outcome.stats = decoder.stats();
  EXPECT_FALSE(decoder.mid_frame());
  EXPECT_EQ(outcome.stats.bytes, outcome.stats.frame_bytes + outcome.stats.garbage_bytes);
  return outcome;
}

std::string random_payload(Random& random) {
  std::string payload(1 + random() % 60, '\0');
  // Few different bytes, so that start bytes and plausible lengths turn up everywhere.
  constexpr std::string_view kAlphabet("\x94\xC3\x00\x01\x10\x0A\n a", 9);
  for (char& c : payload) c = kAlphabet[random() % kAlphabet.size()];
  payload.front() = kMark;
  return payload;
}

std::string random_garbage(Random& random, std::string_view alphabet) {
  std::string garbage(random() % 40, '\0');
  for (char& c : garbage) c = alphabet.empty() ? static_cast<char>(random()) : alphabet[random() % alphabet.size()];
  return garbage;
}

TEST(FrameResync, NoiseWithoutStartBytesCostsNoFrame) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    std::string stream;
    std::vector<std::string> sent;
    for (int i = 0; i < 20; ++i) {
      stream += random_garbage(random, "\xC3 abc\n\x1B[\xFF");
      sent.push_back(random_payload(random));
      stream += *encode_frame(sent.back());
    }
    EXPECT_EQ(decode_in_pieces(stream, [] { return std::size_t{1000}; }).frames, sent) << "seed " << seed;
  }
}

TEST(FrameResync, FramesAreTheSameHoweverTheStreamIsCut) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Random random(seed);
    std::string stream;
    for (int i = 0; i < 15; ++i) {
      std::string frame = *encode_frame(random_payload(random));
      if (random() % 3 == 0) frame.resize(random() % frame.size());                      // truncated
      if (random() % 4 == 0 && !frame.empty()) frame[random() % frame.size()] = '\x94';  // damaged
      stream += frame + random_garbage(random, random() % 2 == 0 ? "" : std::string_view("\x94\xC3\x00\x05x\n", 6));
    }
    const Outcome whole = decode_in_pieces(stream, [&] { return stream.size(); });
    const Outcome bytewise = decode_in_pieces(stream, [] { return std::size_t{1}; });
    const Outcome random_pieces = decode_in_pieces(stream, [&] { return std::size_t{1 + random() % 30}; });
    EXPECT_EQ(bytewise, whole) << "seed " << seed;
    EXPECT_EQ(random_pieces, whole) << "seed " << seed;
  }
}

TEST(FrameResync, CutAtEveryOffsetGivesTheSame) {
  Random random(7);
  std::string stream = "boot text\r\n\x94";
  for (int i = 0; i < 4; ++i) stream += *encode_frame(random_payload(random)) + "\x94\xC3\xC3";
  const Outcome whole = decode_in_pieces(stream, [&] { return stream.size(); });
  ASSERT_EQ(whole.frames.size(), 4U);
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    bool first = true;
    const auto piece = [&] { return std::exchange(first, false) ? cut : stream.size(); };
    EXPECT_EQ(decode_in_pieces(stream, piece), whole) << "cut at " << cut;
  }
}

TEST(FrameResync, AnyNoiseCostsNoFrameThatComesAfterASilence) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    FrameDecoder decoder;
    Outcome outcome;
    std::vector<std::string> sent;
    for (int i = 0; i < 20; ++i) {
      const std::string noise =
          random_garbage(random, random() % 2 == 0 ? "" : std::string_view("\x94\xC3\x00\x20", 4));
      EXPECT_EQ(decoder.push(noise), noise.size());
      drain(decoder, outcome);
      decoder.timed_out();
      drain(decoder, outcome);
      const std::size_t before = outcome.frames.size();
      sent.push_back(random_payload(random));
      const std::string frame = *encode_frame(sent.back());
      EXPECT_EQ(decoder.push(frame), frame.size());
      drain(decoder, outcome);
      ASSERT_EQ(outcome.frames.size(), before + 1) << "seed " << seed;
      EXPECT_EQ(outcome.frames.back(), sent.back()) << "seed " << seed;
    }
  }
}

TEST(FrameResync, ADamagedLengthCostsOneFrameWhenItsReaderRejectsIt) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Random random(seed);
    std::vector<std::string> sent;
    std::string stream;
    for (int i = 0; i < 12; ++i) {
      std::string payload(20 + random() % 80, 'x');
      payload.front() = kMark;
      std::string frame = *encode_frame(payload);
      if (i == 5) {
        frame[3] = static_cast<char>(random());  // any length up to 255
        frame[4] = 'y';                          // and a payload that no reader takes
      } else {
        sent.push_back(payload);
      }
      stream += frame;
    }
    EXPECT_EQ(decode_in_pieces(stream, [] { return std::size_t{64}; }).frames, sent) << "seed " << seed;
  }
}

TEST(FrameResync, EndlessNoiseIsSkippedAndCounted) {
  Random random(11);
  FrameDecoder decoder;
  std::uint64_t pushed = 0;
  for (int i = 0; i < 400; ++i) {
    std::string noise(10'000, '\0');
    for (char& c : noise) c = static_cast<char>(random());
    std::string_view rest = noise;
    while (!rest.empty()) {
      rest.remove_prefix(decoder.push(rest));
      while (decoder.next()) decoder.reject();
    }
    pushed += noise.size();
  }
  EXPECT_EQ(decoder.stats().bytes, pushed);
  EXPECT_EQ(decoder.stats().frames, 0U);
  EXPECT_GE(decoder.stats().garbage_bytes, pushed - kFrameHeaderBytes - limits::kFramePayloadBytesMax);
}

}  // namespace
}  // namespace mmm::mesh
