#include "core/http/client.h"
#include "core/http/parse/chunked_decoder.h"
#include "core/http/parse/request_head.h"
#include "core/http/parse/target.h"
#include "core/http/serve/response_head.h"

#include <gtest/gtest.h>

namespace mmm::http {
namespace {

TEST(HeadScanner, FindsTheEndWhereverTheBytesAreCut) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
  const std::string bytes = head + "body\n";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    HeadScanner scanner;
    const auto first = scanner.scan(std::string_view(bytes).substr(0, cut));
    ASSERT_TRUE(first) << cut;
    EXPECT_EQ(*first, cut < head.size() ? 0 : head.size()) << cut;
    if (*first > 0) continue;
    const auto second = scanner.scan(bytes);
    ASSERT_TRUE(second) << cut;
    EXPECT_EQ(*second, head.size()) << cut;
  }
}

TEST(HeadScanner, RefusesABareNewlineAtOnce) {
  HeadScanner scanner;
  const auto result = scanner.scan("GET / HTTP/1.1\n");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().status, 400);
}

TEST(RequestHead, ReadsWhatMattersForTheConnection) {
  RequestHead head;
  ASSERT_TRUE(
      parse_request_head("POST /a?b HTTP/1.1\r\nhOST: x\r\nconnection: Foo , CLOSE\r\ncontent-length: 007\r\n"
                         "Expect: 100-Continue\r\nX-Empty:\r\n\r\n",
                         head));
  EXPECT_EQ(head.method, Method::kPost);
  EXPECT_EQ(head.target, "/a?b");
  EXPECT_FALSE(head.keep_alive);
  EXPECT_EQ(head.content_length, 7U);
  EXPECT_TRUE(head.expect_continue);
  ASSERT_EQ(head.headers.size(), 5U);
  EXPECT_EQ(head.headers.back().name, "X-Empty");
  EXPECT_EQ(head.headers.back().value, "");

  ASSERT_TRUE(parse_request_head("GET / HTTP/1.1\r\nHost: x\r\n\r\n", head));
  EXPECT_TRUE(head.keep_alive);
  EXPECT_FALSE(head.content_length);
  EXPECT_FALSE(head.expect_continue);
  EXPECT_EQ(head.headers.size(), 1U);
}

TEST(Target, TakesTheAbsoluteFormAndTheAsterisk) {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  ASSERT_TRUE(parse_target("http://host:80/a/b?c=d", path, query));
  EXPECT_EQ(path, "/a/b");
  EXPECT_EQ(query.front().second, "d");
  ASSERT_TRUE(parse_target("HTTP://host", path, query));
  EXPECT_EQ(path, "/");
  ASSERT_TRUE(parse_target("http://host?x", path, query));
  EXPECT_EQ(path, "/");
  EXPECT_EQ(query.size(), 1U);
  ASSERT_TRUE(parse_target("*", path, query));
  EXPECT_EQ(path, "*");
  EXPECT_TRUE(query.empty());
}

TEST(Target, KeepsDotsThatAreNoSegment) {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  EXPECT_TRUE(parse_target("/a/..b/c../.well-known", path, query));
  EXPECT_FALSE(parse_target("/..", path, query));
  EXPECT_FALSE(parse_target("/a/.", path, query));
  EXPECT_FALSE(parse_target("/a/./b", path, query));
}

TEST(Target, BoundsTheQuery) {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  std::string target = "/?a";
  for (int i = 1; i < 64; ++i) target += "&a";
  EXPECT_TRUE(parse_target(target, path, query));
  EXPECT_FALSE(parse_target(target + "&a", path, query));
}

TEST(ChunkedDecoder, GivesTheSameBodyWhereverTheBytesAreCut) {
  const std::string bytes = "5;x=\"y\"\r\nhello\r\nA\r\n, chunked!\r\n000\r\nT: 1\r\n\r\nNEXT";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    ChunkedDecoder decoder;
    std::string body;
    std::size_t used = 0;
    for (const std::size_t end : {cut, bytes.size()}) {
      const auto fed = decoder.feed(std::string_view(bytes).substr(used, end - used), body, 15);
      ASSERT_TRUE(fed) << cut;
      used += *fed;
    }
    EXPECT_TRUE(decoder.done());
    EXPECT_EQ(body, "hello, chunked!");
    EXPECT_EQ(bytes.substr(used), "NEXT");
  }
}

TEST(ChunkedDecoder, RefusesWhatIsLargerThanTheLimitBeforeTakingIt) {
  ChunkedDecoder decoder;
  std::string body;
  ASSERT_TRUE(decoder.feed("5\r\nhello\r\n", body, 9));
  const auto fed = decoder.feed("5\r\nhello\r\n", body, 9);
  ASSERT_FALSE(fed);
  EXPECT_EQ(fed.error().status, 413);
  EXPECT_EQ(body, "hello");
}

TEST(ChunkedDecoder, BoundsLinesAndTrailers) {
  std::string body;
  ChunkedDecoder endless_line;
  EXPECT_FALSE(endless_line.feed("1;" + std::string(300, 'x'), body, 10));
  ChunkedDecoder endless_trailers;
  ASSERT_TRUE(endless_trailers.feed("0\r\n", body, 10));
  const std::string trailer = "T: " + std::string(200, 'x') + "\r\n";
  int taken = 0;
  while (taken < 1000 && endless_trailers.feed(trailer, body, 10)) ++taken;
  EXPECT_LT(taken, 100);
}

TEST(HttpDate, IsTheFormOfTheStandard) {
  EXPECT_EQ(http_date(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(http_date(1'709'164'800), "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST(Url, ReadsHostPortAndPath) {
  const auto plain = Url::parse("http://example.org");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->host, "example.org");
  EXPECT_EQ(plain->port, 80);
  EXPECT_EQ(plain->path, "");
  EXPECT_FALSE(plain->tls);
  const auto full = Url::parse("HTTPS://[2001:db8::1]:8443/mesh/base/");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host, "2001:db8::1");
  EXPECT_EQ(full->port, 8443);
  EXPECT_EQ(full->path, "/mesh/base");
  EXPECT_TRUE(full->tls);
  EXPECT_EQ(Url::parse("https://example.org/")->port, 443);
}

TEST(Url, RefusesWhatItDoesNotUnderstand) {
  for (const std::string_view text :
       {"", "example.org", "ftp://example.org", "http://", "http:///path", "http://:80", "http://host:0",
        "http://host:", "http://host:65536", "http://host:80x", "http://user:pass@host/", "http://host/?query",
        "http://host/#part", "http://ho st/", "http://[::1", "http://[]", "http://a/b c", "http://[::1]x",
        "http://ho\"st"}) {
    const auto url = Url::parse(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().kind, ErrorKind::kInvalidArgument);
    EXPECT_EQ(url.error().message.find("pass"), url.error().message.find("password")) << "shows the password";
  }
}

}  // namespace
}  // namespace mmm::http
