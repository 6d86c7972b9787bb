#include "dashboard/api/record_reader.h"

#include "core/mesh/decode.h"

namespace mmm::dashboard {

Result<const upload::RecordView*> RecordReader::find(store::LogId id) {
  if (chunks_.empty() || id < chunks_.front().first_id || id > chunks_.front().last_id()) {
    chunks_.clear();
    if (auto read = log_.read(id, 1, chunks_); !read) return fail(read.error());
    if (chunks_.empty() || chunks_.front().first_id > id) return nullptr;
    chunks_.resize(1);
  }
  const std::size_t place = id - chunks_.front().first_id;
  const auto& records = chunks_.front().upload.records;
  return place < records.size() ? &records[place] : nullptr;
}

Result<std::string_view> RecordReader::payload(store::LogId id) {
  auto record = find(id);
  if (!record) return fail(record.error());
  return *record == nullptr ? std::string_view() : (*record)->payload;
}

Result<const mesh::MeshPacket*> RecordReader::packet(store::LogId id) {
  auto record = find(id);
  if (!record) return fail(record.error());
  if (*record == nullptr) return nullptr;
  if ((*record)->kind == upload::RECORD_KIND_LEGACY_DATA) {
    const auto entry = python_.packet((*record)->payload, *message_.mutable_packet());
    return entry ? &message_.packet() : nullptr;
  }
  const auto decoded = mesh::decode_from_radio((*record)->payload, message_);
  return decoded && message_.has_packet() ? &message_.packet() : nullptr;
}

}  // namespace mmm::dashboard
