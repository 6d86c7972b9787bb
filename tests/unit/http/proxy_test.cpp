#include "core/http/proxy.h"

#include "core/http/client.h"
#include "core/http/tls_credentials.h"
#include "tests/support/certificates.h"
#include "tests/support/config_text.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/http/relay_proxy.h"
#include "tests/unit/http/server_fixture.h"

#include <gmock/gmock.h>

#include <map>

namespace mmm::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Proxy, ReadsWhatCurlReads) {
  const auto full = http::parse_proxy("http://us%65r:p%3Ass@proxy.example:3128/");
  ASSERT_TRUE(full) << full.error().message;
  EXPECT_EQ(full->host, "proxy.example");
  EXPECT_EQ(full->port, 3128);
  EXPECT_EQ(full->authorization, "Basic dXNlcjpwOnNz");
  const auto bare = http::parse_proxy("proxy");
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->port, 1080);
  EXPECT_EQ(bare->authorization, "");
  EXPECT_EQ(http::parse_proxy("HTTP://[fd00::1]:8080")->host, "fd00::1");
  EXPECT_EQ(http::parse_proxy("http://name@proxy")->authorization, "Basic bmFtZTo=");
}

TEST(Proxy, RefusesWithoutShowingThePassword) {
  for (const char* text : {"socks5://u:SECRET@p", "https://u:SECRET@p", "http://u:SECRET@", "http://u:SECRET@p:0",
                           "http://u:SECRET%0a@p", "http://u:SECRET%zz@p", "u:SECRET@p q"}) {
    const auto proxy = http::parse_proxy(text);
    ASSERT_FALSE(proxy) << text;
    EXPECT_THAT(proxy.error().message, AllOf(Not(HasSubstr("SECRET")), HasSubstr("is allowed")));
  }
}

TEST(Proxy, ExceptionsAreNamesAddressesAndNetworks) {
  const std::string list = "localhost, .internal.example,192.0.2.1 10.0.0.0/8,fd00::/8, site.org.";
  for (const char* host : {"localhost", "LOCALHOST", "internal.example", "a.internal.example", "192.0.2.1", "10.9.8.7",
                           "fd00::7", "site.org", "mesh.site.org", "site.org."}) {
    EXPECT_TRUE(http::is_without_proxy(host, list)) << host;
  }
  for (const char* host : {"example", "xinternal.example", "192.0.2.10", "11.0.0.1", "fe80::1", "mysite.org", "org"}) {
    EXPECT_FALSE(http::is_without_proxy(host, list)) << host;
  }
  EXPECT_TRUE(http::is_without_proxy("anything", "*"));
  EXPECT_FALSE(http::is_without_proxy("anything", ""));
}

TEST(Proxy, TheEnvironmentIsReadAsCurlReadsIt) {
  const auto proxy_of = [](const std::string& url, const std::map<std::string, std::string>& variables) {
    const auto proxy = http::proxy_from_environment(*http::Url::parse(url), test::environment_of(variables));
    EXPECT_TRUE(proxy);
    return proxy && *proxy ? (*proxy)->host : "";
  };
  EXPECT_EQ(proxy_of("https://h", {}), "");
  EXPECT_EQ(proxy_of("https://h", {{"https_proxy", "a"}, {"HTTPS_PROXY", "b"}}), "a");
  EXPECT_EQ(proxy_of("https://h", {{"HTTPS_PROXY", "b"}}), "b");
  EXPECT_EQ(proxy_of("http://h", {{"https_proxy", "a"}}), "");
  EXPECT_EQ(proxy_of("http://h", {{"http_proxy", "c"}}), "c");
  EXPECT_EQ(proxy_of("http://h", {{"HTTP_PROXY", "d"}}), "");
  EXPECT_EQ(proxy_of("http://h", {{"ALL_PROXY", "e"}}), "e");
  EXPECT_EQ(proxy_of("https://h", {{"https_proxy", "a"}, {"no_proxy", "h"}}), "");
  EXPECT_EQ(proxy_of("https://h", {{"https_proxy", "a"}, {"no_proxy", "other"}, {"NO_PROXY", "h"}}), "a");
  EXPECT_EQ(proxy_of("https://h", {{"https_proxy", "a"}, {"NO_PROXY", "*"}}), "");
}

