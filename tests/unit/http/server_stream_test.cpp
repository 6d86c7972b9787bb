#include "tests/unit/http/server_fixture.h"

namespace mmm::test {
namespace {

using std::chrono::milliseconds;

TEST_F(HttpServerTest, StreamsInChunksAndCloses) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/three"));
  const RawResponse response = client.receive();
  EXPECT_EQ(response.headers.at("transfer-encoding"), "chunked");
  EXPECT_FALSE(response.headers.contains("content-length"));
  EXPECT_EQ(response.body, "one,two,three");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, StreamsWithoutChunksToHttp10) {
  start();
  const RawResponse response = exchange("GET /three HTTP/1.0\r\n\r\n");
  EXPECT_FALSE(response.headers.contains("transfer-encoding"));
  EXPECT_EQ(response.body, "one,two,three");
}

TEST_F(HttpServerTest, NoticesThatTheClientOfAQuietStreamIsGone) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/stream"));
  EXPECT_FALSE(client.receive_until("hello\r\n").empty());
  EXPECT_EQ(streams_running_, 1);
  client.close();
  EXPECT_TRUE(eventually([this] { return streams_ended_ == 1 && server_->connections() == 0; }));
}

TEST_F(HttpServerTest, StreamsNoFasterThanTheClientReads) {
  start({.write_timeout = milliseconds{200}});
  RawClient client = connect();
  client.send(http_request("GET", "/flood"));
  EXPECT_TRUE(eventually([this] { return streams_running_ == 1; }));
  // The client reads nothing: the stream waits, and is given up.
  EXPECT_TRUE(eventually([this] { return streams_ended_ == 1 && server_->connections() == 0; }));
}

TEST_F(HttpServerTest, EndsAStreamWhoseClientLeavesWhileItWrites) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/flood"));
  EXPECT_FALSE(client.receive_until("fffff").empty());
  client.close();
  EXPECT_TRUE(eventually([this] { return streams_ended_ == 1 && server_->connections() == 0; }));
}

TEST_F(HttpServerTest, AStreamsExceptionLeavesTheResponseVisiblyCut) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/stream-throw"));
  const std::string text = client.receive_until("begun\r\n");
  EXPECT_FALSE(text.empty());
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, ServesManyStreamsBesideRequests) {
  start({.threads = 2});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 100; ++i) {
    clients.push_back(std::make_unique<RawClient>(server_->port()));
    clients.back()->send(http_request("GET", "/stream"));
  }
  EXPECT_TRUE(eventually([this] { return streams_running_ == 100; }));
  EXPECT_EQ(exchange(http_request("GET", "/hello")).status, 200);
  clients.clear();
  EXPECT_TRUE(eventually([this] { return streams_ended_ == 100; }));
}

}  // namespace
}  // namespace mmm::test
