#include "ingest/project/rollup_book.h"

#include "core/mesh/telemetry_kinds.h"

namespace mmm::ingest {

Result<> RollupBook::add(std::uint32_t node, std::uint32_t kind, std::int64_t time_us,
                         const google::protobuf::Message& message) {
  const auto numbers = mesh::numbers_of(message);
  if (numbers.empty()) return {};
  for (const std::int64_t step_us : {index::kFiveMinutesUs, index::kHourUs}) {
    const index::RollupKey key{.node = node, .kind = kind, .step_us = step_us, .start_us = time_us - time_us % step_us};
    auto row = rollups_.change(key, [this](const index::RollupKey& wanted) { return store_.rollup(wanted); });
    if (!row) return fail(row.error());
    for (const auto& [field, number] : numbers) (*row)->fields[field].add(number);
  }
  return {};
}

Result<> RollupBook::write() {
  return rollups_.write([this](const index::RollupRow& row) { return store_.put(row); });
}

}  // namespace mmm::ingest
