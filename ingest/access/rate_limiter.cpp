#include "ingest/access/rate_limiter.h"

#include "core/http/address_set.h"
#include "core/log/log.h"
#include "metrics/catalog_server.h"

#include <string>

namespace mmm::ingest {
namespace {

constexpr const char* kComponent = "ingest/access";
constexpr std::chrono::minutes kLogEvery{1};
// An address may fail so many minutes' worth at once: a fleet that was given a wrong key does.
constexpr double kFailureBurstMinutes = 2;

Rate rate_of(double per_second, std::chrono::milliseconds burst) {
  return {.per_second = per_second, .burst = per_second * std::chrono::duration<double>(burst).count()};
}

Rate failure_rate(const LimitsConfig& config) {
  return {.per_second = config.failed_attempts_per_minute / 60,
          .burst = config.failed_attempts_per_minute * kFailureBurstMinutes};
}

const std::string& name_of(const http::Identity& key) {
  return key.names.front();
}

}  // namespace

struct RateLimiter::Probe {
  prometheus::Counter& requests;
  prometheus::Counter& uploads;
  prometheus::Counter& records;
  prometheus::Counter& failed_attempts;
  prometheus::Counter& failed_uploads;
  prometheus::Counter& failed_reads;
  prometheus::Counter& evicted;

  explicit Probe(metrics::Registry& registry)
      : requests(registry.counter(metrics::server::kRateLimited, {{"limit", "requests"}})),
        uploads(registry.counter(metrics::server::kRateLimited, {{"limit", "uploads"}})),
        records(registry.counter(metrics::server::kRateLimited, {{"limit", "records"}})),
        failed_attempts(registry.counter(metrics::server::kRateLimited, {{"limit", "failed_attempts"}})),
        failed_uploads(registry.counter(metrics::server::kAuthenticationFailures, {{"for", "upload"}})),
        failed_reads(registry.counter(metrics::server::kAuthenticationFailures, {{"for", "read"}})),
        evicted(registry.counter(metrics::server::kRateBucketsEvicted)) {}
};

RateLimiter::RateLimiter(const LimitsConfig& config, const TimeSource& time, metrics::Registry& registry)
    : time_(time),
      requests_({}),
      uploads_({}),
      records_({}),
      failures_({}),
      known_(limits::kKnownCallersMax),
      failure_log_(kLogEvery),
      probe_(std::make_unique<Probe>(registry)) {
  configure(config);
}

RateLimiter::~RateLimiter() = default;

void RateLimiter::configure(const LimitsConfig& config) {
  requests_.set_rate(rate_of(config.requests_per_second, config.burst));
  uploads_.set_rate(rate_of(config.uploads_per_second, config.burst));
  records_.set_rate(rate_of(config.records_per_second, config.burst));
  failures_.set_rate(failure_rate(config));
}

http::Response RateLimiter::refuse(prometheus::Counter& counter, TokenBuckets::Duration wait, std::string_view what) {
  counter.Increment();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  return http::problem_retry_after(429, "Too many requests", what, static_cast<int>(seconds));
}

std::optional<http::Response> RateLimiter::admit_request(std::string_view address) {
  if (!requests_.limits()) return std::nullopt;
  const auto wait = requests_.take(http::address_block(address), time_.steady());
  probe_->evicted.Increment(static_cast<double>(requests_.take_evicted()));
  if (!wait) return std::nullopt;
  return refuse(probe_->requests, *wait,
                "This address asks more often than [limits] requests_per_second of the server allows. Wait as long as "
                "Retry-After says.");
}

std::optional<http::Response> RateLimiter::admit_upload(const http::Identity& key) {
  if (const auto wait = records_.wait_of(name_of(key), time_.steady())) {
    return refuse(probe_->records, *wait,
                  "This key has uploaded more records than [limits] records_per_second of the server allows. Wait as "
                  "long as Retry-After says.");
  }
  const auto wait = uploads_.take(name_of(key), time_.steady());
  probe_->evicted.Increment(static_cast<double>(uploads_.take_evicted() + records_.take_evicted()));
  if (!wait) return std::nullopt;
  return refuse(probe_->uploads, *wait,
                "This key uploads more often than [limits] uploads_per_second of the server allows. Wait as long as "
                "Retry-After says.");
}

void RateLimiter::count_records(const http::Identity& key, std::size_t records) {
  records_.charge(name_of(key), time_.steady(), static_cast<double>(records));
}

std::optional<http::Response> RateLimiter::admit_known(Attempt attempt, std::string_view address,
                                                       const http::Identity& key) {
  if (!key.guessable || !failures_.limits()) return std::nullopt;
  const std::string block = http::address_block(address);
  const std::string caller = block + (attempt == Attempt::kUpload ? " upload " : " read ") + name_of(key);
  const auto wait = failures_.wait_of(block, time_.steady());
  const std::lock_guard lock(mutex_);
  if (known_.find(caller) != nullptr) return std::nullopt;
  if (!wait) {
    known_.insert(caller, true);
    return std::nullopt;
  }
  return refuse(probe_->failed_attempts, *wait,
                "This address has tried too many wrong keys. Wait as long as Retry-After says.");
}

std::optional<http::Response> RateLimiter::admit_failure(Attempt attempt, std::string_view address) {
  const bool upload = attempt == Attempt::kUpload;
  (upload ? probe_->failed_uploads : probe_->failed_reads).Increment();
  const SteadyTime now = time_.steady();
  {
    const std::lock_guard lock(mutex_);
    log::warning(failure_log_, now, kComponent, "an unknown {} from {}", upload ? "key" : "token", address);
  }
  if (!failures_.limits()) return std::nullopt;
  const auto wait = failures_.take(http::address_block(address), now);
  probe_->evicted.Increment(static_cast<double>(failures_.take_evicted()));
  if (!wait) return std::nullopt;
  return refuse(probe_->failed_attempts, *wait,
                "This address has tried too many wrong keys. Wait as long as Retry-After says.");
}

}  // namespace mmm::ingest
