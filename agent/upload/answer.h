#pragma once

#include "core/base/result.h"
#include "core/base/time.h"
#include "core/http/client.h"
#include "core/upload/upload.pb.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace mmm::agent {

// What a server's answer to an upload means for the records that were sent.
enum class Outcome : std::uint8_t {
  kAccepted,      // response says up to which seq
  kRefused,       // our server calls the batch, or a record of it, invalid
  kTooLarge,      // something between us and the server refuses the size: fewer records may pass
  kUnsupported,   // the compression is not understood
  kUnauthorized,  // no key, a wrong one, or another agent's
  kBusy,          // the server says to come back later
  kServerError,   // it failed, or it is not our server
  kUnreachable,   // no connection, or lost
  kTimeout,
};
inline constexpr std::size_t kOutcomes = 9;

// The stable name of an outcome: a metric label.
const char* to_string(Outcome outcome);

struct Answer {
  Outcome outcome = Outcome::kServerError;
  std::string reason;  // in words, for whatever is not accepted
  std::optional<std::chrono::seconds> retry_after;
  upload::UploadResponse response;  // when accepted
};

// A server's words, short enough to be kept and logged, as UTF-8.
std::string cut_reason(std::string_view text);

// Reads what came back in place of 200. `now` serves a Retry-After that is a date.
Answer interpret_failure(const Result<http::ClientResponse>& result, WallTime now);

// Reads what came back for an upload whose first record has `first_seq`.
Answer interpret(const Result<http::ClientResponse>& result, std::uint64_t first_seq, WallTime now);

}  // namespace mmm::agent
