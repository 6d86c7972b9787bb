#include "dashboard/api/cross_origin.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace mmm::dashboard {
namespace {

http::Request request_from(std::string_view origin) {
  http::Request request;
  if (!origin.empty()) request.headers.push_back({"origin", std::string(origin)});
  return request;
}

std::string header(const http::Response& response, std::string_view name) {
  const auto found = std::ranges::find(response.headers, name, &http::Header::name);
  return found == response.headers.end() ? "none" : found->value;
}

http::Response answered(const std::vector<std::string>& allowed, std::string_view origin) {
  http::Response response;
  allow_origin(allowed, request_from(origin), response);
  return response;
}

TEST(CrossOrigin, NamesTheOriginThatIsAllowedAndNoOther) {
  const std::vector<std::string> allowed{"https://a.example", "https://b.example"};
  EXPECT_EQ(header(answered(allowed, "https://b.example"), "Access-Control-Allow-Origin"), "https://b.example");
  EXPECT_EQ(header(answered(allowed, "https://c.example"), "Access-Control-Allow-Origin"), "none");
  EXPECT_EQ(header(answered(allowed, "https://a.example.evil"), "Access-Control-Allow-Origin"), "none");
  EXPECT_EQ(header(answered(allowed, ""), "Vary"), "Origin") << "what a cache keeps is not for every site";
}

TEST(CrossOrigin, IsOffWithoutConfigurationAndOpenWithAStar) {
  EXPECT_TRUE(answered({}, "https://a.example").headers.empty());
  EXPECT_EQ(header(answered({"*"}, "https://a.example"), "Access-Control-Allow-Origin"), "*");
}

TEST(CrossOrigin, AnswersAPreflight) {
  const auto granted = preflight({"*"}, request_from("https://a.example"));
  EXPECT_EQ(granted.status, 204);
  EXPECT_EQ(header(granted, "Access-Control-Allow-Methods"), "GET, HEAD");
  EXPECT_NE(header(granted, "Access-Control-Allow-Headers").find("Last-Event-ID"), std::string::npos);
  const auto refused = preflight({"https://b.example"}, request_from("https://a.example"));
  EXPECT_EQ(header(refused, "Access-Control-Allow-Methods"), "none");
}

}  // namespace
}  // namespace mmm::dashboard
