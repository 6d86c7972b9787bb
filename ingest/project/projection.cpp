#include "ingest/project/projection.h"

#include "core/base/limits.h"
#include "core/mesh/decode.h"
#include "core/store/index/meta.h"
#include "ingest/project/fingerprint.h"
#include "ingest/project/heard_time.h"
#include "ingest/project/identity_changes.h"
#include "ingest/project/payload_fold.h"

// Chunks and records; packets are in packet_fold.cpp.
namespace mmm::ingest {

namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr store::LogId kWindow = static_cast<store::LogId>(std::chrono::microseconds(limits::kDedupeWindow).count());

}  // namespace

Projection::Projection(index::IndexWriter& writer, mesh::Keyring& keys, const ProjectionOptions& options)
    : writer_(writer),
      keys_(keys),
      options_(options),
      window_(limits::kDedupePacketsMax),
      packets_(limits::kProjectionPacketsMax),
      nodes_(writer),
      hours_(writer),
      links_(writer.links()),
      rollups_(writer.node_facts()),
      agents_(writer, options.privacy) {}

Result<std::unique_ptr<Projection>> Projection::open(index::IndexWriter& writer, mesh::Keyring& keys,
                                                     const ProjectionOptions& options) {
  std::unique_ptr<Projection> projection(new Projection(writer, keys, options));
  auto cursor = writer.cursor();
  if (!cursor) return fail(cursor.error());
  projection->cursor_ = *cursor;
  if (auto compared = projection->compare_fingerprints(); !compared) return fail(compared.error());
  if (auto loaded = projection->agents_.load(); !loaded) return fail(loaded.error());
  return projection;
}

Result<> Projection::compare_fingerprints() {
  sqlite::Database& database = writer_.connection();
  const auto ours = static_cast<std::int64_t>(fingerprint(keys_, options_));
  const auto our_privacy = static_cast<std::int64_t>(privacy_fingerprint(options_.privacy));
  if (cursor_ == 0) {
    if (auto put = index::write_meta(database, index::kFingerprintMeta, ours); !put) return put;
    return index::write_meta(database, index::kPrivacyMeta, our_privacy);
  }
  auto stored = index::read_meta(database, index::kFingerprintMeta);
  if (!stored) return fail(stored.error());
  fits_ = *stored == ours;
  auto privacy = index::read_meta(database, index::kPrivacyMeta);
  if (!privacy) return fail(privacy.error());
  is_as_private_ = privacy->value_or(0) == our_privacy;
  return {};
}

Result<> Projection::load_window() {
  if (window_loaded_) return {};
  auto rows = writer_.newest_packets(kWindow, limits::kDedupePacketsMax);
  if (!rows) return fail(rows.error());
  for (auto row = rows->rbegin(); row != rows->rend(); ++row) {
    window_.expire(row->id > kWindow ? row->id - kWindow : 0);
    const std::uint64_t key = row->content_key.value_or(PacketWindow::key(row->from, row->packet_id));
    if (window_.find(key) != nullptr) {
      return fail(ErrorKind::kCorrupt, "the index has packet {} of {} twice within the window of {}", row->packet_id,
                  row->from, row->id);
    }
    window_.insert(
        key, {.id = row->id, .port = row->port.value_or(0), .flags = row->flags, .decoded = row->port.has_value()});
  }
  window_loaded_ = true;
  return {};
}

Result<> Projection::apply(const store::StoredChunk& chunk) {
  if (chunk.last_id() <= cursor_) return {};
  if (auto loaded = load_window(); !loaded) return loaded;
  if (chunk.damage.empty()) {
    const upload::UploadHeader& header = chunk.upload.header;
    const std::int64_t first_us =
        chunk.upload.records.empty()
            ? static_cast<std::int64_t>(chunk.first_id)
            : heard_time_us(chunk.upload.records[0].arrival_us, header.sent_us(), chunk.first_id, chunk.first_id);
    const AgentBook::Source source = agents_.open(header, chunk.first_id, chunk.upload.records.size(), first_us);
    for (std::size_t i = 0; i < chunk.upload.records.size(); ++i) {
      const upload::RecordView& view = chunk.upload.records[i];
      const store::LogId id = chunk.id(i);
      const Record record{.id = id,
                          .heard_us = heard_time_us(view.arrival_us, header.sent_us(), chunk.first_id, id),
                          .kind = view.kind,
                          .payload = view.payload};
      if (auto applied = apply_record(source, record); !applied) return applied;
      AgentBook::note_record(source, record.heard_us);
    }
    pending_.records += chunk.upload.records.size();
    pending_.count(index::Counter::kRecords, static_cast<std::int64_t>(chunk.upload.records.size()));
  }
  cursor_ = chunk.last_id();
  pending_.cursor = cursor_;
  return {};
}

