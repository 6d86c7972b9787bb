#include "agent/buffer/buffer.h"

#include "agent/buffer/disk_space.h"
#include "agent/buffer/schema.h"
#include "agent/buffer/statements.h"
#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/log/log.h"

namespace mmm::agent {
namespace {

constexpr std::uint64_t kPageBytes = 4096;
// A row's key, header and share of its page beside the payload; measured 20..40.
constexpr std::uint64_t kRowOverheadBytes = 40;
// Pages of the tree beside the rows that a commit may take.
constexpr std::uint64_t kTreeSlackBytes = 8 * kPageBytes;
// Records that one expire() drops, so that commits do not wait long for it.
constexpr std::size_t kExpireRecordsMax = 10'000;
// A disk that acknowledges writes it has not made can forget the last commits in a power cut. Numbers are left out at
// each start, so that one that a server may already know is never given to another record.
constexpr std::uint64_t kSeqGapAtOpen = 1U << 20U;

std::uint64_t stored_bytes(std::span<const Record> records) {
  std::uint64_t bytes = 0;
  for (const auto& record : records) bytes += record.payload.size() + kRowOverheadBytes;
  return bytes;
}

}  // namespace

Buffer::Buffer(sqlite::Database database, const BufferOptions& options)
    : database_(std::move(database)), options_(options) {}

Buffer::~Buffer() = default;

Result<std::unique_ptr<Buffer>> Buffer::open(const BufferOptions& options) {
  const auto in_use = [&](const Error& error) -> Error {
    if (error.kind != ErrorKind::kUnavailable) return error;
    return Error{ErrorKind::kUnavailable,
                 fmt::format("{} is in use: another mmm-agent runs with the same buffer; stop it, or give each its own "
                             "[agent] id or database_dir",
                             options.path.string())};
  };
  // Little of the file is ever read twice: 512 KiB of cache serve the tail that is written and read.
  const sqlite::OpenOptions open_options{.exclusive = true, .cache_bytes = 512 << 10, .busy_timeout_ms = 1000};
  auto database = sqlite::Database::open(options.path, open_options);
  if (!database && database.error().kind == ErrorKind::kIo) {
    return fail(database.error().kind, "{}; set [agent] database_dir to one that this user may write",
                database.error().message);
  }
  if (!database) return fail(in_use(database.error()));
  if (auto result = prepare_buffer_schema(*database); !result) return fail(in_use(result.error()));
  auto buffer = std::unique_ptr<Buffer>(new Buffer(std::move(*database), options));
  if (auto result = buffer->load(); !result) return fail(result.error());
  return buffer;
}

Result<> Buffer::load() {
  {
    auto stream = database_.prepare("SELECT stream_id, next_seq, captured FROM stream");
    if (!stream) return fail(stream.error());
    auto row = stream->step();
    if (!row) return fail(row.error());
    if (!*row || stream->blob(0).size() != limits::kStreamIdBytes) {
      return fail(ErrorKind::kCorrupt, "{}: the stream's row is missing or damaged", database_.path().string());
    }
    stream_id_ = stream->blob(0);
    figures_.next_seq = static_cast<std::uint64_t>(stream->integer(1));
    figures_.captured = static_cast<std::uint64_t>(stream->integer(2));
  }
  if (figures_.next_seq > 1) figures_.next_seq += kSeqGapAtOpen;
  if (auto result = add_missing_servers(options_.servers); !result) return result;
  auto statements = Statements::prepare(database_);
  if (!statements) return fail(statements.error());
  statements_ = std::make_unique<Statements>(std::move(*statements));
  reserve_log_space(database_);
  auto used = used_bytes();
  if (!used) return fail(used.error());
  return transaction([this] { return write_figures(figures_); });
}

Result<> Buffer::add_missing_servers(const std::vector<std::string>& servers) {
  // A new server begins at the oldest record that is still here; what went before is not in its ledger.
  auto add = database_.prepare(
      "INSERT OR IGNORE INTO servers(name, captured_before, acknowledged_seq) "
      "SELECT ?, (SELECT captured FROM stream) - (SELECT count(*) FROM records), "
      "coalesce((SELECT min(seq) FROM records), (SELECT next_seq FROM stream)) - 1 "
      "WHERE NOT EXISTS(SELECT 1 FROM servers WHERE name = ?)");
  if (!add) return fail(add.error());
  for (const auto& name : servers) {
    if (auto result = add->bind(std::string_view(name), std::string_view(name)).run(); !result) return result;
  }
  auto rows = database_.prepare(
      "SELECT id, name, captured_before, acknowledged_seq, delivered, duplicate, set_aside, filtered, dropped FROM "
      "servers");
  if (!rows) return fail(rows.error());
  while (true) {
    auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) break;
    const auto number = [&](int column) { return static_cast<std::uint64_t>(rows->integer(column)); };
    Cursor cursor;
    cursor.row = rows->integer(0);
    cursor.name = rows->text(1);
    cursor.captured_before = number(2);
    cursor.acknowledged_seq = number(3);
    cursor.ledger = Ledger{.captured = 0,
                           .delivered = number(4),
                           .duplicate = number(5),
                           .set_aside = number(6),
                           .filtered = number(7),
                           .dropped = number(8)};
    figures_.cursors.push_back(std::move(cursor));
  }
  for (const auto& name : servers) {
    const auto found = std::ranges::find(figures_.cursors, name, &Cursor::name);
    MMM_CHECK(found != figures_.cursors.end());
    found->configured = true;
    places_.push_back(static_cast<std::size_t>(found - figures_.cursors.begin()));
  }
  return {};
}

