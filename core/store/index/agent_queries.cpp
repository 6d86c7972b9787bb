#include "core/store/index/index_reader_impl.h"
#include "core/store/index/row_codec.h"

#include <span>
#include <utility>

namespace mmm::index {
namespace {

// The current streams of agents `first` to `last`, by agent and name.
constexpr const char* kRadiosSql =
    "SELECT {} FROM streams WHERE agent BETWEEN ?1 AND ?2 AND is_current ORDER BY agent, name, stream";

}  // namespace

Result<std::vector<AgentRow>> IndexReader::agents(std::size_t limit, std::int64_t after) {
  auto statement =
      impl_->prepared(fmt::format("SELECT {} FROM agents WHERE num > ?1 ORDER BY num LIMIT ?2", kAgentColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(after, limit);
  std::vector<AgentRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_agent(row)); });
  if (!read) return fail(read.error());
  if (auto added = impl_->add_radios(rows); !added) return fail(added.error());
  return rows;
}

Result<> IndexReader::Impl::add_radios(std::span<AgentRow> agents) {
  if (agents.empty()) return {};
  auto statement = prepared(fmt::format(kRadiosSql, kStreamColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(agents.front().num, agents.back().num);
  auto agent = agents.begin();
  auto read = for_rows(**statement, [&](const sqlite::Statement& row) {
    StreamRow radio = read_stream(row);
    while (agent != agents.end() && agent->num < radio.agent) ++agent;
    if (agent != agents.end() && agent->num == radio.agent) agent->radios.push_back(std::move(radio));
  });
  for (AgentRow& one : agents) {
    if (one.radios.size() == 1) one.radios.clear();
  }
  return read;
}

Result<std::optional<AgentRow>> IndexReader::agent(std::int64_t num) {
  auto statement = impl_->prepared(fmt::format("SELECT {} FROM agents WHERE num = ?1", kAgentColumns));
  if (!statement) return fail(statement.error());
  (*statement)->bind(num);
  std::optional<AgentRow> agent;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { agent = read_agent(row); });
  if (!read) return fail(read.error());
  if (agent) {
    if (auto added = impl_->add_radios({&*agent, 1}); !added) return fail(added.error());
  }
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

Result<std::vector<GapRow>> IndexReader::gaps(std::int64_t agent, std::int64_t since_us, std::int64_t until_us,
                                              std::size_t limit) {
  auto statement = impl_->prepared(
      "SELECT agent, start_us, cause, until_us, records, reason, radio FROM agent_gaps WHERE agent = ?1 AND start_us < "
      "?3 AND "
      "ifnull(until_us, ?3) > ?2 ORDER BY start_us DESC, cause LIMIT ?4");
  if (!statement) return fail(statement.error());
  (*statement)->bind(agent, since_us, until_us, limit);
  std::vector<GapRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) {
    rows.push_back({.agent = row.integer(0),
                    .start_us = row.integer(1),
                    .cause = static_cast<GapCause>(row.integer(2)),
                    .until_us = row.optional_integer(3),
                    .records = static_cast<std::uint64_t>(row.integer(4)),
                    .reason = std::string(row.text(5)),
                    .radio = std::string(row.text(6))});
  });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
