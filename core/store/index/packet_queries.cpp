#include "core/store/index/index_reader_impl.h"
#include "core/store/index/reception_codec.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {
namespace {

constexpr std::uint32_t kBroadcast = 0xFFFFFFFF;

std::string first_text(const sqlite::Statement& row, int column, int other) {
  return std::string(row.text(column).empty() ? row.text(other) : row.text(column));
}

PacketRow read_named_packet(const sqlite::Statement& row) {
  PacketRow packet = read_packet(row);
  packet.from_name = first_text(row, kPacketColumnCount, kPacketColumnCount + 1);
  packet.to_name = first_text(row, kPacketColumnCount + 2, kPacketColumnCount + 3);
  return packet;
}

// Every filter has its own place among the parameters, so that one bind serves all texts.
//   ?1 before, ?2 from, ?3 to, ?4 port, ?5 agent, ?6 since, ?7 limit
std::string packets_sql(const PacketQuery& query) {
  const bool to_one = query.to && *query.to != kBroadcast;
  std::string where = " WHERE p.id < ?1 AND p.id >= ?6";
  if (query.from) where += " AND p.from_node = ?2";
  // A partial index is used only when its condition stands in the query.
  if (query.to) where += to_one ? " AND p.to_node = ?3 AND p.to_node <> 4294967295" : " AND p.to_node = ?3";
  if (query.not_decoded) {
    where += " AND p.port IS NULL";
  } else if (query.port) {
    where += " AND p.port = ?4";
  }
  if (query.agent) {
    // The hours in which the agent took part say where to look; most packets of such an hour are its.
    return fmt::format(
        "{} FROM agent_hours h CROSS JOIN packets p NOT INDEXED{}{} AND h.agent = ?5 AND h.start_us < ?1 "
        "AND h.start_us > ?6 - {} AND p.id >= h.start_us AND p.id < h.start_us + {} "
        "AND is_received_by(p.reception_list, ?5) ORDER BY h.start_us DESC, p.id DESC LIMIT ?7",
        kPacketSelect, kPacketNames, where, kHourUs, kHourUs);
  }
  const char* source = " FROM packets p NOT INDEXED";
  if (query.from) {
    source = " FROM packets p INDEXED BY packets_from";
  } else if (to_one) {
    source = " FROM packets p INDEXED BY packets_to";
  } else if (query.port || query.not_decoded) {
    source = " FROM packets p INDEXED BY packets_port";
  }
  return fmt::format("{}{}{}{} ORDER BY p.id DESC LIMIT ?7", kPacketSelect, source, kPacketNames, where);
}

}  // namespace

Result<std::vector<PacketRow>> IndexReader::packets(const PacketQuery& query) {
  return impl_->in_snapshot([&]() -> Result<std::vector<PacketRow>> {
    auto statement = impl_->prepared(packets_sql(query));
    if (!statement) return fail(statement.error());
    sqlite::Statement& select = **statement;
    constexpr std::int64_t kBeyondAll = INT64_MAX;
    select.bind_value(1, query.before ? static_cast<std::int64_t>(*query.before) : kBeyondAll);
    select.bind_value(6, query.since_us.value_or(0));
    select.bind_value(7, query.limit);
    if (query.from) select.bind_value(2, *query.from);
    if (query.to) select.bind_value(3, *query.to);
    if (query.port && !query.not_decoded) select.bind_value(4, *query.port);
    if (query.agent) select.bind_value(5, *query.agent);
    std::vector<PacketRow> rows;
    auto read = Impl::for_rows(select, [&](const sqlite::Statement& row) { rows.push_back(read_named_packet(row)); });
    if (!read) return fail(read.error());
    return rows;
  });
}

Result<std::optional<PacketRow>> IndexReader::packet(LogId id) {
  auto statement = impl_->prepared(fmt::format("{} FROM packets p{} WHERE p.id = ?1", kPacketSelect, kPacketNames));
  if (!statement) return fail(statement.error());
  (*statement)->bind(id);
  std::optional<PacketRow> packet;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { packet = read_named_packet(row); });
  if (!read) return fail(read.error());
  return packet;
}

Result<std::vector<ReceptionRow>> IndexReader::receptions(LogId packet) {
  return impl_->in_snapshot([&]() -> Result<std::vector<ReceptionRow>> {
    auto list = impl_->prepared("SELECT reception_list FROM packets WHERE id = ?1");
    if (!list) return fail(list.error());
    (*list)->bind(packet);
    std::vector<ReceptionRow> rows;
    auto read =
        Impl::for_rows(**list, [&](const sqlite::Statement& row) { rows = read_receptions(packet, row.blob(0)); });
    if (!read) return fail(read.error());
    auto name = impl_->prepared("SELECT id FROM agents WHERE num = ?1");
    if (!name) return fail(name.error());
    for (ReceptionRow& row : rows) {
      (*name)->bind(row.agent);
      read = Impl::for_rows(**name, [&](const sqlite::Statement& agent) { row.agent_id = agent.text(0); });
      if (!read) return fail(read.error());
    }
    return rows;
  });
}

Result<std::optional<ReceptionRow>> IndexReader::reception(LogId packet, LogId id) {
  auto rows = receptions(packet);
  if (!rows) return fail(rows.error());
  const auto place = std::ranges::lower_bound(*rows, id, {}, &ReceptionRow::id);
  if (place == rows->end() || place->id != id) return std::nullopt;
  return std::move(*place);
}

}  // namespace mmm::index
