#pragma once

#include "core/upload/upload.pb.h"

#include <cstdint>
#include <string>

namespace mmm::agent {

// One thing to keep and to upload: what the radio delivered, untouched, or a status that the agent wrote itself.
struct Record {
  upload::RecordKind kind = upload::RECORD_KIND_UNSPECIFIED;
  std::int64_t arrival_us = 0;  // this machine's clock, µs since the epoch
  std::string payload;
};

// A record that the buffer holds. `seq` rises strictly within a stream; gaps are normal.
struct StoredRecord {
  std::uint64_t seq = 0;
  Record record;
};

// Where a link and the status writer leave what they have captured. put() never blocks and never fails: what cannot be
// kept is counted as dropped behind it.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void put(Record record) = 0;
};

}  // namespace mmm::agent
