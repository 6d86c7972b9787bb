#include "ingest/http_probe.h"

#include "metrics/catalog_server.h"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

namespace mmm::ingest {
namespace {

const char* name_of(http::Method method) {
  switch (method) {
    case http::Method::kGet:
      return "GET";
    case http::Method::kHead:
      return "HEAD";
    case http::Method::kPost:
      return "POST";
    case http::Method::kPut:
      return "PUT";
    case http::Method::kDelete:
      return "DELETE";
    case http::Method::kOptions:
      return "OPTIONS";
    case http::Method::kOther:
      break;
  }
  return "other";
}

// Finding a metric in the registry takes its lock and builds label maps; what was found once is kept here.
class HttpProbe {
 public:
  explicit HttpProbe(metrics::Registry& registry) : registry_(registry) {}

  void observe(std::string_view route, http::Method method, int status, double seconds) {
    const std::lock_guard lock(mutex_);
    auto found = known_.find(std::tuple(route, method, status));
    if (found == known_.end()) {
      const std::string pattern(route);
      const Metrics metrics{
          &registry_.counter(metrics::server::kHttpRequests,
                             {{"route", pattern}, {"method", name_of(method)}, {"code", std::to_string(status)}}),
          &registry_.histogram(metrics::server::kHttpSeconds, {{"route", pattern}})};
      found = known_.emplace(Key(pattern, method, status), metrics).first;
    }
    found->second.requests->Increment();
    found->second.seconds->Observe(seconds);
  }

 private:
  using Key = std::tuple<std::string, http::Method, int>;
  struct Metrics {
    prometheus::Counter* requests;
    prometheus::Histogram* seconds;
  };

  metrics::Registry& registry_;
  std::mutex mutex_;
  std::map<Key, Metrics, std::less<>> known_;
};

}  // namespace

http::RequestObserver make_http_observer(metrics::Registry& registry) {
  auto probe = std::make_shared<HttpProbe>(registry);
  return [probe](std::string_view route, http::Method method, int status, double seconds) {
    probe->observe(route, method, status, seconds);
  };
}

}  // namespace mmm::ingest
