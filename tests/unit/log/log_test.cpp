#include "core/log/log.h"

#include "tests/support/temp_dir.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <vector>

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

TEST(Log, ALineCanBeAnObject) {
  testing::internal::CaptureStderr();
  ASSERT_TRUE(start(Options{.json = true, .file = {}}));
  warning("agent/radio", "said \"{}\"", "\xff\n");
  EXPECT_THAT(testing::internal::GetCapturedStderr(),
              MatchesRegex("\\{\"time\":\"[0-9-]+T[0-9:.]+Z\",\"level\":\"warning\",\"component\":\"agent/radio\","
                           "\"message\":\"said \\\\\"\xef\xbf\xbd\\\\\\\\x0a\\\\\"\"\\}\n"));
}

std::vector<std::string> lines_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line);
  return lines;
}

TEST(Log, AFileIsChangedBeforeItGrowsTooLarge) {
  const test::TempDir dir;
  testing::internal::CaptureStderr();
  ASSERT_TRUE(start(Options{.file = dir / "agent.log", .file_bytes_max = 2000, .file_backups = 2}));
  for (int i = 0; i < 100; ++i) info("x", "line {:04}", i);
  start(Level::kInfo);
  std::vector<std::string> kept;
  for (const char* name : {"agent.2.log", "agent.1.log", "agent.log"}) {
    EXPECT_LE(std::filesystem::file_size(dir / name), 2000U);
    for (std::string& line : lines_of(dir / name)) kept.push_back(std::move(line));
  }
  // The newest, without a gap; standard error has them all.
  ASSERT_GT(kept.size(), 60U);
  for (std::size_t i = 0; i < kept.size(); ++i)
    EXPECT_THAT(kept[i], EndsWith(fmt::format("line {:04}", 100 - kept.size() + i)));
  const std::string shown = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::ranges::count(shown, '\n'), 100);
}

TEST(Log, AFileThatCannotBeOpenedIsSaidInWords) {
  const test::TempDir dir;
  testing::internal::CaptureStderr();
  std::filesystem::create_directory(dir / "folder");
  const auto is_folder = start(Options{.file = dir / "folder"});
  error("x", "still said");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), EndsWith("still said\n"));
  ASSERT_FALSE(is_folder);
  EXPECT_THAT(is_folder.error().message, ::testing::HasSubstr("folder cannot be opened"));
}

class KeepingSink final : public Sink {
 public:
  void take(const Line& line) override { lines.push_back(fmt::format("{} {}", line.component, line.text)); }
  std::vector<std::string> lines;
};

TEST(Log, SinksGetLinesUntilTheyAreRemoved) {
  const auto sink = std::make_shared<KeepingSink>();
  const auto shown = written(Level::kInfo, [&sink] {
    add_sink(sink);
    info("x", "first\n");
    debug("x", "below the level");
    remove_sink(*sink);
    info("x", "second");
  });
  EXPECT_EQ(sink->lines, std::vector<std::string>{"x first\\x0a"});
  EXPECT_THAT(shown, EndsWith("x: second\n"));
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
