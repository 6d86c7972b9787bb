#include "dashboard/web_routes.h"

#include <gtest/gtest.h>

#include <array>

namespace mmm::dashboard {
namespace {

constexpr std::array<StaticFile, 5> kFiles{{
    {"api-docs.html", "text/html; charset=utf-8", "\"docs\"", "<!doctype html><title>API</title>", {}, {}, false},
    {"assets/app-1234.js", "text/javascript; charset=utf-8", "\"js\"", "identity", "gzipped", "brotli", true},
    {"assets/basemap-12ab/0/0/0.pbf", "application/x-protobuf", "\"tile\"", "tile", {}, {}, true},
    {"favicon.svg", "image/svg+xml", "\"icon\"", "<svg/>", "svg.gz", {}, false},
    {"index.html", "text/html; charset=utf-8", "\"page\"", "<!doctype html>", "page.gz", "page.br", false},
}};

http::Response get(std::string path, std::vector<http::Header> headers = {}) {
  http::Request request;
  request.path = std::move(path);
  request.headers = std::move(headers);
  return static_response(kFiles, request, content_security_policy({}));
}

std::string_view header(const http::Response& response, std::string_view name) {
  for (const auto& header : response.headers) {
    if (header.name == name) {
      return header.value;
    }
  }
  return {};
}

TEST(WebRoutes, SendsTheBestEncodingThatTheClientTakes) {
  const std::array<std::pair<const char*, const char*>, 9> cases{{
      {"gzip, deflate, br", "brotli"},
      {"gzip", "gzipped"},
      {"br;q=0, gzip;q=0.5", "gzipped"},
      {"gzip;q=0, br;q=0", "identity"},
      {"*", "brotli"},
      {"br;q=0, *", "gzipped"},
      {"*, br;q=0", "gzipped"},
      {"deflate", "identity"},
      {"", "identity"},
  }};
  for (const auto& [accept, expected] : cases) {
    const auto response = get("/assets/app-1234.js", {{"accept-encoding", accept}});
    EXPECT_EQ(response.status, 200) << accept;
    EXPECT_EQ(response.static_body, expected) << accept;
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding") << accept;
  }
  EXPECT_EQ(header(get("/assets/app-1234.js", {{"accept-encoding", "br"}}), "Content-Encoding"), "br");
  EXPECT_EQ(header(get("/assets/app-1234.js"), "Content-Encoding"), "");
}

TEST(WebRoutes, LetsHashedFilesBeKeptForEverAndThePageBeAskedForAgain) {
  EXPECT_EQ(header(get("/assets/app-1234.js"), "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(header(get("/"), "ETag"), "\"page\"");
}

TEST(WebRoutes, AnswersNotModifiedToAClientThatHasTheFile) {
  for (const auto* value : {"\"page\"", "W/\"page\"", "\"other\", \"page\"", "*"}) {
    const auto response = get("/", {{"if-none-match", value}});
    EXPECT_EQ(response.status, 304) << value;
    EXPECT_TRUE(response.static_body.empty()) << value;
    EXPECT_EQ(header(response, "ETag"), "\"page\"") << value;
  }
  EXPECT_EQ(get("/", {{"if-none-match", "\"stale\""}}).status, 200);
}

TEST(WebRoutes, ServesThePageForEveryPathOfTheApplication) {
  for (const auto* path : {"/", "/nodes/!a1b2c3d4", "/map", "/agents/hill.example"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.static_body, "<!doctype html>") << path;
  }
}

TEST(WebRoutes, HasThePageOfTheApiBesideTheApi) {
  EXPECT_EQ(get("/api/docs").static_body, "<!doctype html><title>API</title>");
}

TEST(WebRoutes, DoesNotHideWhatIsMissingBehindThePage) {
  for (const auto* path : {"/assets/app-old.js", "/robots.txt", "/api/v1/nothing", "/api", "/../etc/passwd.txt"}) {
    const auto response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(header(response, "Content-Type"), "application/problem+json") << path;
  }
}

TEST(WebRoutes, AnswersNoContentForAMapTileOfOpenSea) {
  EXPECT_EQ(get("/assets/basemap-12ab/0/0/0.pbf").static_body, "tile");
  EXPECT_EQ(get("/assets/basemap-12ab/6/1/1.pbf").status, 204);
}

TEST(WebRoutes, ForbidsScriptsThatAreNotFilesOfThisSite) {
  const auto response = get("/");
  const auto policy = header(response, "Content-Security-Policy");
  EXPECT_NE(policy.find("script-src 'self';"), std::string_view::npos);
  EXPECT_EQ(policy.find("unsafe"), std::string_view::npos);
  EXPECT_EQ(policy.find("blob:"), std::string_view::npos);
  EXPECT_EQ(header(response, "Referrer-Policy"), "no-referrer");
}

TEST(WebRoutes, AllowsOneOtherSiteForTilesOnly) {
  const std::string policy = content_security_policy("https://tiles.example:8443");
  EXPECT_NE(policy.find("img-src 'self' data: https://tiles.example:8443;"), std::string::npos);
  EXPECT_NE(policy.find("connect-src 'self' https://tiles.example:8443;"), std::string::npos);
  EXPECT_NE(policy.find("script-src 'self';"), std::string::npos);
}

TEST(WebRoutes, SaysSoWhenBuiltWithoutPages) {
  http::Request request;
  request.path = "/";
  const auto response = static_response({}, request, {});
  EXPECT_EQ(response.status, 404);
  EXPECT_NE(response.body.find("MMM_BUILD_WEB"), std::string::npos);
}

// The files that this build embeds: each link of the page leads to one of them, and the table is fit for the look-up.
TEST(WebRoutes, EmbedsThePageAndWhatItLoads) {
  const auto files = static_files();
  EXPECT_TRUE(std::ranges::is_sorted(files, {}, &StaticFile::path));
  if (files.empty()) {
    GTEST_SKIP() << "built with MMM_BUILD_WEB=OFF";
  }
  const auto* page = find_static_file(files, "index.html");
  ASSERT_NE(page, nullptr);
  EXPECT_FALSE(page->gzip.empty());
  EXPECT_FALSE(page->brotli.empty());
  std::size_t links = 0;
  for (auto at = page->body.find("\"/assets/"); at != std::string_view::npos;
       at = page->body.find("\"/assets/", at + 1)) {
    const auto path = page->body.substr(at + 2, page->body.find('"', at + 1) - at - 2);
    const auto* file = find_static_file(files, path);
    ASSERT_NE(file, nullptr) << path;
    EXPECT_TRUE(file->immutable) << path;
    EXPECT_FALSE(file->body.empty()) << path;
    ++links;
  }
  EXPECT_GE(links, 2U);
}

}  // namespace
}  // namespace mmm::dashboard