// Our client through a real proxy to a real server.
class ProxyTest : public HttpServerTest {
 protected:
  static boost::asio::awaitable<Result<http::ClientResponse>> get_hello(http::Client& client) {
    auto answer = co_await client.request(http::Method::kGet, "/hello", {}, {});
    co_return answer;
  }
  // The name is one that only the proxy knows, so that no request can get past it.
  Result<http::ClientResponse> ask(bool tls, const std::string& host = "localhost") {
    boost::asio::io_context context;
    http::ClientOptions options;
    options.trust.authorities = authority_file;
    options.proxy = http::Proxy{.host = "127.0.0.1", .port = proxy.port(), .authorization = authorization};
    const auto url = http::Url::parse(fmt::format("{}://{}:{}", tls ? "https" : "http", host, server_->port()));
    http::Client client(context.get_executor(), *url, options);
    return run(context, get_hello(client));
  }
  void start_tls() {
    authority.write(directory / "ca.pem");
    authority.issue("server", 10, directory / "server.pem", directory / "server.key", "DNS:only.proxy.knows");
    authority_file = directory / "ca.pem";
    auto credentials = http::TlsCredentials::open(directory / "server.pem", directory / "server.key");
    ASSERT_TRUE(credentials) << credentials.error().message;
    http::ServerOptions options;
    options.tls = *credentials;
    start(std::move(options));
  }

  TempDir directory;
  CertificateAuthority authority;
  std::filesystem::path authority_file;
  RelayProxy proxy;
  std::string authorization;
};

TEST_F(ProxyTest, AskedForATunnelToAServerWithTls) {
  start_tls();
  authorization = "Basic dTpw";
  const auto answer = ask(true, "only.proxy.knows");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "hello /hello");
  const auto heads = proxy.heads();
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_THAT(heads[0], AllOf(HasSubstr(fmt::format("CONNECT only.proxy.knows:{} HTTP/1.1\r\n", server_->port())),
                              HasSubstr("Proxy-Authorization: Basic dTpw\r\n")));
}

TEST_F(ProxyTest, TheServersCertificateIsCheckedThroughTheTunnel) {
  start_tls();
  const auto answer = ask(true, "other.name");
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("only.proxy.knows"));
}

TEST_F(ProxyTest, ToldTheWholeUrlOfAServerWithoutTls) {
  start();
  authorization = "Basic dTpw";
  const auto answer = ask(false, "only.proxy.knows");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body, "hello /hello");
  const auto heads = proxy.heads();
  ASSERT_EQ(heads.size(), 1U);
  EXPECT_THAT(heads[0], AllOf(HasSubstr(fmt::format("GET http://only.proxy.knows:{}/hello HTTP/1.1", server_->port())),
                              HasSubstr("Proxy-Authorization: Basic dTpw\r\n")));
}

TEST_F(ProxyTest, SaysWhatTheProxySays) {
  start_tls();
  proxy.answer_with("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  auto answer = ask(true);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(answer.error().message, HasSubstr("wants a user and a password"));
  answer = ask(false);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, HasSubstr("wants a user and a password"));
  proxy.answer_with("HTTP/1.1 403 Not \x01 here\r\n\r\n");
  answer = ask(true);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
  proxy.answer_with("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 5\r\n\r\nwords");
  answer = ask(true);
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("opens no way"), HasSubstr("502 Bad Gateway")));
  proxy.answer_with("HTTP/1.1 200 OK\r\n\r\nand then some");
  answer = ask(true);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
}

TEST_F(ProxyTest, AProxyThatIsAwayIsNamed) {
  start();
  boost::asio::io_context context;
  http::ClientOptions options;
  options.proxy = http::Proxy{.host = "127.0.0.1", .port = 1, .authorization = "Basic SECRET"};
  http::Client client(context.get_executor(), *http::Url::parse("http://server.example"), options);
  const auto answer = run(context, get_hello(client));
  ASSERT_FALSE(answer);
  EXPECT_THAT(answer.error().message, AllOf(HasSubstr("the proxy 127.0.0.1"), Not(HasSubstr("SECRET"))));
}

}  // namespace
}  // namespace mmm::test
