#pragma once

#include "core/async/settled_clock.h"
#include "core/async/time_source.h"
#include "core/store/packet_log.h"
#include "metrics/registry.h"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>

namespace mmm::ingest {

// Removes from the packet log what is older than wanted. Age counts from the newest record.
//
// One thread: the main one's, where a disk that answers late holds up nobody.
class LogRetention {
 public:
  // The last record that may go, whatever its age: what the index has not got yet must stay.
  using MayGo = std::function<store::LogId()>;

  // `log`, `time` and `registry` must outlive it. `keep_us`: the age that is kept, in microseconds.
  LogRetention(store::PacketLog& log, const TimeSource& time, std::int64_t keep_us, MayGo may_go,
               metrics::Registry& registry);

  // Looks once. What goes is a stretch of some length or nothing, since each removal leaves a mark in the files.
  Result<> trim();
  // Looks now and then until it is cancelled. A failure is logged and tried again.
  boost::asio::awaitable<void> keep_trimming(TimeSource& time);

 private:
  store::PacketLog& log_;
  SettledClock clock_;
  std::int64_t keep_us_;
  MayGo may_go_;
  prometheus::Gauge& trimmed_;
};

}  // namespace mmm::ingest
