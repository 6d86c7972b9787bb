#include "ingest/project/hour_book.h"

#include "core/store/index/telemetry_rows.h"

namespace mmm::ingest {

std::int64_t hour_of(std::int64_t time_us) {
  return time_us - time_us % index::kHourUs;
}

Result<index::NodeHourRow*> HourBook::change(std::uint32_t node, std::int64_t time_us) {
  return hours_.change({.node = node, .start_us = hour_of(time_us)},
                       [this](const Key& key) { return writer_.node_hour(key.node, key.start_us); });
}

Result<> HourBook::write() {
  return hours_.write([this](const index::NodeHourRow& row) { return writer_.put_node_hour(row); });
}

}  // namespace mmm::ingest
