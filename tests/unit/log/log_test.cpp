#include "core/log/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::log {
namespace {

using ::testing::EndsWith;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;

std::string written(Level level, const std::function<void()>& action) {
  testing::internal::CaptureStderr();
  start(level);
  action();
  return testing::internal::GetCapturedStderr();
}

TEST(Log, ALineHasTimeLevelAndComponent) {
  const auto line = written(Level::kInfo, [] { info("agent/radio", "opened {}", "/dev/ttyUSB0"); });
  EXPECT_THAT(line, MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z info +"
                                 "agent/radio: opened /dev/ttyUSB0\n"));
}

TEST(Log, WhatIsBelowTheLevelIsNotWritten) {
  EXPECT_THAT(written(Level::kError,
                      [] {
                        debug("x", "no");
                        info("x", "no");
                        warning("x", "no");
                      }),
              IsEmpty());
  EXPECT_THAT(written(Level::kWarning, [] { error("x", "yes"); }), EndsWith("x: yes\n"));
  EXPECT_TRUE(enabled(Level::kCritical));
  EXPECT_FALSE(enabled(Level::kInfo));
}

TEST(Log, BytesFromOutsideCannotForgeALineOrMoveTheCursor) {
  const auto line = written(Level::kInfo, [] { info("ingest", "name {}", "a\nb\x1b[2J\r\x7f\xc2\x9b{}"); });
  EXPECT_THAT(line, EndsWith("ingest: name a\\x0ab\\x1b[2J\\x0d\\x7f\\xc2\\x9b{}\n"));
}

TEST(Log, KnowsTheLevelsByName) {
  EXPECT_EQ(parse_level("WARN"), Level::kWarning);
  EXPECT_EQ(parse_level("warning"), Level::kWarning);
  EXPECT_EQ(parse_level("Debug"), Level::kDebug);
  EXPECT_EQ(parse_level("critical"), Level::kCritical);
  EXPECT_EQ(parse_level("loud"), std::nullopt);
  EXPECT_EQ(parse_level(""), std::nullopt);
}

}  // namespace
}  // namespace mmm::log