Result<> Buffer::configure(const std::vector<std::string>& servers) {
  std::vector<Cursor> cursors = std::exchange(figures_.cursors, {});
  std::vector<std::size_t> places = std::exchange(places_, {});
  auto added = transaction([&] { return add_missing_servers(servers); });
  if (added) {
    options_.servers = servers;
  } else {
    figures_.cursors = std::move(cursors);
    places_ = std::move(places);
  }
  return added;
}

Result<std::uint64_t> Buffer::commit(std::span<const Record> records, std::uint64_t lost) {
  auto used = used_bytes();
  if (!used) return used;
  const std::uint64_t incoming = stored_bytes(records);
  std::uint64_t excess = 0;
  // Freed in pieces of at least 1/256 of the cap, so that a full buffer does not search for its oldest at each commit.
  if (*used + incoming > options_.max_bytes) excess = *used + incoming - options_.max_bytes + options_.max_bytes / 256;
  const std::uint64_t needed = incoming + kTreeSlackBytes;
  if (excess == 0 && file_bytes_ - *used < needed && !reserve_file_space(database_, file_bytes_ + needed)) {
    // The disk is full. The newest are worth more than the oldest: make room inside the file.
    excess = needed;
  }
  return try_commit(records, lost, excess);
}

Result<std::uint64_t> Buffer::try_commit(std::span<const Record> records, std::uint64_t lost,
                                         std::uint64_t bytes_to_free) {
  Figures figures = figures_;
  std::uint64_t dropped = 0;
  auto body = [&]() -> Result<> {
    if (bytes_to_free > 0) {
      auto removed = drop_oldest(figures, bytes_to_free);
      if (!removed) return fail(removed.error());
      dropped = *removed;
    }
    if (auto result = insert(records, figures); !result) return result;
    figures.captured += records.size() + lost;
    for (auto& cursor : figures.cursors) cursor.ledger.dropped += lost;
    return write_figures(figures);
  };
  if (auto result = transaction(body); !result) return fail(result.error());
  figures_ = std::move(figures);
  return dropped;
}

Result<> Buffer::insert(std::span<const Record> records, Figures& figures) {
  for (const auto& record : records) {
    statements_->insert.bind(figures.next_seq, record.arrival_us, static_cast<int>(record.kind),
                             sqlite::Blob{record.payload});
    if (auto result = statements_->insert.run(); !result) return result;
    ++figures.next_seq;
  }
  return {};
}

Result<std::uint64_t> Buffer::drop_oldest(Figures& figures, std::uint64_t bytes) {
  std::vector<std::uint64_t> seqs;
  std::uint64_t freed = 0;
  while (freed < bytes) {
    auto row = statements_->sizes.step();
    if (!row) return fail(row.error());
    if (!*row) break;
    seqs.push_back(static_cast<std::uint64_t>(statements_->sizes.integer(0)));
    freed += static_cast<std::uint64_t>(statements_->sizes.integer(1)) + kRowOverheadBytes;
  }
  statements_->sizes.reset();
  return drop(figures, seqs);
}

Result<std::uint64_t> Buffer::expire(std::int64_t before_us) {
  std::vector<std::uint64_t> seqs;
  auto& ages = statements_->ages;
  while (seqs.size() < kExpireRecordsMax) {
    auto row = ages.step();
    if (!row) return fail(row.error());
    if (!*row || ages.integer(1) >= before_us) break;
    seqs.push_back(static_cast<std::uint64_t>(ages.integer(0)));
  }
  ages.reset();
  if (seqs.empty()) return 0;
  Figures figures = figures_;
  std::uint64_t dropped = 0;
  auto body = [&]() -> Result<> {
    auto removed = drop(figures, seqs);
    if (!removed) return fail(removed.error());
    dropped = *removed;
    return write_figures(figures);
  };
  if (auto result = transaction(body); !result) return fail(result.error());
  figures_ = std::move(figures);
  if (auto result = give_back_pages(); !result) return fail(result.error());
  return dropped;
}

