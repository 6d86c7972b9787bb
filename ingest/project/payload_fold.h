#pragma once

#include "core/mesh/decode.h"
#include "core/mesh/packet.h"
#include "core/store/index/rows.h"
#include "ingest/project/node_book.h"
#include "ingest/project/pending.h"
#include "ingest/project/rollup_book.h"

#include <optional>
#include <string>

namespace mmm::ingest {

// The place of a Position message; empty when the sender hides it. The fix's own time counts when it is plausible, that
// is not after `heard_us` by more than a day.
std::optional<index::Position> to_position(const mesh::Position& position, std::int64_t heard_us);
// NaN and infinities are left out.
index::DeviceMetrics to_metrics(const mesh::DeviceMetrics& metrics);

// Where a payload's effects belong.
struct PayloadContext {
  const index::PacketRow& packet;
  const mesh::PacketData& data;
  // When what the payload says was true: when it was heard, or for a replay the time the radio names.
  std::int64_t known_us = 0;
};

// What the effects change.
struct FoldTargets {
  NodeBook& nodes;
  RollupBook& rollups;
  Pending& pending;
};

// Adds what a packet's payload tells to the node and to the tables. A replay changes only the node: what it repeats has
// been heard before, or was not heard by us.
Result<> fold_payload(const PayloadContext& context, const mesh::Payload& payload, const FoldTargets& targets);

// Why a payload is not decoded; kNone when it is.
index::DecodeError decode_error(const mesh::Payload& payload);

}  // namespace mmm::ingest
