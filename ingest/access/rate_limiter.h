#pragma once

#include "core/async/time_source.h"
#include "core/base/lru_map.h"
#include "core/http/message.h"
#include "core/log/throttle.h"
#include "ingest/access/access_config.h"
#include "ingest/access/token_buckets.h"
#include "metrics/registry.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string_view>

namespace mmm::ingest {

// The limits of [limits]: what is over one is answered 429 with Retry-After, before a body is read.
//
// Thread-safe: called on every I/O thread. Bounds: limits::kRateBucketsMax for each limit, limits::kKnownCallersMax.
class RateLimiter {
 public:
  RateLimiter(const LimitsConfig& config, const TimeSource& time, metrics::Registry& registry);
  ~RateLimiter();
  RateLimiter(const RateLimiter&) = delete;
  RateLimiter& operator=(const RateLimiter&) = delete;

  // Takes other limits from now on.
  void configure(const LimitsConfig& config);

  // Each returns the answer to a request that is over a limit; empty: it may go on, and is counted.
  std::optional<http::Response> admit_request(std::string_view address);
  std::optional<http::Response> admit_upload(const http::Identity& key);
  // What an upload that was let in has brought.
  void count_records(const http::Identity& key, std::size_t records);

  // What a key or token was good for.
  enum class Attempt : std::uint8_t { kUpload, kRead };
  // Judges an attempt with a key that is known. An address that has failed too often is refused with a good key too,
  // when that could have been guessed, or it could go on guessing. Not with one that has been good from there before:
  // one guesser behind a router or a proxy would shut out everybody else there.
  std::optional<http::Response> admit_known(Attempt attempt, std::string_view address, const http::Identity& key);
  // Counts an attempt with an unknown key; a line about it goes into the log once a minute at most.
  std::optional<http::Response> admit_failure(Attempt attempt, std::string_view address);

 private:
  struct Probe;
  http::Response refuse(prometheus::Counter& counter, TokenBuckets::Duration wait, std::string_view what);

  const TimeSource& time_;
  TokenBuckets requests_;  // by address block
  TokenBuckets uploads_;   // by key
  TokenBuckets records_;   // by key
  TokenBuckets failures_;  // by address block

  std::mutex mutex_;  // of what follows
  LruMap<bool> known_;
  log::Throttle failure_log_;

  std::unique_ptr<Probe> probe_;
};

}  // namespace mmm::ingest
