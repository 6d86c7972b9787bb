#include "ingest/python/entry_memory.h"

#include "core/base/limits.h"
#include "core/store/packet_log.h"
#include "metrics/catalog_server.h"

#include <xxhash.h>

#include <random>

namespace mmm::ingest::python {
namespace {

constexpr std::size_t kReadBytes = 8U << 20U;
constexpr int kHalvingsMax = 5;

bool is_python(upload::RecordKind kind) {
  return kind >= upload::RECORD_KIND_LEGACY_REGISTER && kind <= upload::RECORD_KIND_LEGACY_NODE_STATUS;
}

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32U | device();
}

}  // namespace

EntryMemory::EntryMemory(metrics::Registry& registry, std::size_t entries_max)
    : generation_max_(std::max<std::size_t>(entries_max / 2, 1)),
      seed_(random_seed()),
      remembered_(registry.gauge(metrics::server::kPythonRemembered)) {}

EntryMemory::Mark EntryMemory::mark_of(std::string_view agent_id, upload::RecordKind kind,
                                       std::string_view json) const {
  // Agent ids have no NUL.
  std::string key(agent_id);
  key += '\0';
  key += static_cast<char>(kind);
  const std::string subject = subject_of(kind, json);
  const bool is_replaced = kind == upload::RECORD_KIND_LEGACY_REGISTER || !subject.empty();
  key += is_replaced ? std::string_view(subject) : json;
  const XXH128_hash_t hash = XXH3_128bits_withSeed(key.data(), key.size(), seed_);
  return {.key = {hash.high64, hash.low64},
          .content = is_replaced ? XXH3_64bits_withSeed(json.data(), json.size(), seed_) : 0};
}

EntryMemory::Selection EntryMemory::select(std::string_view agent_id, std::span<const Entry> entries,
                                           std::int64_t now_us) {
  Selection selection;
  Generation here;
  for (const Entry& entry : entries) {
    const Mark mark = mark_of(agent_id, entry.kind, entry.json);
    const auto place = here.find(mark.key);
    const bool is_known = place != here.end() ? place->second == mark.content : knows(mark, now_us);
    if (is_known) continue;
    here.insert_or_assign(mark.key, mark.content);
    selection.entries.push_back(entry);
    selection.marks.push_back(mark);
  }
  return selection;
}

bool EntryMemory::knows(const Mark& mark, std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  if (const auto place = newer_.find(mark.key); place != newer_.end()) return place->second == mark.content;
  const auto place = older_.find(mark.key);
  if (place == older_.end() || place->second != mark.content) return false;
  put(mark, now_us);
  return true;
}

void EntryMemory::learn(std::span<const Mark> marks, std::int64_t now_us) {
  const std::lock_guard lock(mutex_);
  for (const Mark& mark : marks) put(mark, now_us);
  remembered_.Set(static_cast<double>(newer_.size() + older_.size()));
}

void EntryMemory::put(const Mark& mark, std::int64_t now_us) {
  if (newer_.size() >= generation_max_ || now_us - newer_since_us_ > kMemoryUs) {
    older_ = std::exchange(newer_, {});
    newer_since_us_ = now_us;
  }
  newer_.insert_or_assign(mark.key, mark.content);
}

void EntryMemory::forget() {
  const std::lock_guard lock(mutex_);
  newer_.clear();
  older_.clear();
  newer_since_us_ = 0;
}

// A busy log may have more in that time than can be read at the start: then what came in the newer half of it.
Result<> EntryMemory::recall(const store::PacketLog& log, const std::atomic<bool>& stopping) {
  const auto last = static_cast<std::int64_t>(log.last_durable());
  std::int64_t span_us = kMemoryUs;
  for (int i = 0; i <= kHalvingsMax; ++i, span_us /= 2) {
    auto done = recall_from(log, static_cast<std::uint64_t>(std::max<std::int64_t>(last - span_us, 1)), stopping);
    if (!done) return fail(done.error());
    if (*done) return {};
    if (i < kHalvingsMax) forget();
  }
  return {};
}

Result<bool> EntryMemory::recall_from(const store::PacketLog& log, std::uint64_t from,
                                      const std::atomic<bool>& stopping) {
  std::size_t bytes = 0;
  std::vector<store::StoredChunk> chunks;
  while (bytes < limits::kPythonRecallBytesMax) {
    chunks.clear();
    if (auto read = log.read(from, kReadBytes, chunks); !read) return fail(read.error());
    if (chunks.empty() || stopping) return true;
    for (const store::StoredChunk& chunk : chunks) {
      bytes += chunk.body ? chunk.body->size() : 0;
      const auto time_us = static_cast<std::int64_t>(chunk.first_id);
      std::vector<Mark> marks;
      for (const upload::RecordView& record : chunk.upload.records) {
        if (is_python(record.kind)) {
          marks.push_back(mark_of(chunk.upload.header.agent_id(), record.kind, record.payload));
        }
      }
      learn(marks, time_us);
    }
    from = chunks.back().last_id() + 1;
  }
  return false;
}

}  // namespace mmm::ingest::python
