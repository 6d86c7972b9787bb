#pragma once

#include "core/http/message.h"
#include "ingest/access/rate_limiter.h"
#include "ingest/api_keys.h"

#include <optional>
#include <string_view>

namespace mmm::ingest {

// What every upload passes: its key, and the limits of the key and of the address. Thread-safe.
class UploadGate {
 public:
  // Both must outlive the gate.
  UploadGate(const ApiKeys& keys, RateLimiter& limiter) : keys_(keys), limiter_(limiter) {}

  // The check of an upload's route, so that strangers cannot take the memory for bodies away from agents: notes in the
  // request whose key it has, or returns the answer (401, 429).
  std::optional<http::Response> check(http::Request& request);
  // As ApiKeys::authorize().
  Result<> authorize(const http::Identity& identity, std::string_view agent_id) const {
    return keys_.authorize(identity, agent_id);
  }
  // Of an upload that was let in.
  void count_records(const http::Identity& identity, std::size_t records) { limiter_.count_records(identity, records); }

 private:
  const ApiKeys& keys_;
  RateLimiter& limiter_;
};

}  // namespace mmm::ingest
