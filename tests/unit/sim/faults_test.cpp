#include "perf/sim/radio/faults.h"

#include "core/base/limits.h"

#include <gtest/gtest.h>

namespace mmm::sim {
namespace {

TEST(FaultOptions, ReadsEachFault) {
  FaultOptions options;
  EXPECT_FALSE(options.any());
  for (const char* text :
       {"garbage=0.25", "wrong-length=0.5", "short-reads=1", "stall=0.1:2.5", "reboot=7", "disconnect=9"}) {
    EXPECT_TRUE(options.add(text).has_value()) << text;
  }
  EXPECT_EQ(options.garbage, 0.25);
  EXPECT_EQ(options.wrong_length, 0.5);
  EXPECT_EQ(options.short_writes, 1);
  EXPECT_EQ(options.stall, 0.1);
  EXPECT_EQ(options.stall_time.count(), 2500);
  EXPECT_EQ(options.reboot_every, 7U);
  EXPECT_EQ(options.disconnect_every, 9U);
}

TEST(FaultOptions, SaysWhatIsAllowed) {
  FaultOptions options;
  for (const char* text : {"", "garbage", "garbage=2", "garbage=-1", "garbage=x", "reboot=0", "reboot=0.5",
                           "stall=0.1:", "stall=0.1:0", "fire=1"}) {
    const auto added = options.add(text);
    ASSERT_FALSE(added.has_value()) << text;
    EXPECT_EQ(added.error().kind, ErrorKind::kInvalidArgument);
  }
  EXPECT_FALSE(options.any());
}

TEST(FaultInjector, GarbageHasNoHeaderInIt) {
  FaultOptions options;
  options.garbage = 1;
  FaultInjector injector(options, 3);
  bool ends_with_start = false;
  for (int i = 0; i < 20'000; ++i) {
    const std::string before = injector.next(10).before;
    ASSERT_FALSE(before.empty());
    EXPECT_EQ(before.find("\x94\xC3"), std::string::npos);
    ends_with_start |= before.back() == '\x94';
  }
  EXPECT_TRUE(ends_with_start);
}

TEST(FaultInjector, AFalseHeaderIsEitherImpossibleOrFollowedBySilence) {
  FaultOptions options;
  options.wrong_length = 1;
  FaultInjector injector(options, 3);
  int silent = 0;
  for (int i = 0; i < 1000; ++i) {
    const FaultInjector::Plan plan = injector.next(10);
    const auto length = static_cast<std::size_t>(static_cast<unsigned char>(plan.before[2]) << 8U |
                                                 static_cast<unsigned char>(plan.before[3]));
    EXPECT_EQ(plan.silence_after_before, length <= limits::kFramePayloadBytesMax);
    if (!plan.silence_after_before) continue;
    ++silent;
    EXPECT_LT(plan.before.size() - 4, length);
  }
  EXPECT_GT(silent, 100);
  EXPECT_GT(kRevealingSilence, limits::kMidFrameTimeout);
}

TEST(FaultInjector, SameSeedSameFaults) {
  FaultOptions options;
  options.garbage = 0.3;
  options.stall = 0.3;
  FaultInjector first(options, 3);
  FaultInjector second(options, 3);
  for (int i = 0; i < 1000; ++i) {
    const auto a = first.next(50);
    const auto b = second.next(50);
    EXPECT_EQ(a.before, b.before);
    EXPECT_EQ(a.stall_at, b.stall_at);
    EXPECT_LT(a.stall_at, 50U);
  }
}

TEST(FaultInjector, RebootsAndCutsAtTheirIntervals) {
  FaultOptions options;
  options.reboot_every = 3;
  options.disconnect_every = 2;
  FaultInjector injector(options, 1);
  using After = FaultInjector::After;
  for (const After expected :
       {After::kNothing, After::kDisconnect, After::kReboot, After::kDisconnect, After::kNothing, After::kReboot}) {
    EXPECT_EQ(injector.packet_delivered(), expected);
  }
}

}  // namespace
}  // namespace mmm::sim
