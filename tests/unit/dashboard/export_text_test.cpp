#include "core/base/markup.h"
#include "dashboard/export/csv_row.h"
#include "dashboard/export/gzip_stream.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace mmm::dashboard {
namespace {

std::string row_of(std::string_view text) {
  std::string out;
  CsvRow(out).text(text).end();
  return out;
}

TEST(CsvRow, QuotesWhatWouldEndAField) {
  EXPECT_EQ(row_of("plain"), "plain\r\n");
  EXPECT_EQ(row_of("a,b"), "\"a,b\"\r\n");
  EXPECT_EQ(row_of("say \"hi\""), "\"say \"\"hi\"\"\"\r\n");
  EXPECT_EQ(row_of("two\nlines"), "\"two\nlines\"\r\n");
}

TEST(CsvRow, KeepsSpreadsheetsFromTakingATextForAFormula) {
  for (const auto* text : {"=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1", "  =1"}) {
    EXPECT_EQ(row_of(text), fmt::format("\"'{}\"\r\n", text));
  }
}

TEST(CsvRow, WritesNumbersAsTheyAreAndNothingForWhatIsNotKnown) {
  std::string out;
  CsvRow(out).number(-5.25).number(std::optional<int>()).number(-110).time(0).time(1'767'225'600'000'000).end();
  EXPECT_EQ(out, "-5.25,,-110,,2026-01-01T00:00:00Z\r\n");
}

TEST(XmlText, EscapesMarkupAndReplacesWhatXmlMayNotHold) {
  EXPECT_EQ(escape_markup("<a href=\"x\">'&'</a>"), "&lt;a href=&quot;x&quot;&gt;&apos;&amp;&apos;&lt;/a&gt;");
  EXPECT_EQ(escape_markup("bell\x07"), "bell\xEF\xBF\xBD");
  EXPECT_EQ(escape_markup("\xEF\xBF\xBE"), "\xEF\xBF\xBD");
  EXPECT_EQ(escape_markup("\xff"), "\xEF\xBF\xBD");
}

TEST(GzipStream, GivesWhatWasPutIn) {
  GzipStream gzip;
  std::string plain;
  std::string packed;
  for (int i = 0; i < 20'000; ++i) {
    const std::string piece = fmt::format("line {} of {}\n", i, i * 7919);
    plain += piece;
    packed += gzip.add(piece);
  }
  packed += gzip.finish();
  z_stream stream{};
  ASSERT_EQ(inflateInit2(&stream, 31), Z_OK);
  std::string out(plain.size() + 1, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  EXPECT_EQ(out, plain);
}

}  // namespace
}  // namespace mmm::dashboard
