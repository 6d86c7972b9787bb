#include "agent/buffer/statements.h"

namespace mmm::agent {

Result<Buffer::Statements> Buffer::Statements::prepare(sqlite::Database& database) {
  std::optional<Error> failure;
  auto make = [&](std::string_view sql) {
    if (failure) return sqlite::Statement(nullptr);
    auto statement = database.prepare(sql);
    if (statement) return std::move(*statement);
    failure = statement.error();
    return sqlite::Statement(nullptr);
  };
  Statements statements{
      .insert = make("INSERT INTO records(seq, arrival_us, kind, payload) VALUES(?, ?, ?, ?)"),
      .read = make("SELECT seq, arrival_us, kind, payload FROM records WHERE seq > ? ORDER BY seq LIMIT ?"),
      .oldest = make("SELECT arrival_us FROM records WHERE seq > ? ORDER BY seq LIMIT 1"),
      .sizes = make("SELECT seq, length(payload) FROM records ORDER BY seq"),
      .ages = make("SELECT seq, arrival_us FROM records ORDER BY seq"),
      .settled = make("SELECT max(seq) FROM (SELECT seq FROM records WHERE seq <= ? ORDER BY seq LIMIT ?)"),
      .count_between = make("SELECT count(*) FROM records WHERE seq > ? AND seq <= ?"),
      .remove = make("DELETE FROM records WHERE seq <= ?"),
      .set_aside = make("INSERT OR IGNORE INTO set_aside SELECT ?, seq, arrival_us, kind, payload, ?, ? FROM records "
                        "WHERE seq = ?"),
      .trim_set_aside = make("DELETE FROM set_aside WHERE server = ?1 AND seq <= (SELECT seq FROM set_aside WHERE "
                             "server = ?1 ORDER BY seq DESC LIMIT 1 OFFSET ?2)"),
      .write_stream = make("UPDATE stream SET next_seq = ?, captured = ?"),
      .write_server = make("UPDATE servers SET acknowledged_seq = ?, delivered = ?, duplicate = ?, set_aside = ?, "
                           "filtered = ?, dropped = ? WHERE id = ?"),
      .page_count = make("PRAGMA page_count"),
      .free_pages = make("PRAGMA freelist_count"),
  };
  if (failure) return fail(*failure);
  return statements;
}

}  // namespace mmm::agent
