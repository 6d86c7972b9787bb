#include "agent/radio/ble/message_exchange.h"

#include "core/base/limits.h"

#include <gtest/gtest.h>

#include <deque>

namespace mmm::agent::ble {
namespace {

using namespace std::chrono_literals;
using Step = MessageExchange::Step;

class MessageExchangeTest : public ::testing::Test {
 protected:
  MessageExchangeTest() { exchange.reset(now); }

  // A radio that answers each operation at once, until there is nothing to do now. Returns how many reads it took.
  int serve() {
    int reads = 0;
    while (true) {
      const Step step = exchange.next(now);
      if (step == Step::kNothing) return reads;
      if (step == Step::kWrite) {
        written.push_back(exchange.writing());
        exchange.written(now);
        continue;
      }
      ++reads;
      if (!waiting.empty()) received.push_back(waiting.front());
      exchange.read(waiting.empty(), now);
      if (!waiting.empty()) waiting.pop_front();
    }
  }
  // Lets time pass, serving at each moment at which there is something to do.
  int pass(SteadyTime::duration duration) {
    const auto end = now + duration;
    int reads = serve();
    while (exchange.wake() <= end) {
      now = std::max(now, exchange.wake());
      reads += serve();
    }
    now = end;
    return reads;
  }

  SteadyTime now{1h};
  MessageExchange exchange;
  std::deque<std::string> waiting;
  std::vector<std::string> received;
  std::vector<std::string> written;
};

TEST_F(MessageExchangeTest, ReadsAtTheBeginningWhatARadioHasKept) {
  waiting = {"a", "b"};
  EXPECT_EQ(serve(), 3);
  EXPECT_EQ(received, (std::vector<std::string>{"a", "b"}));
}

TEST_F(MessageExchangeTest, OneNotificationReadsEverything) {
  serve();
  waiting = {"a", "b", "c"};
  EXPECT_EQ(serve(), 0);
  exchange.notified(now);
  EXPECT_EQ(serve(), 4);
  EXPECT_EQ(received.size(), 3U);
  EXPECT_EQ(pass(1s), 0);
}

TEST_F(MessageExchangeTest, WithoutAnyNotificationItLooksFromTimeToTime) {
  serve();
  waiting = {"a"};
  EXPECT_EQ(pass(29s), 0);
  EXPECT_EQ(pass(2s), 2);
  EXPECT_EQ(received.size(), 1U);
  EXPECT_EQ(pass(10min), 20);
}

TEST_F(MessageExchangeTest, AfterAWriteAnEmptyReadIsTriedAgainForAMoment) {
  serve();
  ASSERT_TRUE(exchange.send("question"));
  EXPECT_EQ(serve(), 1);
  EXPECT_EQ(written, std::vector<std::string>{"question"});
  EXPECT_EQ(pass(250ms), 2);
  waiting = {"answer"};
  pass(100ms);
  EXPECT_EQ(received, std::vector<std::string>{"answer"});
  // Six empty reads in all, and then none until the next poll.
  pass(1s);
  EXPECT_EQ(pass(20s), 0);
}

TEST_F(MessageExchangeTest, OneOperationAtATimeAndWritesBeforeReads) {
  EXPECT_EQ(exchange.next(now), Step::kRead);
  ASSERT_TRUE(exchange.send("1"));
  ASSERT_TRUE(exchange.send("2"));
  EXPECT_EQ(exchange.next(now), Step::kNothing);
  EXPECT_EQ(exchange.wake(), SteadyTime::max());
  exchange.read(false, now);
  EXPECT_EQ(exchange.next(now), Step::kWrite);
  EXPECT_EQ(exchange.writing(), "1");
  EXPECT_EQ(exchange.next(now), Step::kNothing);
  exchange.written(now);
  EXPECT_EQ(exchange.next(now), Step::kWrite);
  EXPECT_EQ(exchange.writing(), "2");
  exchange.written(now);
  EXPECT_EQ(exchange.next(now), Step::kRead);
}

// The value of a read may have been taken before the message came that the notification speaks of.
TEST_F(MessageExchangeTest, ANotificationDuringAReadIsNotLost) {
  serve();
  exchange.notified(now);
  EXPECT_EQ(exchange.next(now), Step::kRead);
  exchange.notified(now);
  exchange.read(true, now);
  EXPECT_EQ(exchange.next(now), Step::kRead);
  exchange.read(true, now);
  EXPECT_EQ(exchange.next(now), Step::kNothing);
}

TEST_F(MessageExchangeTest, QueuesNoMoreThanItsBound) {
  for (std::size_t i = 0; i < limits::kBleMessagesWaitingMax; ++i) ASSERT_TRUE(exchange.send("x"));
  EXPECT_FALSE(exchange.send("x"));
  exchange.reset(now);
  EXPECT_TRUE(exchange.send("x"));
}

}  // namespace
}  // namespace mmm::agent::ble
