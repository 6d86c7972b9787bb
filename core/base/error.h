#pragma once

#include <fmt/core.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace mmm {

// What the caller can do about a failure. The text beside it says what happened, to what, and what to do.
enum class ErrorKind : std::uint8_t {
  kInvalidArgument,  // a value from configuration or a request is wrong: correct it, do not retry
  kMalformed,        // bytes do not have the form they claim: keep or refuse them, do not retry
  kTooLarge,         // over a limit of core/base/limits.h: refuse
  kTooMany,          // one more of them than there may be; those that are there go on: try again much later
  kNotFound,         // the thing asked for does not exist
  kUnauthorized,     // no key, or an unknown one
  kForbidden,        // a good key, but not for this
  kUnsupported,      // a form that this version does not know
  kNewerVersion,     // stored by a later version of the program: stop and say so
  kCorrupt,          // stored bytes fail their checksum or contradict each other
  kDiskFull,         // recoverable: nothing was written, retry when there is room
  kIo,               // a device or file failed; for a store: take no further write
  kTimeout,          // retry with back-off
  kUnavailable,      // the peer or a queue cannot take it now: retry with back-off
  kClosed,           // the peer closed, or the object is stopped
  kCancelled,        // we were told to stop: end silently
};

// The stable, lower-case name of a kind, used in logs and as a metric label.
std::string_view to_string(ErrorKind kind);

struct Error {
  ErrorKind kind;
  std::string message;

  // Puts context before the message on the way up: "open packet log /data/log: no such directory".
  template <class... Args>
  [[nodiscard]] Error with(fmt::format_string<Args...> format, Args&&... args) const {
    return Error{kind, fmt::format(format, std::forward<Args>(args)...) + ": " + message};
  }
};

}  // namespace mmm
