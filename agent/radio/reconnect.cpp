#include "agent/radio/reconnect.h"

namespace mmm::agent {
namespace {

using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr BackoffOptions kDelays{.first = 1s, .max = 60s};
// A board that restarts is off the network for longer than this.
constexpr auto kRestartMin = 4s;
// A session of this length ends a row of failures; a shorter one does not, or a flapping line would be opened each
// second.
constexpr auto kStable = 30s;
// A line that has been good for so long has no fight going on, and its next failure is a new one.
constexpr auto kSettled = 5min;

}  // namespace

ReconnectPolicy::ReconnectPolicy(std::uint64_t seed) : backoff_(kDelays, seed) {}

milliseconds ReconnectPolicy::open_failed() {
  opened_at_once_ = false;
  taken_at_.reset();
  return backoff_.next();
}

void ReconnectPolicy::opened(SteadyTime now) {
  opened_at_once_ = taken_at_ && now - opening_since_ < kRestartMin;
  live_since_.reset();
}

void ReconnectPolicy::live(SteadyTime now) {
  if (!live_since_) live_since_ = now;
}

milliseconds ReconnectPolicy::session_ended(const SessionEnd& end, SteadyTime now) {
  const bool settled = live_since_ && now - *live_since_ >= kSettled;
  const bool stable = live_since_ && now - *live_since_ >= kStable;
  if (settled) kicks_ = 0;
  if (stable && kicks_ == 0) backoff_.reset();
  const bool may_be_taken = end.is_network && end.was_live && end.closed_by_peer;
  if (may_be_taken && taken_at_ && opened_at_once_ && !settled) ++kicks_;
  taken_at_ = may_be_taken ? std::optional(now) : std::nullopt;
  live_since_.reset();
  const auto delay = backoff_.next();
  opening_since_ = now + delay;
  return delay;
}

std::string ReconnectPolicy::explain(const SessionEnd& end) const {
  const bool taken = end.is_network && end.closed_by_peer;
  if (taken && kicked()) {
    return "kicked by another client: the radio serves one TCP client at a time, and another program (an app, the "
           "command line, a second agent) keeps taking the connection; close it, or connect this agent by USB";
  }
  if (taken && end.was_live) {
    return end.reason + ": the radio restarted, or another client took the connection";
  }
  return end.reason;
}

}  // namespace mmm::agent
