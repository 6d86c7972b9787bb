#include "core/store/index/index_reader_impl.h"
#include "core/store/index/reception_codec.h"
#include "core/store/index/row_codec.h"

#include <algorithm>

namespace mmm::index {
namespace {

constexpr const char* kMessageSelect =
    "SELECT m.packet, m.lag, m.from_node, m.to_node, m.packet_id, m.channel, m.text, m.reply_id, m.emoji, m.ack_us, "
    "m.ack_from, m.ack_error, coalesce(nullif(f.long_name, ''), f.short_name, ''), p.receptions, p.reception_list";
constexpr const char* kMessageJoins =
    " LEFT JOIN nodes f ON f.num = m.from_node LEFT JOIN packets p ON p.id = m.packet";

// Of the receptions over the air. Empty: the packet is no longer kept.
void read_hops(MessageRow& message, std::string_view reception_list) {
  for (const ReceptionRow& reception : read_receptions(message.packet, message.time_us, reception_list)) {
    if (!reception.hops || (reception.flags & kNotHeard) != 0) continue;
    message.hops_min = std::min(message.hops_min.value_or(*reception.hops), *reception.hops);
    message.hops_max = std::max(message.hops_max.value_or(*reception.hops), *reception.hops);
  }
}

MessageRow read_message(const sqlite::Statement& row) {
  const auto u32 = [&row](int column) { return static_cast<std::uint32_t>(row.integer(column)); };
  MessageRow message;
  message.packet = static_cast<LogId>(row.integer(0));
  message.time_us = row.integer(0) - row.integer(1);
  message.from = u32(2);
  message.to = u32(3);
  message.packet_id = u32(4);
  message.channel = u32(5);
  message.text = row.text(6);
  message.reply_id = u32(7);
  message.emoji = row.integer(8) != 0;
  message.ack_us = row.optional_integer(9);
  message.ack_from = u32(10);
  message.ack_error = u32(11);
  message.from_name = row.text(12);
  message.receptions = u32(13);
  read_hops(message, row.blob(14));
  return message;
}

bool is_word(unsigned char c) {
  return c >= 0x80 || std::isalnum(c) != 0;
}

// As FTS5 reads it: each word in quotes, so that nothing of what was typed is an operator; the last is a beginning.
std::string match_expression(std::string_view words) {
  std::string expression;
  std::size_t at = 0;
  while (at < words.size()) {
    while (at < words.size() && !is_word(static_cast<unsigned char>(words[at]))) ++at;
    const std::size_t begin = at;
    while (at < words.size() && is_word(static_cast<unsigned char>(words[at]))) ++at;
    if (at > begin) expression += fmt::format("\"{}\" ", words.substr(begin, at - begin));
  }
  if (!expression.empty()) expression.back() = '*';
  return expression;
}

}  // namespace

Result<std::vector<MessageRow>> IndexReader::messages(std::size_t limit, std::optional<LogId> before) {
  auto statement = impl_->prepared(fmt::format(
      "{} FROM messages m{} WHERE m.packet < ?1 ORDER BY m.packet DESC LIMIT ?2", kMessageSelect, kMessageJoins));
  if (!statement) return fail(statement.error());
  (*statement)->bind(before ? static_cast<std::int64_t>(*before) : INT64_MAX, limit);
  std::vector<MessageRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_message(row)); });
  if (!read) return fail(read.error());
  return rows;
}

Result<std::vector<MessageRow>> IndexReader::search_messages(const MessageQuery& query) {
  const std::string expression = match_expression(query.words);
  if (expression.empty()) return std::vector<MessageRow>{};
  auto statement = impl_->prepared(
      fmt::format("{} FROM messages_fts w CROSS JOIN messages m ON m.packet = w.rowid{} WHERE messages_fts MATCH ?1 "
                  "AND w.rowid < ?2 ORDER BY w.rowid DESC LIMIT ?3",
                  kMessageSelect, kMessageJoins));
  if (!statement) return fail(statement.error());
  (*statement)
      ->bind(std::string_view(expression), query.before ? static_cast<std::int64_t>(*query.before) : INT64_MAX,
             query.limit);
  std::vector<MessageRow> rows;
  auto read = Impl::for_rows(**statement, [&](const sqlite::Statement& row) { rows.push_back(read_message(row)); });
  if (!read) return fail(read.error());
  return rows;
}

}  // namespace mmm::index
