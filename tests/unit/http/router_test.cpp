#include "core/http/router.h"

#include <gtest/gtest.h>

namespace mmm::http {
namespace {

boost::asio::awaitable<Response> unused(Request&) {
  co_return Response{};
}

Router make_router() {
  Router router;
  router.add(Method::kGet, "/{path...}", unused);
  router.add(Method::kGet, "/", unused);
  router.add(Method::kGet, "/nodes/{id}", unused);
  router.add(Method::kGet, "/nodes/all", unused);
  router.add(Method::kGet, "/nodes", unused);
  router.add(Method::kPost, "/nodes", unused, 10);
  router.add(Method::kGet, "/nodes/{id}/links/{other}", unused);
  return router;
}

TEST(Router, PrefersTheMoreLiteralPattern) {
  const Router router = make_router();
  const auto pattern = [&router](std::string_view path) { return router.match(Method::kGet, path).route->pattern; };
  EXPECT_EQ(pattern("/"), "/");
  EXPECT_EQ(pattern("/nodes"), "/nodes");
  EXPECT_EQ(pattern("/nodes/all"), "/nodes/all");
  EXPECT_EQ(pattern("/nodes/!12"), "/nodes/{id}");
  EXPECT_EQ(pattern("/nodes/"), "/{path...}");
  EXPECT_EQ(pattern("/nodes/1/links"), "/{path...}");
  EXPECT_EQ(pattern("/other"), "/{path...}");
}

TEST(Router, GivesTheParameters) {
  const Router router = make_router();
  const auto two = router.match(Method::kGet, "/nodes/a/links/b");
  const std::vector<std::pair<std::string, std::string>> expected{{"id", "a"}, {"other", "b"}};
  EXPECT_EQ(two.params, expected);
  const auto rest = router.match(Method::kGet, "/a/b/c");
  ASSERT_EQ(rest.params.size(), 1U);
  EXPECT_EQ(rest.params.front().second, "a/b/c");
}

TEST(Router, SaysWhichMethodsAPathHas) {
  const Router router = make_router();
  EXPECT_EQ(router.match(Method::kPut, "/nodes").allow, "GET, HEAD, POST");
  EXPECT_EQ(router.match(Method::kPost, "/nodes/all").allow, "GET, HEAD");
  EXPECT_EQ(router.match(Method::kHead, "/nodes").route->method, Method::kGet);
  EXPECT_EQ(router.match(Method::kPost, "/nodes").route->body_limit, 10U);
  EXPECT_EQ(router.match(Method::kPost, "/nodes").allow, "");
  EXPECT_EQ(router.match(Method::kOptions, "*").route, nullptr);
}

TEST(Message, ProblemsShowForeignTextSafely) {
  const Response response = problem(404, "Not found", "no \"node\"\n\xff");
  EXPECT_EQ(response.body, R"({"type":"about:blank","title":"Not found","status":404,"detail":"no \"node\"\n)"
                           "\xEF\xBF\xBD\"}");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(problem_retry_after(503, "Busy", "later", 7).headers.back().value, "7");
}

}  // namespace
}  // namespace mmm::http
