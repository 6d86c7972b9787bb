#include "core/mesh/frame_codec.h"

#include <gtest/gtest.h>

#include <vector>

using namespace std::string_literals;

namespace mmm::mesh {
namespace {

std::vector<std::string> drain(FrameDecoder& decoder) {
  std::vector<std::string> frames;
  while (const auto frame = decoder.next()) frames.emplace_back(*frame);
  return frames;
}

std::vector<std::string> decode(FrameDecoder& decoder, std::string_view bytes) {
  EXPECT_EQ(decoder.push(bytes), bytes.size());
  return drain(decoder);
}

TEST(FrameEncoder, PutsStartBytesAndBigEndianLengthBeforeThePayload) {
  EXPECT_EQ(*encode_frame("ab"), "\x94\xC3\x00\x02"s + "ab");
  EXPECT_EQ(encode_frame(std::string(300, 'x'))->substr(0, 4), "\x94\xC3\x01\x2C"s);
  EXPECT_EQ(*encode_frame(""), "\x94\xC3\x00\x00"s);
}

TEST(FrameEncoder, RefusesWhatNoReceiverWouldTakeAndLeavesTheOutputAlone) {
  EXPECT_TRUE(encode_frame(std::string(512, 'x')));
  std::string out = "before";
  const auto appended = append_frame(out, std::string(513, 'x'));
  ASSERT_FALSE(appended);
  EXPECT_EQ(appended.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(out, "before");
}

TEST(FrameDecoder, GivesFramesInOrderEmptyOnesToo) {
  FrameDecoder decoder;
  const std::string bytes = *encode_frame("one") + *encode_frame("") + *encode_frame(std::string(512, 'x'));
  EXPECT_EQ(decode(decoder, bytes), (std::vector<std::string>{"one", "", std::string(512, 'x')}));
  EXPECT_EQ(decoder.stats().frames, 3U);
  EXPECT_EQ(decoder.stats().frame_bytes, bytes.size());
  EXPECT_EQ(decoder.stats().garbage_bytes, 0U);
  EXPECT_EQ(decoder.stats().resyncs, 0U);
  EXPECT_FALSE(decoder.mid_frame());
}

TEST(FrameDecoder, GivesAFrameOnlyWhenItIsWhole) {
  FrameDecoder decoder;
  const std::string bytes = *encode_frame("payload");
  for (std::size_t i = 0; i + 1 < bytes.size(); ++i) {
    EXPECT_TRUE(decode(decoder, bytes.substr(i, 1)).empty());
    EXPECT_TRUE(decoder.mid_frame());
  }
  EXPECT_EQ(decode(decoder, bytes.substr(bytes.size() - 1)), std::vector<std::string>{"payload"});
  EXPECT_FALSE(decoder.mid_frame());
}

TEST(FrameDecoder, PayloadsStandInTheReceiveBufferItself) {
  FrameDecoder decoder;
  const std::string bytes = *encode_frame("in place");
  const std::span<char> room = decoder.prepare();
  std::ranges::copy(bytes, room.begin());
  decoder.commit(bytes.size());
  const auto frame = decoder.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->data(), room.data() + kFrameHeaderBytes);
}

TEST(FrameDecoder, LooksAtTheSecondByteAgain) {
  FrameDecoder decoder;
  EXPECT_EQ(decode(decoder, "\x94" + *encode_frame("kept")), std::vector<std::string>{"kept"});
  EXPECT_EQ(decode(decoder, "\x94\x94\x94" + *encode_frame("kept too")), std::vector<std::string>{"kept too"});
  EXPECT_EQ(decoder.stats().garbage_bytes, 4U);
  EXPECT_EQ(decoder.stats().false_headers, 0U);
}

TEST(FrameDecoder, SkipsALengthOutOfRange) {
  FrameDecoder decoder;
  EXPECT_EQ(decode(decoder, "hello\n\x94\xC3\xFF\xFF" + *encode_frame("next")), std::vector<std::string>{"next"});
  EXPECT_EQ(decode(decoder, "\x94\xC3\x02\x01"s + *encode_frame("next")), std::vector<std::string>{"next"});
  EXPECT_EQ(decoder.stats().false_headers, 2U);
  EXPECT_EQ(decoder.stats().garbage_bytes, 14U);
  EXPECT_EQ(decoder.stats().resyncs, 2U);
}

TEST(FrameDecoder, FindsAHeaderWhoseStartLooksLikeTheLengthOfAFalseOne) {
  FrameDecoder decoder;
  EXPECT_EQ(decode(decoder, "\x94\xC3" + *encode_frame("real")), std::vector<std::string>{"real"});
  EXPECT_EQ(decode(decoder, "\x94\xC3\x00"s + *encode_frame("lost in a length of 148")), std::vector<std::string>{});
  decoder.timed_out();
  EXPECT_EQ(drain(decoder), std::vector<std::string>{"lost in a length of 148"});
}

TEST(FrameDecoder, LeavesStartBytesWithinAPayloadAlone) {
  FrameDecoder decoder;
  const std::string payload = "a\x94\xC3\x00\x01z\x94\x94\xC3"s;
  EXPECT_EQ(decode(decoder, *encode_frame(payload) + *encode_frame("b")), (std::vector<std::string>{payload, "b"}));
  EXPECT_EQ(decoder.stats().resyncs, 0U);
}

TEST(FrameDecoder, SilenceInTheMiddleGivesBackWhatAFalseHeaderSwallowed) {
  FrameDecoder decoder;
  // A header damaged to a length of 300 swallows two whole frames and the start of a third.
  const std::string third = *encode_frame("three");
  EXPECT_TRUE(
      decode(decoder, "\x94\xC3\x01\x2C"s + *encode_frame("one") + *encode_frame("two") + third.substr(0, 6)).empty());
  EXPECT_TRUE(decoder.mid_frame());
  decoder.timed_out();
  EXPECT_EQ(drain(decoder), (std::vector<std::string>{"one", "two"}));
  // The third was as silent as the first: its rest is garbage when it comes, and what follows is found.
  EXPECT_FALSE(decoder.mid_frame());
  EXPECT_EQ(decode(decoder, third.substr(6) + *encode_frame("four")), std::vector<std::string>{"four"});
  EXPECT_EQ(decoder.stats().false_headers, 2U);
}

TEST(FrameDecoder, TimeoutConcernsOnlyWhatCameBefore) {
  FrameDecoder decoder;
  const std::string frame = *encode_frame("whole");
  EXPECT_TRUE(decode(decoder, "\x94\xC3\x00"s).empty());
  decoder.timed_out();
  EXPECT_TRUE(drain(decoder).empty());
  EXPECT_TRUE(decode(decoder, frame.substr(0, 5)).empty());
  EXPECT_EQ(decode(decoder, frame.substr(5)), std::vector<std::string>{"whole"});
}

TEST(FrameDecoder, RejectSearchesTheSwallowedBytesAgain) {
  FrameDecoder decoder;
  const std::string inner = *encode_frame("inner");
  const std::string bytes = "\x94\xC3\x00\x0B"s + "xx" + inner + "after";
  ASSERT_EQ(decoder.push(bytes), bytes.size());
  const auto frame = decoder.next();
  ASSERT_TRUE(frame);
  EXPECT_EQ(*frame, "xx" + inner);
  decoder.reject();
  EXPECT_EQ(drain(decoder), std::vector<std::string>{"inner"});
  EXPECT_EQ(decoder.stats().frames, 1U);
  EXPECT_EQ(decoder.stats().false_headers, 1U);
  EXPECT_EQ(decoder.stats().garbage_bytes, bytes.size() - inner.size());
}

TEST(FrameDecoder, TakesNoMoreThanItsBufferHolds) {
  FrameDecoder decoder;
  const std::string garbage(3 * FrameDecoder::kBufferBytes, 'g');
  EXPECT_EQ(decoder.push(garbage), FrameDecoder::kBufferBytes);
  EXPECT_EQ(decoder.push(garbage), 0U);
  EXPECT_TRUE(drain(decoder).empty());
  EXPECT_EQ(decoder.push(garbage), FrameDecoder::kBufferBytes);
}

TEST(FrameDecoder, ResetForgetsTheHalfFrameOfTheOldConnection) {
  FrameDecoder decoder;
  const std::string frame = *encode_frame("first");
  EXPECT_TRUE(decode(decoder, frame.substr(0, 7)).empty());
  decoder.reset();
  EXPECT_FALSE(decoder.mid_frame());
  EXPECT_EQ(decode(decoder, frame), std::vector<std::string>{"first"});
  EXPECT_EQ(decoder.stats().bytes, decoder.stats().frame_bytes + decoder.stats().garbage_bytes);
}

TEST(FrameDecoder, CollectsBootTextBetweenFrames) {
  FrameDecoder decoder;
  const std::string bytes =
      "\x1B[34mDEBUG\x1B[0m | ??:??:?? 1 Boot\r\n" + *encode_frame("frame") + "INFO  | second\r\n";
  EXPECT_EQ(decode(decoder, bytes), std::vector<std::string>{"frame"});
  EXPECT_EQ(decoder.text_lines().next(), "DEBUG | ??:??:?? 1 Boot");
  EXPECT_EQ(decoder.text_lines().next(), "INFO  | second");
  EXPECT_EQ(decoder.text_lines().next(), std::nullopt);
}

}  // namespace
}  // namespace mmm::mesh
