#include "ingest/access/read_access.h"

#include "ingest/access/sign_in_cookie.h"
#include "ingest/access/sign_in_page.h"
#include "tests/support/virtual_time.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace mmm::ingest {
namespace {

using namespace std::chrono_literals;

constexpr const char* kToken = "0123456789abcdef";

http::Request request_of(http::Method method, const std::string& path, std::vector<http::Header> headers = {}) {
  http::Request request;
  request.method = method;
  request.path = path;
  request.headers = std::move(headers);
  request.remote_address = "203.0.113.9";
  return request;
}

std::string header_of(const http::Response& response, std::string_view name) {
  for (const auto& header : response.headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

class ReadAccessTest : public ::testing::Test {
 protected:
  ReadAccess& start(AccessConfig config, bool tls = false) {
    access = std::make_unique<ReadAccess>(config, "Hill & Valley", tls, limiter, time);
    return *access;
  }
  ReadAccess& start_with_token() {
    return start({.read = ReadMode::kToken, .read_tokens = {{"Alice", kToken}, {"bob", "bob-bob-bob-bob-bob"}}});
  }
  int status(http::Request request) {
    const auto answer = access->check(request);
    return answer ? answer->status : 0;
  }
  // The cookie of a browser that signs in with the token.
  std::string sign_in(const std::string& token) {
    http::Request request = request_of(http::Method::kPost, "/login");
    request.body = "token=" + token + "&next=%2Fnodes";
    const auto response = access->sign_in(request);
    EXPECT_EQ(response.status, 303);
    EXPECT_EQ(header_of(response, "Location"), "/nodes");
    const std::string cookie = header_of(response, "Set-Cookie");
    return cookie.substr(0, cookie.find(';'));
  }

  boost::asio::io_context context;
  test::VirtualTime time;
  metrics::Registry registry;
  RateLimiter limiter{{}, time, registry};
  std::unique_ptr<ReadAccess> access;
};

TEST_F(ReadAccessTest, OpenMeansEverybody) {
  start({});
  EXPECT_EQ(status(request_of(http::Method::kGet, "/api/v1/nodes")), 0);
  EXPECT_EQ(status(request_of(http::Method::kGet, "/")), 0);
}

TEST_F(ReadAccessTest, ATokenGuardsAllButHealthSignInAndUploads) {
  start_with_token();
  for (const char* path : {"/", "/nodes", "/assets/index.js", "/api/v1/nodes", "/api/v1/live", "/api/v1/openapi.json",
                           "/nothing", "/api/v1/ingest", "/api/agent/status"}) {
    EXPECT_EQ(status(request_of(http::Method::kGet, path)), 401) << path;
  }
  EXPECT_EQ(status(request_of(http::Method::kPost, "/api/v1/query")), 401);
  for (const char* path : {"/healthz", "/readyz"}) EXPECT_EQ(status(request_of(http::Method::kGet, path)), 0) << path;
  for (const char* path : {"/api/v1/ingest", "/api/agent/data", "/login"}) {
    EXPECT_EQ(status(request_of(http::Method::kPost, path)), 0) << path;
  }
}

TEST_F(ReadAccessTest, ATokenIsTakenFromTheHeader) {
  start_with_token();
  const auto with = [](const std::string& value) {
    return request_of(http::Method::kGet, "/api/v1/nodes", {{"authorization", value}});
  };
  EXPECT_EQ(status(with(std::string("Bearer ") + kToken)), 0);
  EXPECT_EQ(status(with("Bearer bob-bob-bob-bob-bob")), 0);
  EXPECT_EQ(status(with("Bearer 0123456789abcdeX")), 401);
  EXPECT_EQ(status(with(std::string("Basic ") + kToken)), 401);
}

TEST_F(ReadAccessTest, ABrowserIsShownAFormAndAProgramAProblem) {
  start_with_token();
  auto page = request_of(http::Method::kGet, "/nodes/\"><script>", {{"accept", "text/html,*/*"}});
  const auto form = access->check(page);
  ASSERT_TRUE(form);
  EXPECT_EQ(form->status, 401);
  EXPECT_TRUE(header_of(*form, "Content-Type").starts_with("text/html"));
  EXPECT_NE(header_of(*form, "Content-Security-Policy").find("default-src 'none'"), std::string::npos);
  EXPECT_EQ(form->body.find("<script"), std::string::npos);
  EXPECT_NE(form->body.find("Hill &amp; Valley"), std::string::npos);

  auto api = request_of(http::Method::kGet, "/api/v1/nodes", {{"accept", "text/html"}});
  const auto problem = access->check(api);
  ASSERT_TRUE(problem);
  EXPECT_EQ(header_of(*problem, "Content-Type"), "application/problem+json");
  EXPECT_EQ(header_of(*problem, "WWW-Authenticate"), "Bearer");
}

TEST_F(ReadAccessTest, ASignedInBrowserReadsUntilItsCookieEnds) {
  start_with_token();
  const std::string cookie = sign_in(kToken);
  const auto with = [](const std::string& value) {
    return request_of(http::Method::kGet, "/api/v1/live", {{"cookie", "theme=dark; " + value + "; x=y"}});
  };
  EXPECT_EQ(status(with(cookie)), 0);
  EXPECT_EQ(status(with(cookie.substr(0, cookie.size() - 1) + "g")), 401);
  EXPECT_EQ(status(with("not_" + cookie)), 401);
  time.step_wall(std::chrono::hours{24 * 30} - 1s);
  EXPECT_EQ(status(with(cookie)), 0);
  time.step_wall(1s);
  EXPECT_EQ(status(with(cookie)), 401);
}

TEST_F(ReadAccessTest, ATakenAwayTokenEndsItsCookiesAndNoOthers) {
  start_with_token();
  const std::string alice = sign_in(kToken);
  const std::string bob = sign_in("bob-bob-bob-bob-bob");
  access->configure({.read = ReadMode::kToken, .read_tokens = {{"bob", "bob-bob-bob-bob-bob"}}});
  EXPECT_EQ(status(request_of(http::Method::kGet, "/", {{"cookie", alice}})), 401);
  EXPECT_EQ(status(request_of(http::Method::kGet, "/", {{"cookie", bob}})), 0);
  access->configure({.read = ReadMode::kToken, .read_tokens = {{"bob", "another-token-of-bob"}}});
  EXPECT_EQ(status(request_of(http::Method::kGet, "/", {{"cookie", bob}})), 401);
}

TEST_F(ReadAccessTest, TheCookieIsForThisSiteAndNotForScripts) {
  for (const bool tls : {false, true}) {
    start({.read = ReadMode::kToken, .read_tokens = {{"Alice", kToken}}}, tls);
    http::Request request = request_of(http::Method::kPost, "/login");
    request.body = std::string("token=+") + kToken + "+";
    const auto response = access->sign_in(request);
    const std::string cookie = header_of(response, "Set-Cookie");
    EXPECT_NE(cookie.find("; HttpOnly; SameSite=Strict"), std::string::npos) << cookie;
    EXPECT_EQ(cookie.ends_with("; Secure"), tls) << cookie;
    EXPECT_EQ(cookie.find(kToken), std::string::npos);
    EXPECT_EQ(header_of(response, "Location"), "/");
  }
  EXPECT_NE(header_of(access->sign_out(), "Set-Cookie").find("Max-Age=0"), std::string::npos);
}

TEST_F(ReadAccessTest, AWrongTokenIsShownTheFormAgainAndCounted) {
  start_with_token();
  http::Request request = request_of(http::Method::kPost, "/login");
  request.body = "token=wrong&next=/nodes";
  EXPECT_EQ(access->sign_in(request).status, 401);
  EXPECT_NE(registry.text().find("mmm_server_authentication_failures_total{for=\"read\"} 1"), std::string::npos);
  for (int i = 0; i < 59; ++i) EXPECT_EQ(access->sign_in(request).status, 401) << i;
  EXPECT_EQ(access->sign_in(request).status, 429);
  request.body = std::string("token=") + kToken;
  EXPECT_EQ(access->sign_in(request).status, 429) << "a right guess must not show";
  for (const char* body : {"", "token", "%", "next=/nodes"}) {
    request.body = body;
    EXPECT_EQ(access->sign_in(request).status, 429) << body;
  }
}

TEST_F(ReadAccessTest, AProxyIsBelievedOnlyWhenItIsTrusted) {
  AccessConfig config{.read = ReadMode::kProxy, .proxy_header = "x-forwarded-user"};
  ASSERT_TRUE(config.trusted_proxies.add("10.0.0.0/8"));
  start(config);
  const std::vector<http::Header> user{{"x-forwarded-user", "alice"}, {"x-forwarded-for", "198.51.100.7"}};
  auto direct = request_of(http::Method::kGet, "/api/v1/nodes", user);
  EXPECT_EQ(access->check(direct)->status, 403);
  EXPECT_EQ(direct.remote_address, "203.0.113.9");
  auto through = direct;
  through.remote_address = "10.0.0.1";
  EXPECT_FALSE(access->check(through));
  EXPECT_EQ(through.remote_address, "198.51.100.7");
  // A line that the client has sent itself stands before the proxy's.
  auto forged =
      request_of(http::Method::kGet, "/", {{"x-forwarded-for", "192.0.2.1"}, {"x-forwarded-for", "198.51.100.7"}});
  forged.remote_address = "10.0.0.1";
  static_cast<void>(access->check(forged));
  EXPECT_EQ(forged.remote_address, "198.51.100.7");
  auto nobody = request_of(http::Method::kGet, "/api/v1/nodes");
  nobody.remote_address = "10.0.0.1";
  EXPECT_EQ(access->check(nobody)->status, 403);
}

TEST(LocationOf, NeverLeadsToAnotherSite) {
  EXPECT_EQ(location_of("/nodes/!a1b2"), "/nodes/!a1b2");
  EXPECT_EQ(location_of("/a b\r\nX: y"), "/a%20b%0D%0AX:%20y");
  for (const char* path : {"", "nodes", "//evil.example", "/\\evil.example", "https://evil.example"}) {
    EXPECT_EQ(location_of(path), "/") << path;
  }
}

TEST(SignIn, IsBoundToNameTimeAndToken) {
  const WallTime now = from_micros(1'767'225'600'000'000);
  const std::string value = make_sign_in("alice", kToken, now + 1h);
  EXPECT_EQ(sign_in_name(value), "alice");
  EXPECT_TRUE(is_sign_in(value, kToken, now));
  EXPECT_FALSE(is_sign_in(value, kToken, now + 1h));
  EXPECT_FALSE(is_sign_in(value, "another-token-of-16", now));
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string changed = value;
    changed[i] = changed[i] == '1' ? '2' : '1';
    EXPECT_FALSE(is_sign_in(changed, kToken, now)) << changed;
    EXPECT_FALSE(is_sign_in(value.substr(0, i), kToken, now)) << i;
  }
}

}  // namespace
}  // namespace mmm::ingest
