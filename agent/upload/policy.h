#pragma once

#include "agent/upload/answer.h"
#include "core/async/backoff.h"
#include "core/base/limits.h"
#include "core/base/time.h"

#include <chrono>
#include <cstdint>
#include <optional>

namespace mmm::agent {

struct UploadPolicyOptions {
  // How long a record waits for others to share its upload, at the longest.
  std::chrono::milliseconds linger{2'000};
  std::size_t records_max = limits::kUploadRecordsDefault;
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
  // The batch could not be read or the cursor not be moved.
  void buffer_failed(SteadyTime now);

  // Nothing is waited for any more but a server that asked for it: the program is about to end.
  void hurry(SteadyTime now);
  // Uploads in a row that led nowhere.
  [[nodiscard]] std::uint32_t failures() const { return backoff_.failures() + slow_.failures(); }

 private:
  Next refused(std::size_t records, SteadyTime now);
  Next failed(const Answer& answer, SteadyTime now);

  const UploadPolicyOptions options_;
  Backoff backoff_;  // for servers that are away or busy
  Backoff slow_;     // for what only a person can mend
  std::size_t records_max_;
  bool compress_ = true;
  unsigned set_aside_in_a_row_ = 0;
  std::uint64_t waiting_ = 0;
  SteadyTime waiting_since_{};
  SteadyTime not_before_{};
};

}  // namespace mmm::agent
