#pragma once

#include "metrics/registry.h"

#include <rocksdb/env.h>
#include <rocksdb/listener.h>

#include <memory>

namespace mmm::store {

// Counts what RocksDB does behind our back: stalls and background errors. Both are logged too.
std::shared_ptr<rocksdb::EventListener> make_rocks_listener(metrics::Registry& registry);

// Passes RocksDB's warnings and errors to our log; the rest of its chatter is dropped.
std::shared_ptr<rocksdb::Logger> make_rocks_logger();

}  // namespace mmm::store
