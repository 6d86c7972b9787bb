#pragma once

#include "agent/buffer/open_buffer.h"

#include <gtest/gtest.h>

#include <string>

namespace mmm::agent {

inline Record packet_record(std::string payload, std::int64_t arrival_us = 1'700'000'000'000'000) {
  return Record{.kind = upload::RECORD_KIND_MESH_PACKET, .arrival_us = arrival_us, .payload = std::move(payload)};
}

// Counts in the file what the ledger calls waiting, so that the identity is checked and not just restated.
inline std::uint64_t count_waiting(Buffer& buffer, std::size_t server) {
  const auto records = buffer.read(buffer.state().servers.at(server).acknowledged_seq, 1U << 30U, SIZE_MAX);
  EXPECT_TRUE(records) << records.error().message;
  return records ? records->size() : 0;
}

inline void expect_ledgers_hold(Buffer& buffer) {
  const auto state = buffer.state();
  for (std::size_t i = 0; i < state.servers.size(); ++i) {
    const auto& ledger = state.servers[i].ledger;
    EXPECT_EQ(ledger.captured,
              ledger.delivered + ledger.set_aside + ledger.filtered + ledger.dropped + count_waiting(buffer, i))
        << "server " << i;
    EXPECT_EQ(ledger.waiting(), count_waiting(buffer, i)) << "server " << i;
    EXPECT_LE(ledger.duplicate, ledger.delivered) << "server " << i;
  }
}

}  // namespace mmm::agent
