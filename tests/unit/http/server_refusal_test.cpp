#include "tests/unit/http/server_fixture.h"

#include <fmt/format.h>

namespace mmm::test {
namespace {

using http::Method;
using std::chrono::milliseconds;

// A request, the status it must be answered with, and whether the connection must be closed after it.
struct Refused {
  const char* name;
  std::string bytes;
  int status;
  bool closes;
};

void PrintTo(const Refused& refused, std::ostream* out) {
  *out << refused.name;
}

using HttpGuard = HttpServerTest;

TEST_F(HttpGuard, RefusesStrangersBeforeTheirBodyIsSent) {
  start();
  RawClient client = connect();
  client.send("POST /guarded HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: 90000\r\n\r\n");
  const RawResponse response = client.receive();
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.at("content-type"), "application/problem+json");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpGuard, LetsTheOthersIn) {
  start();
  const auto response = exchange(http_request("POST", "/guarded", "hello", "Authorization: Bearer good\r\n"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "hello");
}

TEST_F(HttpGuard, TheFrontCheckComesBeforeEveryRouteAndItsCheck) {
  router_.set_front_check([](http::Request& request) -> std::optional<http::Response> {
    if (request.header("x-pass") == "yes") return std::nullopt;
    return http::problem(403, "Stop", "Not this way.");
  });
  start();
  for (const char* path : {"/hello", "/guarded", "/nowhere"}) {
    EXPECT_EQ(exchange(http_request("POST", path, "body")).status, 403) << path;
  }
  RawClient client = connect();
  client.send(http_request("GET", "/hello", {}, "X-Pass: yes\r\n"));
  EXPECT_EQ(client.receive().status, 200);
  client.send(http_request("GET", "/hello"));
  EXPECT_EQ(client.receive().status, 403);
  client.send(http_request("GET", "/nowhere", {}, "X-Pass: yes\r\n"));
  EXPECT_EQ(client.receive().status, 404);
  EXPECT_EQ(exchange(http_request("POST", "/guarded", "hello", "X-Pass: yes\r\n")).status, 401);
}

class HttpRefusal : public HttpServerTest, public ::testing::WithParamInterface<Refused> {};

TEST_P(HttpRefusal, IsAProblemDocument) {
  start();
  RawClient client = connect();
  client.send_lossy(GetParam().bytes);
  const RawResponse response = client.receive();
  EXPECT_EQ(response.status, GetParam().status);
  EXPECT_EQ(response.headers.at("content-type"), "application/problem+json");
  EXPECT_NE(response.body.find(fmt::format("\"status\":{}", GetParam().status)), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("\"detail\":\""), std::string::npos);
  if (GetParam().closes) {
    EXPECT_EQ(response.headers.at("connection"), "close");
    client.shutdown_send();
    EXPECT_TRUE(client.closed());
  } else {
    client.send(http_request("GET", "/hello"));
    EXPECT_EQ(client.receive().status, 200);
  }
}

std::string post(std::string_view headers, std::string_view body = {}) {
  return fmt::format("POST /echo HTTP/1.1\r\nHost: test\r\n{}\r\n{}", headers, body);
}

std::string get(std::string_view headers) {
  return fmt::format("GET /hello HTTP/1.1\r\n{}\r\n", headers);
}

std::string many_headers(int count) {
  std::string text = "Host: test\r\n";
  for (int i = 0; i < count; ++i) text += fmt::format("X-{}: 1\r\n", i);
  return text;
}

INSTANTIATE_TEST_SUITE_P(
    Smuggling, HttpRefusal,
    ::testing::Values(
        Refused{"LengthAndEncoding", post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400,
                true},
        Refused{"LengthTwice", post("Content-Length: 4\r\nContent-Length: 4\r\n", "body"), 400, true},
        Refused{"LengthList", post("Content-Length: 4, 4\r\n", "body"), 400, true},
        Refused{"LengthSigned", post("Content-Length: +4\r\n", "body"), 400, true},
        Refused{"LengthNegative", post("Content-Length: -4\r\n", "body"), 400, true},
        Refused{"LengthHex", post("Content-Length: 0x4\r\n", "body"), 400, true},
        Refused{"LengthEmpty", post("Content-Length:\r\n", "body"), 400, true},
        Refused{"LengthHuge", post("Content-Length: 99999999999999999999999\r\n", "body"), 400, true},
        Refused{"EncodingTwice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400, true},
        Refused{"EncodingUnknown", post("Transfer-Encoding: gzip, chunked\r\n"), 501, true},
        Refused{"EncodingIdentity", post("Transfer-Encoding: identity\r\n"), 501, true},
        Refused{"EncodingHttp10", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400, true},
        Refused{"FoldedLine", get("Host: test\r\nX-A: 1\r\n  2\r\n"), 400, true},
        Refused{"SpaceBeforeColon", get("Host : test\r\n"), 400, true},
        Refused{"BareNewline", "GET /hello HTTP/1.1\nHost: test\n\n", 400, true},
        Refused{"BareNewlineInHeaders", "GET /hello HTTP/1.1\r\nHost: test\nX: 1\r\n\r\n", 400, true},
        Refused{"CarriageReturnInValue", get("Host: test\r\nX-A: 1\r2\r\n"), 400, true},
        Refused{"NulInValue", get(std::string_view("Host: test\r\nX-A: 1\0002\r\n", 22)), 400, true},
        Refused{"HostMissing", get(""), 400, true}, Refused{"HostTwice", get("Host: a\r\nHost: b\r\n"), 400, true},
        Refused{"ChunkSizeNotHex", post("Transfer-Encoding: chunked\r\n", "xyz\r\n"), 400, true},
        Refused{"ChunkLongerThanSize", post("Transfer-Encoding: chunked\r\n", "3\r\nbody\r\n0\r\n\r\n"), 400, true},
        Refused{"ChunkBareNewline", post("Transfer-Encoding: chunked\r\n", "4\nbody\r\n0\r\n\r\n"), 400, true},
        Refused{"ChunkSizeOverflow", post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n"), 413, true}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Head, HttpRefusal,
    ::testing::Values(
        Refused{"Garbage", std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10), 400, true},
        Refused{"NoVersion", "GET /hello\r\nHost: test\r\n\r\n", 400, true},
        Refused{"BadVersion", "GET /hello HTTP/x.1\r\nHost: test\r\n\r\n", 400, true},
        Refused{"Version2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, true},
        Refused{"TargetTooLong", http_request("GET", "/" + std::string(5000, 'a')), 414, true},
        Refused{"TargetTooLongWithoutEnd", "GET /" + std::string(100'000, 'a'), 414, true},
        Refused{"HeadTooLarge", http_request("GET", "/hello", {}, "X-A: " + std::string(17'000, 'a') + "\r\n"), 431,
                true},
        Refused{"HeadTooLargeWithoutEnd", get("Host: test\r\nX-A: " + std::string(100'000, 'a')), 431, true},
        Refused{"TooManyHeaders", get(many_headers(101)), 431, true},
        Refused{"UnknownExpectation", post("Expect: miracles\r\nContent-Length: 4\r\n", "body"), 417, true},
        Refused{"BadEscape", http_request("GET", "/hel%zzlo"), 400, false},
        Refused{"CutEscape", http_request("GET", "/hello%2"), 400, false},
        Refused{"EscapedSlash", http_request("GET", "/show/a%2Fb"), 400, false},
        Refused{"EscapedNul", http_request("GET", "/hello%00"), 400, false},
        Refused{"NotUtf8", http_request("GET", "/show/%ff%fe"), 400, false},
        Refused{"DotSegment", http_request("GET", "/show/../hello"), 400, false},
        Refused{"EscapedDotSegment", http_request("GET", "/show/%2e%2e/hello"), 400, false},
        Refused{"BadEscapeInQuery", http_request("GET", "/hello?a=%"), 400, false},
        Refused{"NoSlash", http_request("GET", "hello"), 400, false},
        Refused{"RawBytes", http_request("GET", "/h\xc3\xbcllo"), 400, true}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Routing, HttpRefusal,
    ::testing::Values(
        Refused{"UnknownPath", http_request("GET", "/unknown"), 404, false},
        Refused{"UnknownPathWithBody", http_request("POST", "/unknown", "body"), 404, true},
        Refused{"WrongMethod", http_request("PUT", "/hello"), 405, false},
        Refused{"UnknownMethod", http_request("BREW", "/hello"), 405, false},
        Refused{"BodyTooLarge", http_request("POST", "/echo", std::string(100'001, 'x')), 413, true},
        Refused{"BodyMuchTooLarge", http_request("POST", "/echo", std::string(10'000'000, 'x')), 413, true},
        Refused{"BodyWhereNoneIsTaken", http_request("GET", "/hello", "body"), 413, true},
        Refused{"ChunksTooLarge", post("Transfer-Encoding: chunked\r\n", "186a1\r\n" + std::string(100'001, 'x')), 413,
                true}),
    [](const auto& info) { return std::string(info.param.name); });

TEST_F(HttpServerTest, NamesTheAllowedMethods) {
  start();
  EXPECT_EQ(exchange(http_request("PUT", "/hello")).headers.at("allow"), "GET, HEAD");
  EXPECT_EQ(exchange(http_request("GET", "/echo")).headers.at("allow"), "POST");
  const std::vector<Observed> expected{{"unmatched", Method::kPut, 405}, {"unmatched", Method::kGet, 405}};
  EXPECT_EQ(observed(2), expected);
}

TEST_F(HttpServerTest, TurnsAwayConnectionsBeyondTheMaximum) {
  start({.connections_max = 2});
  RawClient first = connect();
  RawClient second = connect();
  EXPECT_TRUE(eventually([this] { return server_->connections() == 2; }));
  RawClient third = connect();
  const RawResponse refused = third.receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_TRUE(refused.headers.contains("retry-after"));
  third.shutdown_send();
  EXPECT_TRUE(third.closed());
  first.close();
  EXPECT_TRUE(eventually([this] { return server_->connections() == 1; }));
  RawClient fourth = connect();
  fourth.send(http_request("GET", "/hello"));
  EXPECT_EQ(fourth.receive().status, 200);
}

TEST_F(HttpServerTest, RefusesBodiesBeyondWhatItMayHold) {
  start({.body_bytes_total_max = 70'000});
  // A body is held a moment longer than its response takes to arrive.
  const auto taken = [this] { return exchange(http_request("POST", "/echo", std::string(60'000, 'x'))).status == 200; };
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(eventually(taken));
    EXPECT_EQ(exchange(http_request("POST", "/echo", std::string(90'000, 'x'))).status, 503);
  }
}

TEST_F(HttpServerTest, ClosesOnASlowHead) {
  start({.header_timeout = milliseconds{50}});
  RawClient silent = connect();
  RawClient slow = connect();
  slow.send("GET /hello HTTP/1.1\r\nHost: te");
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(slow.closed());
  EXPECT_TRUE(eventually([this] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, ASlowHeadIsNotSavedByComingByteByByte) {
  start({.header_timeout = milliseconds{100}});
  RawClient slow = connect();
  const auto begin = std::chrono::steady_clock::now();
  slow.send("GET /hello HTTP/1.1\r\n");
  // Each byte comes well within the time; the whole would take two seconds.
  while (server_->connections() > 0 || std::chrono::steady_clock::now() - begin < milliseconds{50}) {
    slow.send_lossy("X");
    std::this_thread::sleep_for(milliseconds{5});
    ASSERT_LT(std::chrono::steady_clock::now() - begin, RawClient::kPatience);
  }
  EXPECT_TRUE(slow.closed());
}

TEST_F(HttpServerTest, Answers408ToASlowBody) {
  start({.body_timeout = milliseconds{50}});
  RawClient sized = connect();
  sized.send("POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\nhalf");
  EXPECT_EQ(sized.receive().status, 408);
  RawClient chunked = connect();
  chunked.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");
  EXPECT_EQ(chunked.receive().status, 408);
  const std::vector<Observed> expected(2, {"/echo", Method::kPost, 408});
  EXPECT_EQ(observed(2), expected);
}

TEST_F(HttpServerTest, ASlowBodyIsNotSavedByComingByteByByte) {
  start({.body_timeout = milliseconds{100}});
  std::size_t refused = 0;
  for (const auto& [framing, piece] :
       {std::pair{"Content-Length: 400", "X"}, {"Transfer-Encoding: chunked", "1\r\nX\r\n"}}) {
    RawClient slow = connect();
    const auto begin = std::chrono::steady_clock::now();
    slow.send(fmt::format("POST /echo HTTP/1.1\r\nHost: test\r\n{}\r\n\r\n", framing));
    // Each piece comes well within the time; the whole would take two seconds.
    while (observed(0).size() == refused) {
      slow.send_lossy(piece);
      std::this_thread::sleep_for(milliseconds{5});
      ASSERT_LT(std::chrono::steady_clock::now() - begin, RawClient::kPatience);
    }
    EXPECT_EQ(slow.receive().status, 408) << framing;
    ++refused;
  }
  EXPECT_EQ(observed(2), (std::vector<Observed>(2, {"/echo", Method::kPost, 408})));
}

TEST_F(HttpServerTest, ClosesAnIdleConnection) {
  start({.idle_timeout = milliseconds{50}});
  RawClient client = connect();
  client.send(http_request("GET", "/hello"));
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, HoldsSoManyAnswersForClientsThatDoNotRead) {
  static_bytes_ = std::string(20'000'000, 's');
  start({.answer_bytes_total_max = 30'000'000});
  {
    RawClient silent = connect();
    silent.send(http_request("GET", "/large"));
    EXPECT_FALSE(silent.receive_until("\r\n\r\n").empty());
    const RawResponse refused = exchange(http_request("GET", "/large"));
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.headers.contains("retry-after"));
    EXPECT_EQ(exchange(http_request("GET", "/hello")).status, 200);
  }
  // They are held a moment longer than the client is there.
  EXPECT_TRUE(eventually([this] { return exchange(http_request("GET", "/large")).status == 200; }));
  EXPECT_TRUE(eventually([this] { return exchange(http_request("GET", "/large")).status == 200; }));
}

TEST_F(HttpServerTest, ASlowReaderIsNotSavedByReadingALittle) {
  static_bytes_ = std::string(50'000'000, 's');
  start({.write_timeout = milliseconds{1000}, .write_bytes_per_second_min = 1'000'000'000});
  for (const char* path : {"/static", "/flood"}) {
    RawClient slow = connect();
    const auto begin = std::chrono::steady_clock::now();
    slow.send(http_request("GET", path));
    EXPECT_TRUE(eventually([this] { return server_->connections() == 1; }));
    // The server can write a little several times a second; the whole would take a quarter of a minute.
    while (server_->connections() > 0) {
      slow.more();
      std::this_thread::sleep_for(milliseconds{20});
      ASSERT_LT(std::chrono::steady_clock::now() - begin, RawClient::kPatience) << path;
    }
  }
}

TEST_F(HttpServerTest, GivesUpOnAClientThatDoesNotRead) {
  static_bytes_ = std::string(50'000'000, 's');
  start({.write_timeout = milliseconds{50}});
  RawClient client = connect();
  client.send(http_request("GET", "/static"));
  EXPECT_TRUE(eventually([this] { return server_->connections() == 0; }));
}

}  // namespace
}  // namespace mmm::test
