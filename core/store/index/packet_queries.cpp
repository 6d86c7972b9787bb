#include "core/store/index/index_reader_impl.h"
#include "core/store/index/reception_codec.h"
#include "core/store/index/row_codec.h"

#include <map>

namespace mmm::index {
namespace {

std::string first_text(const sqlite::Statement& row, int column, int other) {
  return std::string(row.text(column).empty() ? row.text(other) : row.text(column));
}

PacketRow read_named_packet(const sqlite::Statement& row) {
  PacketRow packet = read_packet(row);
  packet.from_name = first_text(row, kPacketColumnCount, kPacketColumnCount + 1);
  packet.to_name = first_text(row, kPacketColumnCount + 2, kPacketColumnCount + 3);
  return packet;
}

}  // namespace

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
    auto list = impl_->prepared("SELECT id - lag, reception_list FROM packets WHERE id = ?1");
    if (!list) return fail(list.error());
    (*list)->bind(packet);
    std::vector<ReceptionRow> rows;
    auto read = Impl::for_rows(
        **list, [&](const sqlite::Statement& row) { rows = read_receptions(packet, row.integer(0), row.blob(1)); });
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

Result<> IndexReader::find_first_agents(std::span<PacketRow> packets) {
  auto list = impl_->prepared(
      fmt::format("SELECT substr(reception_list, 1, {}) FROM packets WHERE id = ?1", kReceptionBytesMax));
  if (!list) return fail(list.error());
  auto name = impl_->prepared("SELECT id FROM agents WHERE num = ?1");
  if (!name) return fail(name.error());
  // A list is of few agents.
  std::map<std::int64_t, std::string> names;
  for (PacketRow& packet : packets) {
    std::optional<std::int64_t> agent;
    (*list)->bind(packet.id);
    auto read = Impl::for_rows(**list, [&](const sqlite::Statement& row) { agent = first_agent(row.blob(0)); });
    if (!read) return fail(read.error());
    if (!agent) continue;
    const auto [known, added] = names.try_emplace(*agent);
    if (added) {
      (*name)->bind(*agent);
      read = Impl::for_rows(**name, [&](const sqlite::Statement& row) { known->second = row.text(0); });
      if (!read) return fail(read.error());
    }
    packet.first_agent = known->second;
  }
  return {};
}

Result<std::optional<ReceptionRow>> IndexReader::reception(LogId packet, LogId id) {
  auto rows = receptions(packet);
  if (!rows) return fail(rows.error());
  const auto place = std::ranges::lower_bound(*rows, id, {}, &ReceptionRow::id);
  if (place == rows->end() || place->id != id) return std::nullopt;
  return std::move(*place);
}

}  // namespace mmm::index
