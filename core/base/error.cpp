#include "core/base/error.h"

namespace mmm {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return "invalid_argument";
    case ErrorKind::kMalformed:
      return "malformed";
    case ErrorKind::kTooLarge:
      return "too_large";
    case ErrorKind::kTooMany:
      return "too_many";
    case ErrorKind::kNotFound:
      return "not_found";
    case ErrorKind::kUnauthorized:
      return "unauthorized";
    case ErrorKind::kForbidden:
      return "forbidden";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kNewerVersion:
      return "newer_version";
    case ErrorKind::kCorrupt:
      return "corrupt";
    case ErrorKind::kDiskFull:
      return "disk_full";
    case ErrorKind::kIo:
      return "io";
    case ErrorKind::kTimeout:
      return "timeout";
    case ErrorKind::kUnavailable:
      return "unavailable";
    case ErrorKind::kClosed:
      return "closed";
    case ErrorKind::kCancelled:
      return "cancelled";
  }
  return "unknown";
}

}  // namespace mmm
