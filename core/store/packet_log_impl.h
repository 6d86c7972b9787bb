#pragma once

#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/store/packet_log.h"
#include "core/store/rocks_error.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// For the .cpp files of PacketLog alone.
namespace mmm::store {

// Keys of the marks family that are not marks. They begin with NUL, agent ids do not.
inline constexpr std::string_view kVersionKey("\0version", 8);
inline constexpr std::string_view kTrimmedKey("\0trimmed", 8);
// The layout of keys, families and chunks as a whole; chunks carry a version of their own too.
inline constexpr std::uint64_t kLogVersion = 1;

inline std::string key_of(LogId id) {
  std::string key;
  append_u64_be(key, id);
  return key;
}

inline std::string_view view_of(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}
inline rocksdb::Slice slice_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

struct PacketLog::Impl {
  // Before the database, which refers to it until it is closed.
  std::unique_ptr<rocksdb::Env> env;
  std::shared_ptr<rocksdb::Cache> cache;
  std::unique_ptr<rocksdb::DB> db;
  rocksdb::ColumnFamilyHandle* chunks = nullptr;
  rocksdb::ColumnFamilyHandle* marks = nullptr;
  bool read_only = false;
  // The writer's, kept for its memory.
  rocksdb::WriteBatch batch;

  ~Impl() {
    batch.Clear();
    if (!db) return;
    for (rocksdb::ColumnFamilyHandle* family : {chunks, marks}) {
      if (family != nullptr) db->DestroyColumnFamilyHandle(family);
    }
    // Destruction closes: what was acknowledged is synced already, so its status cannot matter to anyone.
  }

  [[nodiscard]] std::unique_ptr<rocksdb::Iterator> iterate(bool keep_in_cache) const {
    rocksdb::ReadOptions options;
    options.fill_cache = keep_in_cache;
    return std::unique_ptr<rocksdb::Iterator>(db->NewIterator(options, chunks));
  }

  // A number of the marks family; empty when there is none.
  [[nodiscard]] Result<std::optional<std::uint64_t>> number(std::string_view key) const {
    rocksdb::PinnableSlice value;
    const rocksdb::Status status = db->Get({}, marks, slice_of(key), &value);
    if (status.IsNotFound()) return std::nullopt;
    if (!status.ok()) return fail(rocks_error(status, "read a mark of the packet log"));
    if (value.size() != 8) return fail(ErrorKind::kCorrupt, "a mark of the packet log has {} bytes", value.size());
    return load_u64_be(view_of(value));
  }

  Result<> check_version() {
    auto version = number(kVersionKey);
    if (!version) return fail(version.error());
    if (!*version) {
      if (read_only) return {};
      rocksdb::WriteOptions options;
      options.sync = true;
      const rocksdb::Status status = db->Put(options, marks, slice_of(kVersionKey), key_of(kLogVersion));
      return status.ok() ? Result<>{} : fail(rocks_error(status, "write the packet log's version"));
    }
    if (**version > kLogVersion) {
      return fail(ErrorKind::kNewerVersion,
                  "the packet log has version {}, this program knows up to version {}: start the newer program that "
                  "wrote it",
                  **version, kLogVersion);
    }
    return {};
  }

  // Where the log ends.
  struct End {
    LogId given_out = 0;  // the last id ever, trimmed ones included, so that ids rise across restarts
    LogId readable = 0;   // the last id that read() tells of
  };
  [[nodiscard]] Result<End> find_end() const {
    auto trimmed = number(kTrimmedKey);
    if (!trimmed) return fail(trimmed.error());
    End end{.given_out = trimmed->value_or(0), .readable = trimmed->value_or(0)};
    auto it = iterate(true);
    it->SeekToLast();
    if (it->status().IsCorruption()) return end_from_files(end);
    if (!it->status().ok()) return fail(rocks_error(it->status(), "find the packet log's end"));
    if (!it->Valid()) return end;
    auto last = end_of(*it);
    if (!last) return fail(last.error());
    const LogId first = load_u64_be(view_of(it->key()));
    const bool damaged = !decode_chunk_head(view_of(it->value())).has_value();
    // A damaged head may have stood for the most records a chunk can have: no id is given out twice.
    end.given_out = std::max(end.given_out, damaged ? first + limits::kUploadRecordsMax - 1 : *last);
    end.readable = std::max(end.readable, *last);
    return end;
  }

  // The last block cannot be read: what RocksDB remembers of its files says up to which key there was something.
  [[nodiscard]] Result<End> end_from_files(End end) const {
    std::vector<rocksdb::LiveFileMetaData> files;
    db->GetLiveFilesMetaData(&files);
    for (const rocksdb::LiveFileMetaData& file : files) {
      if (file.column_family_name != rocksdb::kDefaultColumnFamilyName || file.largestkey.size() != 8) continue;
      const LogId largest = load_u64_be(file.largestkey);
      end.given_out = std::max(end.given_out, largest + limits::kUploadRecordsMax - 1);
      end.readable = std::max(end.readable, largest);
    }
    return end;
  }

  // The last id of the chunk under the iterator. A chunk with a damaged head is known by its first one alone.
  static Result<LogId> end_of(const rocksdb::Iterator& it) {
    if (it.key().size() != 8) return fail(ErrorKind::kCorrupt, "a key of the packet log has {} bytes", it.key().size());
    const LogId first = load_u64_be(view_of(it.key()));
    auto head = decode_chunk_head(view_of(it.value()));
    if (head) return first + std::max(head->records, 1U) - 1;
    if (head.error().kind == ErrorKind::kNewerVersion) return fail(head.error());
    return first;
  }

  // Puts the iterator on the chunk that holds `id`, or else the next one after it, or the end. A block that cannot be
  // read is left to the iterator's status.
  static Result<> seek(rocksdb::Iterator& it, LogId id) {
    const std::string key = key_of(id);
    it.SeekForPrev(key);
    if (it.Valid()) {
      auto end = end_of(it);
      if (!end) return fail(end.error());
      if (*end < id) it.Next();
    } else if (it.status().ok()) {
      it.Seek(key);
    }
    return {};
  }

  // `from` lies in a block that cannot be read: makes an iterator that stands on the first chunk behind that block, and
  // gives its id, or last + 1 when there is none. A key is in the block exactly when seeking it fails, so the end of
  // the block is searched by halving. Each try has an iterator of its own: one that has met damage is not asked again.
  Result<LogId> step_over_damage(std::unique_ptr<rocksdb::Iterator>& it, LogId from, LogId last) const {
    const auto can_seek = [this, &it](LogId id) {
      it = iterate(false);
      it->Seek(key_of(id));
      return !it->status().IsCorruption();
    };
    LogId bad = from;
    while (true) {
      LogId good = last + 1;
      for (LogId step = 1; bad + step < good; step *= 2) {
        if (can_seek(bad + step)) {
          good = bad + step;
          break;
        }
        bad += step;
      }
      while (good - bad > 1) {
        const LogId middle = bad + (good - bad) / 2;
        (can_seek(middle) ? good : bad) = middle;
      }
      if (good > last) return last + 1;
      if (!can_seek(good)) {
        bad = good;
        continue;
      }
      if (!it->status().ok()) return fail(rocks_error(it->status(), "read the packet log"));
      return it->Valid() ? std::min(load_u64_be(view_of(it->key())), last + 1) : last + 1;
    }
  }
};

}  // namespace mmm::store
