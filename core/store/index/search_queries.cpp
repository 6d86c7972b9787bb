#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

// Searches over everything: each looks at a bounded number of rows.
namespace mmm::index {

// Ranked: the name itself, then what begins with it, then what contains it; within that the last heard first.
Result<std::vector<NodeRow>> IndexReader::search_nodes(std::string_view text, std::optional<std::uint32_t> num,
                                                       std::size_t limit) {
  auto statement = impl_->prepared(fmt::format(
      "SELECT {} FROM nodes WHERE instr(lower(short_name), lower(?1)) > 0 OR instr(lower(long_name), lower(?1)) > 0 "
      "OR instr(printf('!%08x', num), lower(?1)) > 0 OR num = ?2 ORDER BY CASE "
      "WHEN lower(short_name) = lower(?1) OR printf('!%08x', num) = lower(?1) OR num = ?2 THEN 0 "
      "WHEN lower(long_name) = lower(?1) THEN 1 "
      "WHEN instr(lower(short_name), lower(?1)) = 1 OR instr(lower(long_name), lower(?1)) = 1 THEN 2 ELSE 3 END, "
      "last_heard_us DESC, num LIMIT ?3",
      kNodeColumns));
  if (!statement) return fail(statement.error());
  // No number is NULL, which equals nothing.
  (*statement)->bind(text, num, limit);
  std::vector<NodeRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_node(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<AgentRow>> IndexReader::search_agents(std::string_view text, std::size_t limit) {
  auto statement = impl_->prepared(fmt::format(
      "SELECT {} FROM agents WHERE instr(lower(id), lower(?1)) > 0 OR instr(lower(location_name), lower(?1)) "
      "> 0 ORDER BY lower(id) <> lower(?1), instr(lower(id), lower(?1)) <> 1, last_upload_us DESC LIMIT ?2",
      kAgentColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(text, limit);
  std::vector<AgentRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_agent(row)); });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
