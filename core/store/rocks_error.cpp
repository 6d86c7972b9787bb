#include "core/store/rocks_error.h"

#include <fmt/core.h>

namespace mmm::store {
namespace {

ErrorKind kind_of(const rocksdb::Status& status) {
  if (status.IsNoSpace()) return ErrorKind::kDiskFull;
  if (status.IsCorruption()) return ErrorKind::kCorrupt;
  if (status.IsNotFound() || status.IsPathNotFound()) return ErrorKind::kNotFound;
  if (status.IsBusy() || status.IsTryAgain()) return ErrorKind::kUnavailable;
  if (status.IsInvalidArgument() || status.IsNotSupported()) return ErrorKind::kInvalidArgument;
  if (status.IsShutdownInProgress()) return ErrorKind::kClosed;
  return ErrorKind::kIo;
}

}  // namespace

Error rocks_error(const rocksdb::Status& status, std::string_view doing) {
  return Error{kind_of(status), fmt::format("{}: {}", doing, status.ToString())};
}

}  // namespace mmm::store
