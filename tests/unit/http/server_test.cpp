#include "tests/unit/http/server_fixture.h"

#include <fmt/format.h>

namespace mmm::test {
namespace {

using http::Method;

TEST_F(HttpServerTest, AnswersAndKeepsTheConnection) {
  start();
  RawClient client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send(http_request("GET", "/hello"));
    const RawResponse response = client.receive();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "hello /hello");
    EXPECT_EQ(response.headers.at("x-content-type-options"), "nosniff");
    EXPECT_TRUE(response.headers.contains("server"));
    EXPECT_TRUE(response.headers.at("date").ends_with(" GMT"));
    EXPECT_FALSE(response.headers.contains("connection"));
  }
  EXPECT_EQ(server_->connections(), 1U);
  const std::vector<Observed> expected(3, {"/hello", Method::kGet, 200});
  EXPECT_EQ(observed(3), expected);
}

TEST_F(HttpServerTest, GivesTheHandlerTheRequestDecoded) {
  start();
  const auto response =
      exchange(http_request("GET", "/show/a%20%C3%BC?q=x+y&flag&n=%31", {}, "X-Thing:  two words \r\n"));
  EXPECT_EQ(response.body,
            "path=/show/a ü\nid=a ü\nremote=127.0.0.1\nheader=two words\nquery q=x y\nquery flag=\nquery n=1\n");
}

TEST_F(HttpServerTest, TakesBodiesOfEverySizeUpToTheLimit) {
  start();
  RawClient client = connect();
  for (const std::size_t size : {1UL, 100UL, 4095UL, 4096UL, 20'000UL, 65'536UL, 65'537UL, kEchoLimit}) {
    std::string body(size, 'x');
    body.back() = 'y';
    client.send(http_request("POST", "/echo", body));
    const RawResponse response = client.receive();
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.body == body) << size;
  }
}

TEST_F(HttpServerTest, TakesARequestThatComesByteByByte) {
  start();
  RawClient client = connect();
  const std::string bytes = http_request("POST", "/echo", "some body");
  for (const char c : bytes) client.send({&c, 1});
  EXPECT_EQ(client.receive().body, "some body");
}

TEST_F(HttpServerTest, TakesAChunkedBody) {
  start();
  RawClient client = connect();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
  client.send(head + "4\r\nwiki\r\n6;a=b\r\npedia \r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n" +
              http_request("GET", "/hello"));
  EXPECT_EQ(client.receive().body, "wikipedia !");
  EXPECT_EQ(client.receive().body, "hello /hello");
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  start();
  RawClient client = connect();
  std::string bytes;
  for (int i = 0; i < 500; ++i) bytes += http_request("POST", "/echo", fmt::format("body {}", i));
  client.send(bytes);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.receive().body, fmt::format("body {}", i));
}

TEST_F(HttpServerTest, SkipsAnEmptyLineBeforeARequest) {
  start();
  RawClient client = connect();
  client.send(http_request("POST", "/echo", "one") + "\r\n" + http_request("POST", "/echo", "two"));
  EXPECT_EQ(client.receive().body, "one");
  EXPECT_EQ(client.receive().body, "two");
}

TEST_F(HttpServerTest, AnswersHeadLikeGetWithoutBody) {
  start();
  RawClient client = connect();
  client.send(http_request("HEAD", "/hello") + http_request("HEAD", "/stream") + http_request("GET", "/hello"));
  const RawResponse response = client.receive(true);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("content-length"), "12");
  const RawResponse stream = client.receive(true);
  EXPECT_EQ(stream.status, 200);
  EXPECT_EQ(stream.headers.at("transfer-encoding"), "chunked");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, SendsNoBodyAndNoLengthWith204) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/nothing") + http_request("GET", "/hello"));
  const RawResponse response = client.receive();
  EXPECT_EQ(response.status, 204);
  EXPECT_FALSE(response.headers.contains("content-length"));
  EXPECT_EQ(client.receive().body, "hello /hello");
}

TEST_F(HttpServerTest, SendsAStaticBodyLargerThanTheSocketTakes) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/static"));
  EXPECT_TRUE(client.receive().body == static_bytes_);
}

TEST_F(HttpServerTest, KeepsFramingToItselfAndLetsNoHeaderIn) {
  start();
  const auto response = exchange(http_request("POST", "/bad-header", "a\r\nX-Evil: 1"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.at("x-echo"), "a  X-Evil: 1");
  EXPECT_FALSE(response.headers.contains("x-evil"));
  EXPECT_FALSE(response.headers.contains("transfer-encoding"));
  EXPECT_EQ(response.headers.at("content-length"), "0");
}

TEST_F(HttpServerTest, ClosesWhenTheClientAsksForIt) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/hello", {}, "Connection: close\r\n"));
  EXPECT_EQ(client.receive().headers.at("connection"), "close");
  EXPECT_TRUE(client.closed());
  EXPECT_TRUE(eventually([this] { return server_->connections() == 0; }));
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  start();
  RawClient once = connect();
  once.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(once.receive().headers.at("connection"), "close");
  EXPECT_TRUE(once.closed());

  RawClient kept = connect();
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(kept.receive().headers.at("connection"), "keep-alive");
  }
}

TEST_F(HttpServerTest, AsksForTheBodyOnlyWhenItWillTakeIt) {
  start();
  RawClient client = connect();
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: ";
  client.send(head + "4\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("body");
  EXPECT_EQ(client.receive().body, "body");

  client.send(head + "100001\r\n\r\n");
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(HttpServerTest, AnswersAHandlersExceptionWith500AndGoesOn) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/throw") + http_request("GET", "/hello"));
  const RawResponse response = client.receive();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(response.body.find("secret"), std::string::npos);
  EXPECT_EQ(client.receive().body, "hello /hello");
  EXPECT_EQ(observed(2).front(), (Observed{"/throw", Method::kGet, 500}));
}

TEST_F(HttpServerTest, ServesOnSeveralThreads) {
  start({.threads = 4});
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([this] {
      RawClient client = connect();
      for (int i = 0; i < 50; ++i) {
        client.send(http_request("POST", "/echo", std::string(1000, 'x')));
        EXPECT_EQ(client.receive().body.size(), 1000U);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(observed(400).size(), 400U);
}

TEST(HttpServer, SaysInWordsWhyItCannotListen) {
  const http::Router router;
  http::ServerOptions options;
  options.address = "not an address";
  auto server = http::Server::listen(options, router);
  ASSERT_FALSE(server);
  EXPECT_EQ(server.error().kind, ErrorKind::kInvalidArgument);

  options.address = "127.0.0.1";
  auto first = http::Server::listen(options, router);
  ASSERT_TRUE(first);
  options.port = (*first)->port();
  auto second = http::Server::listen(options, router);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kIo);
  EXPECT_NE(second.error().message.find("another program uses this port"), std::string::npos);

  options.address = "192.0.2.1";
  auto foreign = http::Server::listen(options, router);
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.error().kind, ErrorKind::kInvalidArgument);
}

}  // namespace
}  // namespace mmm::test
