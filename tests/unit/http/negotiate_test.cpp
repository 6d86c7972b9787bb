#include "core/http/negotiate.h"

#include <gtest/gtest.h>

namespace mmm::http {
namespace {

TEST(AcceptsCoding, TakesWhatIsNamedWithAWeight) {
  for (const char* header : {"gzip", "br, gzip", "GZIP", "gzip;q=0.5", "*", "br;q=1, *;q=0.1", "gzip ; q=0.001"}) {
    EXPECT_TRUE(accepts_coding(header, "gzip")) << header;
  }
  for (const char* header : {"", "br", "gzip;q=0", "gzip;q=0.000", "*;q=0", "gzip;q=0, *", "*, gzip;q=0", "gzip;q=x"}) {
    EXPECT_FALSE(accepts_coding(header, "gzip")) << header;
  }
}

TEST(EtagMatches, ComparesWeakly) {
  for (const char* header : {R"("a")", R"(W/"a")", R"("x", W/"a")", "*"}) {
    EXPECT_TRUE(etag_matches(header, R"(W/"a")")) << header;
    EXPECT_TRUE(etag_matches(header, R"("a")")) << header;
  }
  for (const char* header : {"", "a", R"("A")", R"(W/"b")"}) EXPECT_FALSE(etag_matches(header, R"("a")")) << header;
}

}  // namespace
}  // namespace mmm::http
