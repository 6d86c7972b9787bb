#include "core/mesh/text_lines.h"

#include "core/base/encoding.h"

#include <gtest/gtest.h>

namespace mmm::mesh {
namespace {

TEST(TextLines, GivesWholeLinesWithoutColoursAndLineEnds) {
  TextLines lines;
  lines.add("INFO  | 12:00:01 3 [Rou");
  EXPECT_EQ(lines.next(), std::nullopt);
  lines.add(
      "ter] Gr\xC3\xBC\xC3\x9F"
      "e\r\n\x1B[31;1mERROR\x1B[0m | x  \n");
  EXPECT_EQ(lines.next(), "INFO  | 12:00:01 3 [Router] Grüße");
  EXPECT_EQ(lines.next(), "ERROR | x");
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(TextLines, IgnoresWhatIsNotText) {
  TextLines lines;
  lines.add("\x01\x02 binary\n");
  lines.add("broken \xC3 utf-8\n");
  lines.add("abc\n");  // too short to tell from noise
  lines.add("\r\n\n");
  lines.add("with\xC2\x94\n");  // well-formed, kept
  EXPECT_EQ(lines.next(), "with\xC2\x94");
  EXPECT_EQ(lines.next(), std::nullopt);
  EXPECT_EQ(lines.dropped(), 0U);
}

TEST(TextLines, CutsALongLineBetweenCharactersHoweverItComes) {
  std::string line(TextLines::kLineBytesMax - 1, 'a');
  line += "\xC3\xBC and more\n";
  TextLines at_once;
  at_once.add(line);
  TextLines bytewise;
  for (const char c : line) bytewise.add({&c, 1});
  const auto cut = at_once.next();
  ASSERT_TRUE(cut);
  EXPECT_EQ(*cut, std::string(TextLines::kLineBytesMax - 1, 'a'));
  EXPECT_EQ(bytewise.next(), cut);
}

TEST(TextLines, KeepsABoundedNumberAndCountsTheRest) {
  TextLines lines;
  for (std::size_t i = 0; i < TextLines::kLinesMax + 5; ++i) lines.add("line of text\n");
  EXPECT_EQ(lines.dropped(), 5U);
  std::size_t taken = 0;
  while (lines.next()) ++taken;
  EXPECT_EQ(taken, TextLines::kLinesMax);
}

}  // namespace
}  // namespace mmm::mesh