Result<> Projection::apply_record(const AgentBook::Source& source, const Record& record) {
  switch (record.kind) {
    case upload::RECORD_KIND_MESH_PACKET:
    case upload::RECORD_KIND_NODE_INFO:
    case upload::RECORD_KIND_OWN_INFO:
    case upload::RECORD_KIND_METADATA:
      return apply_from_radio(source, record);
    case upload::RECORD_KIND_AGENT_STATUS: {
      upload::AgentStatus status;
      if (status.ParseFromArray(record.payload.data(), static_cast<int>(record.payload.size()))) {
        pending_.count(index::Counter::kAgentStatuses);
        agents_.fold_status(source, status, record.heard_us);
      } else {
        add_unreadable(source, record, index::DecodeError::kMalformedStatus);
      }
      return {};
    }
    case upload::RECORD_KIND_LEGACY_REGISTER:
    case upload::RECORD_KIND_LEGACY_DATA:
    case upload::RECORD_KIND_LEGACY_NODEDB:
    case upload::RECORD_KIND_LEGACY_ROUTES:
    case upload::RECORD_KIND_LEGACY_NODE_STATUS:
      return apply_python(source, record);
    default:
      pending_.count(index::Counter::kOtherRecords);
      return {};
  }
}

// The message decides what it is, the record's kind only which messages are looked at: an agent that mislabels one does
// no harm.
Result<> Projection::apply_from_radio(const AgentBook::Source& source, const Record& record) {
  if (auto decoded = mesh::decode_from_radio(record.payload, message_); !decoded) {
    add_unreadable(source, record, index::DecodeError::kMalformedRecord);
    return {};
  }
  switch (message_.payload_variant_case()) {
    case mesh::FromRadio::kPacket:
      return apply_packet(source, record, mesh::view_packet(message_.packet(), source.stream->own_node));
    case mesh::FromRadio::kNodeInfo:
      return apply_node_info(record, std::move(*message_.mutable_node_info()));
    case mesh::FromRadio::kMyInfo:
      agents_.fold_own_info(source, message_.my_info());
      return {};
    case mesh::FromRadio::kMetadata:
      agents_.fold_metadata(source, message_.metadata());
      return {};
    default:
      add_unreadable(source, record, index::DecodeError::kMalformedRecord);
      return {};
  }
}

// An entry of a radio's node list: what the radio remembers, as old as it says. It was not heard now.
Result<> Projection::apply_node_info(const Record& record, mesh::NodeInfo info) {
  pending_.count(index::Counter::kNodeInfos);
  if (!is_node(info.num()) || options_.privacy.is_hidden(info.num())) return {};
  options_.privacy.limit(info);
  auto node = nodes_.change(info.num());
  if (!node) return fail(node.error());
  const std::int64_t known_us = std::min(std::int64_t{info.last_heard()} * kSecond, record.heard_us);
  if (info.has_user()) {
    const index::NodeRow before = **node;
    fold_user(**node, info.user(), known_us);
    note_identity_changes(before, **node, record.heard_us, pending_.identity_changes);
  }
  if (info.has_position()) {
    if (auto position = to_position(info.position(), record.heard_us)) fold_position(**node, *position, known_us);
  }
  if (info.has_device_metrics()) fold_metrics(**node, to_metrics(info.device_metrics()), known_us);
  return {};
}

void Projection::add_unreadable(const AgentBook::Source& source, const Record& record, index::DecodeError error) {
  pending_.count(error);
  pending_.unreadable.push_back({.id = record.id,
                                 .agent = source.agent->num,
                                 .kind = static_cast<std::uint32_t>(record.kind),
                                 .error = error,
                                 .size = static_cast<std::uint32_t>(record.payload.size())});
}

namespace {

// Names what a transaction changed. `packets` and `receptions` rise by id.
void name_changes(const Pending& pending, const NodeBook& nodes, const AgentBook& agents, store::AppliedBatch& named) {
  named.last = pending.cursor;
  std::size_t room = limits::kAppliedEventsMax;
  for (const store::AppliedReception& reception : pending.receptions) {
    if (room == 0) {
      ++named.skipped;
      continue;
    }
    --room;
    if (reception.id == reception.packet) {
      named.packets.push_back(reception.packet);
    } else {
      named.receptions.push_back(reception);
    }
  }
  named.nodes.assign(nodes.changed().begin(), nodes.changed().end());
  named.agents.assign(agents.changed().begin(), agents.changed().end());
}

}  // namespace

Result<> Projection::commit(store::AppliedBatch* named) {
  if (pending_.cursor == 0) return {};
  const auto write = [this]() -> Result<> {
    if (auto begun = writer_.begin(); !begun) return begun;
    if (auto written = pending_.write(writer_); !written) return written;
    if (auto written = nodes_.write(); !written) return written;
    if (auto written = hours_.write(); !written) return written;
    if (auto written = links_.write(); !written) return written;
    if (auto written = rollups_.write(); !written) return written;
    if (auto written = agents_.write(); !written) return written;
    return writer_.commit(pending_.cursor);
  };
  if (auto written = write(); !written) {
    writer_.rollback();
    return written;
  }
  if (named != nullptr) name_changes(pending_, nodes_, agents_, *named);
  last_counts_ = pending_.counters;
  last_mesh_packets_ = std::move(pending_.mesh_packets);
  nodes_.committed();
  hours_.committed();
  links_.committed();
  rollups_.committed();
  agents_.committed();
  for (index::PacketRow& packet : pending_.packets) packets_.put(std::move(packet));
  for (auto& [id, packet] : pending_.changed_packets) packets_.put(std::move(packet));
  pending_.clear();
  return {};
}

}  // namespace mmm::ingest
