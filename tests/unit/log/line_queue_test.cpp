#include "core/log_shipping/line_queue.h"

#include <gtest/gtest.h>

namespace mmm::log {
namespace {

TEST(LineQueue, GivesTheOldestFirstAndKeepsThemUntilTheyArePopped) {
  LineQueue queue(100);
  EXPECT_EQ(queue.push("a\n"), 0U);
  EXPECT_EQ(queue.push("b\n"), 0U);
  EXPECT_EQ(queue.push("c\n"), 0U);
  EXPECT_EQ(queue.peek(4), "a\nb\n");
  EXPECT_EQ(queue.peek(4), "a\nb\n");
  queue.pop();
  EXPECT_EQ(queue.peek(4), "c\n");
  queue.pop();
  EXPECT_TRUE(queue.empty());
  EXPECT_EQ(queue.peek(4), "");
}

TEST(LineQueue, ALineLongerThanAWriteGoesAlone) {
  LineQueue queue(100);
  queue.push("a long line\n");
  queue.push("b\n");
  EXPECT_EQ(queue.peek(4), "a long line\n");
}

TEST(LineQueue, DropsTheOldestWhenItIsFullAndCountsThem) {
  LineQueue queue(10);
  EXPECT_EQ(queue.push("1234\n"), 0U);
  EXPECT_EQ(queue.push("abcd\n"), 0U);
  EXPECT_EQ(queue.push("ABCD\n"), 1U);
  EXPECT_EQ(queue.peek(100), "abcd\nABCD\n");
  EXPECT_EQ(queue.push("larger than all\n"), 3U);
  EXPECT_TRUE(queue.empty());
}

TEST(LineQueue, WhatIsDroppedWhileItIsOnItsWayIsNotPoppedTwice) {
  LineQueue queue(10);
  queue.push("1234\n");
  queue.push("abcd\n");
  EXPECT_EQ(queue.peek(100), "1234\nabcd\n");
  EXPECT_EQ(queue.push("ABCD\n"), 1U);
  queue.pop();
  EXPECT_EQ(queue.peek(100), "ABCD\n");
}

}  // namespace
}  // namespace mmm::log
