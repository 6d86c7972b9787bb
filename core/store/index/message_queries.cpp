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

// Newest first from below ?1: the id, and whether ?2 sent it; NULL stands for any sender. Messages have no index by
// sender: they are few enough to be looked through.
constexpr const char* kAllKeys =
    "SELECT m.packet, ?2 IS NULL OR m.from_node = ?2 FROM messages m WHERE m.packet < ?1 ORDER BY m.packet DESC";
// Those with the words ?3.
constexpr const char* kWordKeys =
    "SELECT w.rowid, ?2 IS NULL OR m.from_node = ?2 FROM messages_fts w CROSS JOIN messages m ON m.packet = w.rowid "
    "WHERE messages_fts MATCH ?3 AND w.rowid < ?1 ORDER BY w.rowid DESC";

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

Result<MessagePage> IndexReader::find_messages(const MessageQuery& query) {
  const std::string expression = match_expression(query.words);
  if (expression.empty() && !query.words.empty()) return MessagePage{};
  return impl_->in_snapshot([&]() -> Result<MessagePage> {
    auto keys = impl_->prepared(expression.empty() ? kAllKeys : kWordKeys);
    if (!keys) return fail(keys.error());
    (*keys)->bind(query.before ? static_cast<std::int64_t>(*query.before) : INT64_MAX, query.from);
    if (!expression.empty()) (*keys)->bind_value(3, std::string_view(expression));
    auto message =
        impl_->prepared(fmt::format("{} FROM messages m{} WHERE m.packet = ?1", kMessageSelect, kMessageJoins));
    if (!message) return fail(message.error());
    MessagePage page;
    std::vector<std::int64_t> hits;
    std::int64_t last = 0;
    for (std::size_t looked_at = 0;; ++looked_at) {
      auto row = (*keys)->step();
      if (!row) return fail(row.error());
      if (!*row) break;
      const bool hit = (*keys)->integer(1) != 0;
      // One hit more than asked for says that there is more.
      if (looked_at >= query.rows_max || (hit && hits.size() >= query.limit)) {
        page.searched_to = static_cast<LogId>(last);
        break;
      }
      last = (*keys)->integer(0);
      if (hit) hits.push_back(last);
    }
    (*keys)->reset();
    for (const std::int64_t id : hits) {
      (*message)->bind(id);
      auto read =
          Impl::for_rows(**message, [&](const sqlite::Statement& row) { page.rows.push_back(read_message(row)); });
      if (!read) return fail(read.error());
    }
    return page;
  });
}

}  // namespace mmm::index