// `seqs`: the lowest that there are, in order.
Result<std::uint64_t> Buffer::drop(Figures& figures, std::span<const std::uint64_t> seqs) {
  if (seqs.empty()) return 0;
  if (auto result = statements_->remove.bind(seqs.back()).run(); !result) return fail(result.error());
  std::uint64_t dropped = 0;
  for (auto& cursor : figures.cursors) {
    const auto unsent =
        static_cast<std::uint64_t>(seqs.end() - std::ranges::upper_bound(seqs, cursor.acknowledged_seq));
    cursor.ledger.dropped += unsent;
    cursor.acknowledged_seq = std::max(cursor.acknowledged_seq, seqs.back());
    if (cursor.configured) dropped = std::max(dropped, unsent);
  }
  return dropped;
}

Result<> Buffer::write_figures(const Figures& figures) {
  if (auto result = statements_->write_stream.bind(figures.next_seq, figures.captured).run(); !result) return result;
  for (const auto& cursor : figures.cursors) {
    const auto& ledger = cursor.ledger;
    statements_->write_server.bind(cursor.acknowledged_seq, ledger.delivered, ledger.duplicate, ledger.set_aside,
                                   ledger.filtered, ledger.dropped, cursor.row);
    if (auto result = statements_->write_server.run(); !result) return result;
  }
  return {};
}

Result<std::uint64_t> Buffer::used_bytes() {
  std::uint64_t pages[2] = {0, 0};
  sqlite::Statement* statements[2] = {&statements_->page_count, &statements_->free_pages};
  for (int i = 0; i < 2; ++i) {
    auto row = statements[i]->step();
    if (!row) return fail(row.error());
    pages[i] = *row ? static_cast<std::uint64_t>(statements[i]->integer(0)) : 0;
    statements[i]->reset();
  }
  file_bytes_ = pages[0] * kPageBytes;
  return (pages[0] - pages[1]) * kPageBytes;
}

Result<std::vector<StoredRecord>> Buffer::read(std::uint64_t after, std::size_t records_max, std::size_t bytes_max) {
  std::vector<StoredRecord> records;
  std::size_t bytes = 0;
  auto& read = statements_->read;
  read.bind(after, records_max);
  while (true) {
    auto row = read.step();
    if (!row) return fail(row.error());
    if (!*row) return records;
    const auto payload = read.blob(3);
    if (!records.empty() && bytes + payload.size() > bytes_max) break;
    bytes += payload.size();
    StoredRecord stored;
    stored.seq = static_cast<std::uint64_t>(read.integer(0));
    stored.record.arrival_us = read.integer(1);
    stored.record.kind = static_cast<upload::RecordKind>(read.integer(2));
    stored.record.payload = payload;
    records.push_back(std::move(stored));
  }
  read.reset();
  return records;
}

Result<std::vector<SetAsideRecord>> Buffer::newest_set_aside(std::size_t server, std::size_t count) {
  auto rows =
      database_.prepare("SELECT seq, refused_us, reason FROM set_aside WHERE server = ? ORDER BY seq DESC LIMIT ?");
  if (!rows) return fail(rows.error());
  rows->bind(figures_.cursors[places_.at(server)].row, count);
  std::vector<SetAsideRecord> records;
  while (true) {
    auto row = rows->step();
    if (!row) return fail(row.error());
    if (!*row) return records;
    records.push_back({.seq = static_cast<std::uint64_t>(rows->integer(0)),
                       .refused = from_micros(rows->integer(1)),
                       .reason = std::string(rows->text(2))});
  }
}

Result<std::optional<std::int64_t>> Buffer::oldest_waiting_us(std::size_t server) {
  auto& oldest = statements_->oldest;
  auto row = oldest.bind(figures_.cursors[places_.at(server)].acknowledged_seq).step();
  if (!row) return fail(row.error());
  if (!*row) return std::nullopt;
  const std::int64_t arrival_us = oldest.integer(0);
  oldest.reset();
  return arrival_us;
}

Result<> Buffer::checkpoint() {
  return database_.execute("PRAGMA wal_checkpoint(TRUNCATE)");
}

BufferState Buffer::state() const {
  BufferState state;
  for (const std::size_t place : places_) {
    const auto& cursor = figures_.cursors[place];
    ServerState server{.ledger = cursor.ledger, .acknowledged_seq = cursor.acknowledged_seq};
    server.ledger.captured = figures_.captured - cursor.captured_before;
    state.servers.push_back(server);
  }
  state.last_seq = figures_.next_seq - 1;
  state.file_bytes = file_bytes_;
  return state;
}

}  // namespace mmm::agent
