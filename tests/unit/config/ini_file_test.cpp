#include "core/config/ini_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mmm::config {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

std::string value(const IniFile& file, std::string_view section, std::string_view key) {
  const auto* found = file.find(section);
  if (found == nullptr) return "(no section)";
  for (const auto& entry : found->entries) {
    if (entry.key == key) return entry.value;
  }
  return "(no key)";
}

TEST(IniFile, ReadsWhatPythonsConfigparserWrites) {
  std::vector<std::string> mistakes;
  const auto file = parse_ini(
      "\xEF\xBB\xBF# a comment\r\n[agent]\r\nID = agent_001\r\nlocation_name: Seattle Hub ; not a comment\r\n"
      "empty =\r\n; another\r\n\r\n[server_primary]\nurl = http://host:8082/a=b\nnodes = !1,\n  !2,\n\t!3\n"
      "share = 100%%\n",
      "x.ini", mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(value(file, "agent", "id"), "agent_001");
  EXPECT_EQ(value(file, "agent", "location_name"), "Seattle Hub ; not a comment");
  EXPECT_EQ(value(file, "agent", "empty"), "");
  EXPECT_EQ(value(file, "server_primary", "url"), "http://host:8082/a=b");
  EXPECT_EQ(value(file, "server_primary", "nodes"), "!1,\n!2,\n!3");
  EXPECT_EQ(value(file, "server_primary", "share"), "100%");
  EXPECT_EQ(file.find("server_primary")->line, 8);
}

TEST(IniFile, NamesEveryMistakeWithItsLine) {
  std::vector<std::string> mistakes;
  parse_ini("early = 1\n[a]\nx = 1\nX = 2\njust words\n[b\ny = 1\n[a]\nz = \xFF\n", "x.ini", mistakes);
  EXPECT_THAT(mistakes,
              ElementsAre(HasSubstr("x.ini:1: a key before the first [section]"),
                          HasSubstr("x.ini:4: [a] x stands in line 3 already"),
                          HasSubstr("x.ini:5: the line is neither"), HasSubstr("x.ini:6: a section is written"),
                          HasSubstr("x.ini:8: section [a] stands in line 2 already"),
                          HasSubstr("x.ini:9: the line is not UTF-8")));
}

TEST(IniFile, IndentedKeysStandBesideEachOtherAndDeeperLinesContinue) {
  std::vector<std::string> mistakes;
  const auto file = parse_ini("[a]\n  x = 1\n  y = 2,\n    3\n  # between\n    4\nz = 5\n", "x.ini", mistakes);
  EXPECT_THAT(mistakes, IsEmpty());
  EXPECT_EQ(value(file, "a", "x"), "1");
  EXPECT_EQ(value(file, "a", "y"), "2,\n3\n4");
  EXPECT_EQ(value(file, "a", "z"), "5");
}

TEST(IniFile, MistakesNeverShowALinesText) {
  std::vector<std::string> mistakes;
  parse_ini("[a]\napi_key\nhunter2-hunter2\n", "x.ini", mistakes);
  ASSERT_EQ(mistakes.size(), 2U);
  for (const auto& mistake : mistakes) EXPECT_THAT(mistake, Not(HasSubstr("hunter2")));
}

TEST(ReadTextFile, SaysWhatIsWrongWithThePath) {
  EXPECT_EQ(read_text_file("/nonexistent/file", 10).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(read_text_file("/", 10).error().kind, ErrorKind::kInvalidArgument);
  EXPECT_EQ(read_text_file("/dev/zero", 10).error().kind, ErrorKind::kTooLarge);
}

}  // namespace
}  // namespace mmm::config
