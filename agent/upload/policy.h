#pragma once

#include "agent/upload/answer.h"
#include "core/async/backoff.h"
#include "core/base/limits.h"
#include "core/base/time.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace mmm::agent {

struct UploadPolicyOptions {
  // How long a record waits for others to share its upload, at the longest.
  std::chrono::milliseconds linger{2'000};
  std::size_t records_max = limits::kUploadRecordsDefault;
  // So many uploads in a row that led nowhere make the server unhealthy.
  unsigned failures_max = 3;
};

// When to upload to one server, how much, and what an answer leads to. Pure.
class UploadPolicy {
 public:
  enum class Next : std::uint8_t {
    kAcknowledge,  // move the cursor as the answer says
    kSetAside,     // the one record that was sent is the bad one: set it aside
    kRetry,        // send again when due, perhaps less
  };

  UploadPolicy(UploadPolicyOptions options, std::uint64_t seed);

  // Says how many records wait for the server now.
  void waiting(std::uint64_t records, SteadyTime now);
  // When to send next; SteadyTime::max() when nothing waits.
  [[nodiscard]] SteadyTime due() const;
  // How many records to send at most.
  [[nodiscard]] std::size_t records_max() const { return records_max_; }
  [[nodiscard]] bool compress() const { return compress_; }

  // The answer to an upload of `records`.
  Next answered(const Answer& answer, std::size_t records, SteadyTime now);
  // The answer to the question whether it would take records.
  void probed(const Answer& answer, SteadyTime now);

  // Nothing is waited for any more but a server that asked for it: the program is about to end.
  void hurry(SteadyTime now);
  // False after failures_max uploads in a row that led nowhere, and at once when only a person can mend it (a refused
  // key) or the server wants to be left alone for long; true again after a success.
  [[nodiscard]] bool is_healthy() const {
    return !sent_away_ && slow_.failures() == 0 && backoff_.failures() < std::max(options_.failures_max, 1U);
  }
  // Not before then may it be asked again.
  [[nodiscard]] SteadyTime retry_at() const { return not_before_; }

 private:
  Next refused(std::size_t records, SteadyTime now);
  Next failed(const Answer& answer, SteadyTime now);
  void succeeded(SteadyTime now);

  const UploadPolicyOptions options_;
  Backoff backoff_;  // for servers that are away or busy
  Backoff slow_;     // for what only a person can mend
  std::size_t records_max_;
  bool compress_ = true;
  bool sent_away_ = false;  // by a long Retry-After
  unsigned set_aside_in_a_row_ = 0;
  std::uint64_t waiting_ = 0;
  SteadyTime waiting_since_{};
  SteadyTime not_before_{};
};

}  // namespace mmm::agent
