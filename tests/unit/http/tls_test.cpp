#include "core/async/stop_signals.h"
#include "core/http/client.h"
#include "core/http/tls_credentials.h"
#include "tests/support/certificates.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/http/server_fixture.h"
#include "tests/unit/http/tls_client.h"

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <fstream>

namespace mmm::test {
namespace {

using namespace std::chrono_literals;

class TlsServerTest : public HttpServerTest {
 protected:
  TlsServerTest() {
    ignore_sigpipe();  // OpenSSL writes to a connection that the server has closed
    authority.write(directory / "ca.pem");
  }

  void issue(const std::string& name, int days = 10) { authority.issue(name, days, certificate, key); }
  void start_tls(http::ServerOptions options = {}) {
    issue("first");
    auto opened = http::TlsCredentials::open(certificate, key);
    ASSERT_TRUE(opened) << opened.error().message;
    credentials = *opened;
    options.tls = credentials;
    options.on_handshake_failure = [this] { ++failures; };
    start(std::move(options));
  }
  [[nodiscard]] TlsHello trusting() const { return {.authority = (directory / "ca.pem").string()}; }

  TempDir directory;
  CertificateAuthority authority;
  std::filesystem::path certificate = directory / "server.pem";
  std::filesystem::path key = directory / "server.key";
  std::shared_ptr<http::TlsCredentials> credentials;
  std::atomic<int> failures{0};
};

// The agent's client trusts the system's store, or the file that this variable names.
class TrustedAuthority {
 public:
  explicit TrustedAuthority(const std::filesystem::path& path) { ::setenv("SSL_CERT_FILE", path.c_str(), 1); }
  ~TrustedAuthority() { ::unsetenv("SSL_CERT_FILE"); }
  TrustedAuthority(const TrustedAuthority&) = delete;
  TrustedAuthority& operator=(const TrustedAuthority&) = delete;
};

boost::asio::awaitable<void> ask_all(http::Client& client) {
  const std::string body(90'000, 'b');
  for (int i = 0; i < 3; ++i) {
    const auto hello = co_await client.request(http::Method::kGet, "/hello", {}, {});
    EXPECT_TRUE(hello) << hello.error().message;
    if (hello) EXPECT_EQ(hello->body, "hello /hello");
    const auto echo = co_await client.request(http::Method::kPost, "/echo", {}, body);
    EXPECT_TRUE(echo) << echo.error().message;
    if (echo) EXPECT_EQ(echo->body, body);
    const auto large = co_await client.request(http::Method::kGet, "/static", {}, {});
    EXPECT_TRUE(large) << large.error().message;
    if (large) EXPECT_EQ(large->body.size(), 2'000'000U);
    const auto stream = co_await client.request(http::Method::kGet, "/three", {}, {});
    EXPECT_TRUE(stream) << stream.error().message;
    if (stream) EXPECT_EQ(stream->body, "one,two,three");
  }
}

TEST_F(TlsServerTest, ServesWhatPlainHttpServes) {
  start_tls();
  const TrustedAuthority trusted(directory / "ca.pem");
  boost::asio::io_context context;
  auto url = http::Url::parse(fmt::format("https://127.0.0.1:{}", server_->port()));
  ASSERT_TRUE(url);
  http::Client client(context.get_executor(), *url, {});
  run(context, ask_all(client));
  EXPECT_EQ(failures, 0);
}

boost::asio::awaitable<Result<http::ClientResponse>> get_hello(http::Client& client) {
  auto answer = co_await client.request(http::Method::kGet, "/hello", {}, {});
  co_return answer;
}

TEST_F(TlsServerTest, AClientWithoutTheAuthorityRefusesUnlessItNeedNotVerify) {
  start_tls();
  boost::asio::io_context context;
  auto url = http::Url::parse(fmt::format("https://127.0.0.1:{}", server_->port()));
  ASSERT_TRUE(url);
  http::Client strict(context.get_executor(), *url, {});
  const auto refused = run(context, get_hello(strict));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("not trusted"), std::string::npos) << refused.error().message;
  http::ClientOptions options;
  options.trust.verify = false;
  http::Client lenient(context.get_executor(), *url, options);
  const auto answer = run(context, get_hello(lenient));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 200);
}

TEST_F(TlsServerTest, ANewPairIsForNewConnections) {
  start_tls();
  TlsClient before(server_->port(), trusting());
  ASSERT_TRUE(before.connected());
  EXPECT_EQ(before.subject(), "first");

  issue("second", 20);
  auto pair = http::TlsCredentials::load(certificate, key);
  ASSERT_TRUE(pair) << pair.error().message;
  EXPECT_GT(pair->expiry, credentials->pair()->expiry);
  credentials->use(std::move(*pair));
  const TlsClient after(server_->port(), trusting());
  EXPECT_EQ(after.subject(), "second");
  ASSERT_TRUE(before.send(http_request("GET", "/hello")));
  EXPECT_NE(before.receive_until("hello /hello").find("200 OK"), std::string::npos);
}

TEST_F(TlsServerTest, SpeaksHttp11AndNoTlsBefore12) {
  start_tls();
  EXPECT_EQ(TlsClient(server_->port(), {.protocols = "\x02h2\x08http/1.1"}).protocol(), "http/1.1");
  EXPECT_EQ(TlsClient(server_->port()).version(), TLS1_3_VERSION);
  EXPECT_EQ(TlsClient(server_->port(), {.version_max = TLS1_2_VERSION}).version(), TLS1_2_VERSION);
  EXPECT_EQ(failures, 0);
  EXPECT_FALSE(TlsClient(server_->port(), {.version_max = TLS1_1_VERSION}).connected());
  EXPECT_FALSE(TlsClient(server_->port(), {.protocols = "\x02h2"}).connected());
  EXPECT_TRUE(eventually([this] { return failures == 2; }));
}

TEST_F(TlsServerTest, ASlowHandshakeIsCutOff) {
  http::ServerOptions options;
  options.header_timeout = 50ms;
  start_tls(options);
  RawClient silent = connect();
  RawClient begins = connect();
  begins.send("\x16\x03\x01");  // the first bytes of a hello
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(begins.closed());
  EXPECT_TRUE(eventually([this] { return failures == 2 && server_->connections() == 0; }));
}

TEST_F(TlsServerTest, PlainHttpIsNoHandshake) {
  start_tls();
  RawClient client = connect();
  client.send(http_request("GET", "/hello"));
  EXPECT_EQ(client.receive().status, 0);
  EXPECT_TRUE(eventually([this] { return failures == 1; }));
}

TEST_F(TlsServerTest, TheEndIsToldApartFromACut) {
  start_tls();
  TlsClient client(server_->port());
  ASSERT_TRUE(client.send(http_request("GET", "/hello", {}, "Connection: close\r\n")));
  EXPECT_TRUE(client.ends_cleanly());
}

TEST_F(TlsServerTest, OneConnectionTooManyIsToldSo) {
  http::ServerOptions options;
  options.connections_max = 1;
  start_tls(options);
  const TlsClient first(server_->port());
  ASSERT_TRUE(first.connected());
  TlsClient second(server_->port());
  EXPECT_NE(second.receive_until("\r\n\r\n").find("503"), std::string::npos);
}

TEST_F(TlsServerTest, StoppingEndsIdleConnectionsAndStreams) {
  start_tls();
  const TlsClient idle(server_->port());
  TlsClient streaming(server_->port());
  ASSERT_TRUE(streaming.send(http_request("GET", "/stream")));
  EXPECT_NE(streaming.receive_until("hello").find("hello"), std::string::npos);
  const RawClient in_handshake = connect();
  ASSERT_TRUE(eventually([this] { return server_->connections() == 3; }));
  const auto before = std::chrono::steady_clock::now();
  server_->stop(5s);
  EXPECT_LT(std::chrono::steady_clock::now() - before, 5s);
  EXPECT_EQ(streams_ended_, 1);
}

TEST_F(TlsServerTest, AVanishedClientEndsItsStream) {
  start_tls();
  {
    TlsClient client(server_->port());
    ASSERT_TRUE(client.send(http_request("GET", "/flood")));
    EXPECT_FALSE(client.receive_until("fff").empty());
  }
  EXPECT_TRUE(eventually([this] { return streams_ended_ == 1 && server_->connections() == 0; }));
}

TEST_F(TlsServerTest, ABadPairIsRefusedWithItsReason) {
  issue("first");
  const auto says = [this](const std::string& words) {
    const auto pair = http::TlsCredentials::load(certificate, key);
    ASSERT_FALSE(pair);
    EXPECT_NE(pair.error().message.find(words), std::string::npos) << pair.error().message;
  };
  EXPECT_TRUE(http::TlsCredentials::load(certificate, key));
  authority.issue("other", 10, directory / "other.pem", key);
  says(key.string());
  std::ofstream(certificate) << "no certificate";
  says(certificate.string());
  std::filesystem::remove(certificate);
  says("No such file");
}

}  // namespace
}  // namespace mmm::test
