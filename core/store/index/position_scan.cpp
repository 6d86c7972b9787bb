#include "core/store/index/index_reader_impl.h"
#include "core/store/index/packet_filter.h"

// Positions by a filter of their packets, node by node.
namespace mmm::index {

Result<std::optional<std::uint32_t>> IndexReader::node_with_positions(std::optional<std::uint32_t> above) {
  auto statement = impl_->prepared("SELECT min(node) FROM positions INDEXED BY positions_node WHERE node > ?1");
  if (!statement) return fail(statement.error());
  (*statement)->bind(above ? std::int64_t{*above} : std::int64_t{-1});
  std::optional<std::uint32_t> node;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    if (const auto num = row.optional_integer(0)) node = static_cast<std::uint32_t>(*num);
  });
  if (!read) return fail(read.error());
  return node;
}

Result<PositionPage> IndexReader::find_positions(const PacketFilter& filter, const PositionScan& scan) {
  const ValueRange ids = filter.ids();
  std::vector<SqlValue> values{std::int64_t{scan.node}, std::max(ids.min, static_cast<std::int64_t>(scan.after) + 1),
                               ids.max};
  const std::string condition = sql_condition(filter, values);
  // Not kept prepared: there are as many texts as filters.
  auto statement = impl_->database.prepare(
      fmt::format("SELECT {}, {} FROM positions o INDEXED BY positions_node CROSS JOIN packets p ON p.id = o.packet "
                  "WHERE o.node = ?1 AND o.packet BETWEEN ?2 AND ?3 ORDER BY o.packet",
                  kPositionColumns, condition));
  if (!statement) return fail(statement.error());
  bind_values(*statement, values);
  PositionPage page;
  LogId last = 0;
  for (std::size_t looked_at = 0;; ++looked_at) {
    auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    const bool hit = statement->integer(kPositionColumnCount) != 0;
    if (looked_at >= scan.rows_max || (hit && page.positions.size() >= scan.limit)) {
      page.searched_to = last;
      break;
    }
    last = static_cast<LogId>(statement->integer(0));
    if (hit) page.positions.push_back(read_position(*statement));
  }
  return page;
}

}  // namespace mmm::index
