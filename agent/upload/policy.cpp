#include "agent/upload/policy.h"

#include <algorithm>

namespace mmm::agent {
namespace {

using namespace std::chrono_literals;

constexpr BackoffOptions kRetries{.first = 1s, .max = 60s};
// A wrong key or an unknown URL needs a person; looking again each minute or so finds it mended soon enough.
constexpr BackoffOptions kSlowRetries{.first = 90s, .max = 600s, .jitter = 0.3};
// So many refused records without an accepted one between them: more likely the server is wrong than all of them.
constexpr unsigned kSetAsideInARowMax = 8;
constexpr auto kSetAsidePause = 60s;
// Longer than that another server of the group does not wait for one that is busy.
constexpr auto kLongRetryAfter = 15s;

}  // namespace

UploadPolicy::UploadPolicy(UploadPolicyOptions options, std::uint64_t seed)
    : options_(options), backoff_(kRetries, seed), slow_(kSlowRetries, seed + 1), records_max_(options.records_max) {}

void UploadPolicy::waiting(std::uint64_t records, SteadyTime now) {
  if (waiting_ == 0 && records > 0) waiting_since_ = now;
  waiting_ = records;
}

SteadyTime UploadPolicy::due() const {
  if (waiting_ == 0) return SteadyTime::max();
  // While a bad record is searched for, and while there is more than fits, nothing is gained by waiting.
  const bool now = records_max_ < options_.records_max || waiting_ >= options_.records_max;
  return std::max(not_before_, now ? waiting_since_ : waiting_since_ + options_.linger);
}

UploadPolicy::Next UploadPolicy::answered(const Answer& answer, std::size_t records, SteadyTime now) {
  switch (answer.outcome) {
    case Outcome::kAccepted:
      succeeded(now);
      set_aside_in_a_row_ = 0;
      records_max_ = std::min(options_.records_max, records_max_ * 2);
      waiting_since_ = now;
      return Next::kAcknowledge;
    case Outcome::kRefused:
      return refused(records, now);
    case Outcome::kTooLarge:
      if (records > 1) return refused(records, now);
      return failed(answer, now);
    case Outcome::kUnsupported:
      if (!compress_) return failed(answer, now);
      compress_ = false;
      not_before_ = now;
      return Next::kRetry;
    case Outcome::kTimeout:
      // Perhaps the uplink is too slow for so much within the time; the size grows again with each success.
      records_max_ = std::max<std::size_t>(records / 2, 1);
      return failed(answer, now);
    default:
      return failed(answer, now);
  }
}

UploadPolicy::Next UploadPolicy::refused(std::size_t records, SteadyTime now) {
  not_before_ = now;
  if (records > 1) {
    records_max_ = records / 2;
    return Next::kRetry;
  }
  if (++set_aside_in_a_row_ >= kSetAsideInARowMax) not_before_ = now + kSetAsidePause;
  // The next one is probably good; the size grows again with each that is.
  records_max_ = 1;
  return Next::kSetAside;
}

UploadPolicy::Next UploadPolicy::failed(const Answer& answer, SteadyTime now) {
  const bool needs_a_person = answer.outcome == Outcome::kUnauthorized || answer.outcome == Outcome::kUnsupported;
  std::chrono::milliseconds delay = needs_a_person ? slow_.next() : backoff_.next();
  if (answer.retry_after) {
    delay = std::max<std::chrono::milliseconds>(delay, *answer.retry_after);
    sent_away_ = *answer.retry_after > kLongRetryAfter;
  }
  not_before_ = now + delay;
  return Next::kRetry;
}

void UploadPolicy::probed(const Answer& answer, SteadyTime now) {
  if (answer.outcome != Outcome::kAccepted) {
    failed(answer, now);
    return;
  }
  succeeded(now);
}

void UploadPolicy::succeeded(SteadyTime now) {
  backoff_.reset();
  slow_.reset();
  sent_away_ = false;
  not_before_ = now;
}

void UploadPolicy::hurry(SteadyTime now) {
  if (not_before_ <= now) waiting_since_ = now - options_.linger;
}

}  // namespace mmm::agent
