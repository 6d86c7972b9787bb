#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

namespace mmm::index {

Result<std::vector<AgentRow>> IndexReader::agents(std::size_t limit, std::int64_t after) {
  auto statement =
      impl_->prepared(fmt::format("SELECT {} FROM agents WHERE num > ?1 ORDER BY num LIMIT ?2", kAgentColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(after, limit);
  std::vector<AgentRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_agent(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::optional<AgentRow>> IndexReader::agent(std::int64_t num) {
  auto statement = impl_->prepared(fmt::format("SELECT {} FROM agents WHERE num = ?1", kAgentColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(num);
  std::optional<AgentRow> agent;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { agent = read_agent(row); });
  if (!read) return fail(read.error());
  return agent;
}

Result<std::optional<std::int64_t>> IndexReader::agent_number(std::string_view id) {
  auto statement = impl_->prepared("SELECT num FROM agents WHERE id = ?1");
  if (!statement) return fail(statement.error());
  (*statement)->bind(id);
  std::optional<std::int64_t> num;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { num = row.integer(0); });
  if (!read) return fail(read.error());
  return num;
}

}  // namespace mmm::index
