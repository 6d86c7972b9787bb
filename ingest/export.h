#pragma once

#include "core/base/result.h"
#include "core/store/packet_log.h"

#include <cstdint>
#include <functional>
#include <string_view>

namespace mmm::ingest {

// Takes a piece of the output; false: it cannot take more (a closed pipe), stop.
using ExportSink = std::function<bool(std::string_view)>;

// Writes the log's records with ids from `from` to `to`, both included, as one JSON object a line: id, agent, stream
// (hex), seq, arrival_us, kind, payload_hex. A damaged chunk is a line too, with `damage`. Returns the number of
// records.
Result<std::uint64_t> export_records(const store::PacketLog& log, store::LogId from, store::LogId to,
                                     const ExportSink& sink);

}  // namespace mmm::ingest
