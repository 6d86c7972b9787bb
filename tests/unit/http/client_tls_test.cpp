#include "core/async/stop_signals.h"
#include "core/base/encoding.h"
#include "core/http/client.h"
#include "core/http/tls_credentials.h"
#include "tests/support/certificates.h"
#include "tests/support/run_coroutine.h"
#include "tests/support/temp_dir.h"
#include "tests/unit/http/server_fixture.h"

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <fstream>

namespace mmm::test {
namespace {

using ::testing::HasSubstr;

// Our client against real TLS servers with every kind of certificate.
class ClientTlsTest : public HttpServerTest {
 protected:
  ClientTlsTest() {
    ignore_sigpipe();
    authority.write(directory / "ca.pem");
    trust.authorities = directory / "ca.pem";
  }

  void start_tls() {
    auto opened = http::TlsCredentials::open(certificate, key);
    ASSERT_TRUE(opened) << opened.error().message;
    credentials = *opened;
    http::ServerOptions options;
    options.tls = credentials;
    start(std::move(options));
  }
  void start_tls(const std::string& hosts, int days = 10) {
    authority.issue("server", days, certificate, key, hosts);
    start_tls();
  }
  // What OpenSSL has for the server's side.
  [[nodiscard]] SSL_CTX* native() const { return credentials->pair()->context->native_handle(); }
  void demand_client_certificates() {
    const auto path = (directory / "ca.pem").string();
    ASSERT_EQ(SSL_CTX_load_verify_locations(native(), path.c_str(), nullptr), 1);
    SSL_CTX_set_verify(native(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }

  static boost::asio::awaitable<Result<http::ClientResponse>> get_hello(http::Client& client) {
    auto answer = co_await client.request(http::Method::kGet, "/hello", {}, {});
    co_return answer;
  }
  Result<http::ClientResponse> ask(const std::string& host = "localhost") {
    boost::asio::io_context context;
    http::ClientOptions options;
    options.trust = trust;
    const auto url = http::Url::parse(fmt::format("https://{}:{}", host, server_->port()));
    EXPECT_TRUE(url);
    http::Client client(context.get_executor(), *url, options);
    return run(context, get_hello(client));
  }
  void expect_taken(const std::string& host = "localhost") {
    const auto answer = ask(host);
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
  }
  // Nothing is asked of a server that is not believed.
  std::string refusal(const std::string& host = "localhost") {
    const auto answer = ask(host);
    EXPECT_FALSE(answer);
    if (answer) return "";
    EXPECT_EQ(answer.error().kind, ErrorKind::kUnavailable);
    return answer.error().message;
  }
  // The pin of the server, as the refusal of another one shows it.
  std::string shown_pin() {
    trust.pins = {std::string(32, 'x')};
    const std::string words = refusal();
    const auto begin = words.find("sha256//");
    EXPECT_NE(begin, std::string::npos) << words;
    return begin == std::string::npos ? "" : words.substr(begin, 52);
  }

  TempDir directory;
  CertificateAuthority authority;
  std::filesystem::path certificate = directory / "server.pem";
  std::filesystem::path key = directory / "server.key";
  std::shared_ptr<http::TlsCredentials> credentials;
  http::TlsTrust trust;
};

TEST_F(ClientTlsTest, BelievesACertificateOfItsOwnAuthorityForTheHost) {
  start_tls("DNS:localhost,IP:127.0.0.1");
  expect_taken();
  expect_taken("127.0.0.1");
}

TEST_F(ClientTlsTest, NamesTheAuthorityThatItDoesNotKnow) {
  start_tls("DNS:localhost");
  const CertificateAuthority other;
  other.write(directory / "ca.pem");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("not trusted"), HasSubstr("unknown here"), HasSubstr("test authority")));
  trust.authorities.clear();
  EXPECT_THAT(refusal(), HasSubstr("unknown here"));
}

TEST_F(ClientTlsTest, SaysForWhomACertificateOfAnotherHostIs) {
  start_tls("DNS:mesh.example.org,IP:192.0.2.7");
  EXPECT_THAT(refusal(), AllOf(HasSubstr("localhost"), HasSubstr("mesh.example.org, 192.0.2.7")));
  EXPECT_THAT(refusal("127.0.0.1"), HasSubstr("mesh.example.org, 192.0.2.7"));
}

TEST_F(ClientTlsTest, SaysWhenACertificateExpired) {
  start_tls("DNS:localhost", -3);
  EXPECT_THAT(refusal(), HasSubstr("expired at 20"));
}

TEST_F(ClientTlsTest, AnUntrustedServerSeesNoRequest) {
  start_tls("DNS:other");
  refusal();
  trust.verify = false;
  expect_taken();
  EXPECT_EQ(observed(1).size(), 1U);
}

TEST_F(ClientTlsTest, APinIsAskedBesideTheCertificate) {
  start_tls("DNS:localhost");
  const auto pin = http::parse_pin(shown_pin());
  ASSERT_TRUE(pin) << pin.error().message;
  trust.pins = {std::string(32, 'x'), *pin};
  expect_taken();
  // The right key does not make up for the wrong name.
  EXPECT_THAT(refusal("127.0.0.1"), HasSubstr("not trusted"));
  // The right name and authority do not make up for another key.
  trust.pins.pop_back();
  EXPECT_THAT(refusal(), HasSubstr(http::pin_text(*pin)));
  EXPECT_EQ(observed(1).size(), 1U);
}

TEST_F(ClientTlsTest, APinAloneKnowsASelfSignedServer) {
  start_tls("DNS:other", -1);
  trust.verify = false;
  const auto pin = http::parse_pin(shown_pin());
  ASSERT_TRUE(pin);
  trust.pins = {*pin};
  expect_taken();
}

TEST_F(ClientTlsTest, ThePinIsTheOneThatOpensslComputes) {
  start_tls("DNS:localhost");
  const auto command =
      fmt::format("openssl x509 -in {} -pubkey -noout | openssl pkey -pubin -outform der | openssl dgst -sha256 -hex",
                  certificate.string());
  FILE* const program = ::popen(command.c_str(), "r");
  ASSERT_NE(program, nullptr);
  char line[200] = {};
  ASSERT_NE(std::fgets(line, sizeof(line), program), nullptr);
  ASSERT_EQ(::pclose(program), 0);
  const std::string text(line);
  const auto pin = http::parse_pin(text.substr(text.find("= ") + 2, 64));
  ASSERT_TRUE(pin) << text;
  EXPECT_EQ(http::pin_text(*pin), shown_pin());
}

TEST_F(ClientTlsTest, ShowsItsOwnCertificateToAServerThatAsksForOne) {
  start_tls("DNS:localhost");
  demand_client_certificates();
  EXPECT_THAT(refusal(), HasSubstr("no client without a certificate"));
  trust.certificate = directory / "client.pem";
  trust.key = directory / "client.key";
  authority.issue("agent", 10, trust.certificate, trust.key);
  expect_taken();
  const CertificateAuthority other;
  other.issue("agent", 10, trust.certificate, trust.key);
  EXPECT_THAT(refusal(), HasSubstr("no client without a certificate"));
}

TEST_F(ClientTlsTest, FilesThatAreRenewedAreReadAfterAFailure) {
  start_tls("DNS:localhost");
  const CertificateAuthority other;
  other.write(directory / "ca.pem");
  boost::asio::io_context context;
  http::ClientOptions options;
  options.trust = trust;
  const auto url = http::Url::parse(fmt::format("https://localhost:{}", server_->port()));
  http::Client client(context.get_executor(), *url, options);
  EXPECT_FALSE(run(context, get_hello(client)));
  std::ofstream(directory / "ca.pem") << "half a";
  const auto unreadable = run(context, get_hello(client));
  ASSERT_FALSE(unreadable);
  EXPECT_THAT(unreadable.error().message, HasSubstr("ca.pem"));
  authority.write(directory / "ca.pem");
  EXPECT_TRUE(run(context, get_hello(client)));
}

TEST_F(ClientTlsTest, SpeaksNoTlsBefore12) {
  start_tls("DNS:localhost");
  SSL_CTX_set_security_level(native(), 0);
  SSL_CTX_set_min_proto_version(native(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(native(), TLS1_1_VERSION);
  EXPECT_THAT(refusal(), HasSubstr("no TLS with localhost"));
  SSL_CTX_set_max_proto_version(native(), TLS1_2_VERSION);
  expect_taken();
}

TEST(Pin, IsReadAsBase64AndAsHex) {
  const std::string bytes = "0123456789abcdef0123456789ABCDEF";
  for (const auto& text : {to_base64(bytes), to_hex(bytes), "sha256//" + to_base64(bytes),
                           std::string("30:31:32:33:34:35:36:37:38:39:61:62:63:64:65:66:30:31:32:33:34:35:36:37:38:39:"
                                       "41:42:43:44:45:46")}) {
    const auto pin = http::parse_pin(text);
    ASSERT_TRUE(pin) << text;
    EXPECT_EQ(*pin, bytes);
  }
  for (const auto* text : {"", "sha256//", "abcd", "sha1//MTIzNDU2Nzg5MDEyMzQ1Njc4OTA="}) {
    EXPECT_FALSE(http::parse_pin(text)) << text;
  }
}

TEST(ClientContext, NamesTheFileThatIsWrong) {
  const TempDir directory;
  http::TlsTrust trust;
  trust.authorities = directory / "missing.pem";
  auto context = http::make_client_context(trust);
  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().message, AllOf(HasSubstr("missing.pem"), HasSubstr("No such file")));
  trust.authorities.clear();
  const CertificateAuthority authority;
  trust.certificate = directory / "client.pem";
  trust.key = directory / "client.key";
  authority.issue("agent", 10, trust.certificate, trust.key);
  EXPECT_TRUE(http::make_client_context(trust));
  authority.issue("other", 10, directory / "other.pem", trust.key);
  context = http::make_client_context(trust);
  ASSERT_FALSE(context);
  EXPECT_THAT(context.error().message, HasSubstr("does not belong"));
}

}  // namespace
}  // namespace mmm::test
