#include "ingest/health.h"

#include <utility>

namespace mmm::ingest {
namespace {

boost::asio::awaitable<http::Response> answer(const std::function<std::string()>& check) {
  const std::string reason = check();
  http::Response response;
  response.status = reason.empty() ? 200 : 503;
  response.headers.push_back({"Content-Type", "text/plain; charset=utf-8"});
  response.headers.push_back({"Cache-Control", "no-store"});
  response.body = (reason.empty() ? "ok" : reason) + "\n";
  co_return response;
}

}  // namespace

void add_health_routes(http::Router& router, HealthChecks checks) {
  router.add(http::Method::kGet, "/healthz",
             [check = std::move(checks.alive)](http::Request&) { return answer(check); });
  router.add(http::Method::kGet, "/readyz",
             [check = std::move(checks.ready)](http::Request&) { return answer(check); });
}

}  // namespace mmm::ingest
