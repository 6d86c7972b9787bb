#include "core/store/index/index_reader_impl.h"
#include "core/store/index/overlap.h"
#include "core/store/index/reception_codec.h"

namespace mmm::index {

Result<Overlap> IndexReader::overlap(std::int64_t since_us, std::size_t packets_max, std::size_t paired_max) {
  return impl_->in_snapshot([&]() -> Result<Overlap> {
    auto packets = impl_->prepared(
        "SELECT id, reception_list FROM packets WHERE id >= ?1 AND receptions > 0 ORDER BY id DESC LIMIT ?2");
    if (!packets) return fail(packets.error());
    (*packets)->bind(since_us, packets_max + 1);
    OverlapCounter counter;
    std::size_t seen = 0;
    std::int64_t oldest = since_us;
    std::vector<std::int64_t> heard_by;
    auto read = Impl::for_rows(**packets, [&](const sqlite::Statement& row) {
      if (++seen > packets_max) return;
      oldest = row.integer(0);
      heard_by.clear();
      for (const ReceptionRow& reception : read_receptions(static_cast<LogId>(oldest), 0, row.blob(1))) {
        if ((reception.flags & kNotHeard) == 0) heard_by.push_back(reception.agent);
      }
      counter.add(heard_by);
    });
    if (!read) return fail(read.error());
    Overlap overlap = counter.finish(paired_max);
    overlap.complete = seen <= packets_max;
    overlap.since_us = overlap.complete ? since_us : oldest;
    auto name = impl_->prepared("SELECT id FROM agents WHERE num = ?1");
    if (!name) return fail(name.error());
    for (AgentShare& share : overlap.agents) {
      (*name)->bind(share.agent);
      read = Impl::for_rows(**name, [&](const sqlite::Statement& row) { share.agent_id = row.text(0); });
      if (!read) return fail(read.error());
    }
    return overlap;
  });
}

}  // namespace mmm::index
