#include "core/http/message.h"

#include "core/base/encoding.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace mmm::http {

namespace {

// A JSON string with its quotes, from bytes that may come from outside.
std::string json_text(std::string_view bytes) {
  return boost::json::serialize(boost::json::value(sanitize_utf8(bytes)));
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const Header& header : headers) {
    if (header.name == name) return header.value;
  }
  return {};
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string_view Request::param(std::string_view name) const {
  for (const auto& [key, value] : params) {
    if (key == name) return value;
  }
  return {};
}

Response json_response(std::string body, int status) {
  Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/json"});
  response.body = std::move(body);
  return response;
}

Response problem(int status, std::string_view title, std::string_view detail) {
  Response response;
  response.status = status;
  response.headers.push_back({"Content-Type", "application/problem+json"});
  response.body = fmt::format(R"({{"type":"about:blank","title":{},"status":{},"detail":{}}})", json_text(title),
                              status, json_text(detail));
  return response;
}

Response problem_retry_after(int status, std::string_view title, std::string_view detail, int retry_after_seconds) {
  Response response = problem(status, title, detail);
  response.headers.push_back({"Retry-After", fmt::to_string(retry_after_seconds)});
  return response;
}

}  // namespace mmm::http
