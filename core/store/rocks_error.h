#pragma once

#include "core/base/error.h"

#include <rocksdb/status.h>

#include <string_view>

namespace mmm::store {

// What a RocksDB status means to the caller, with RocksDB's own words: "sync packet log: IO error: …". No space is
// kDiskFull and recoverable; any other I/O failure is kIo: take no further write.
Error rocks_error(const rocksdb::Status& status, std::string_view doing);

}  // namespace mmm::store
