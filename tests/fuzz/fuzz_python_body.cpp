// What agents of the Python version post, on any bytes: what is accepted is cut into entries that lie in the body or
// are a member of it, and each entry can be read, or is refused with words.
//
// The input's first byte says at which endpoint the rest is posted. It is read as one entry too.

#include "core/base/check.h"
#include "core/base/limits.h"
#include "core/mesh/decode.h"
#include "core/mesh/packet.h"
#include "core/python/entry_reader.h"
#include "core/upload/upload_codec.h"
#include "ingest/python/body.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace mmm::ingest::python;

void check_packet(mmm::python::EntryReader& reader, std::string_view json) {
  mmm::mesh::MeshPacket packet;
  const auto told = reader.packet(json, packet);
  MMM_CHECK(told);  // the body was checked, so it is an object
  MMM_CHECK(!told->snr || std::isfinite(*told->snr));
  MMM_CHECK(told->has_sender == (packet.from() != 0));
  const mmm::mesh::Packet view = mmm::mesh::view_packet(packet, 0);
  MMM_CHECK(!view.is_replay);
  if (view.data) static_cast<void>(mmm::mesh::decode_payload(view.data->port, view.data->payload));
}

void check_entry(mmm::python::EntryReader& reader, const Entry& entry) {
  MMM_CHECK(entry.json.size() <= mmm::limits::kRecordPayloadBytesMax && entry.json.size() >= 2);
  const std::string subject = subject_of(entry.kind, entry.json);
  switch (entry.kind) {
    case mmm::upload::RECORD_KIND_LEGACY_DATA:
      MMM_CHECK(subject.empty());
      return check_packet(reader, entry.json);
    case mmm::upload::RECORD_KIND_LEGACY_NODEDB:
      if (const auto info = reader.node_list_entry(entry.json)) MMM_CHECK(info->num() != 0);
      return;
    case mmm::upload::RECORD_KIND_LEGACY_NODE_STATUS:
      if (const auto info = reader.node_status(entry.json)) MMM_CHECK(info->num() != 0);
      return;
    case mmm::upload::RECORD_KIND_LEGACY_ROUTES:
      if (const auto route = reader.route(entry.json)) MMM_CHECK(route->path.size() <= 64);
      return;
    default:
      MMM_CHECK(entry.kind == mmm::upload::RECORD_KIND_LEGACY_REGISTER);
  }
}

// What another agent uploads as such an entry was checked by nobody.
void read_unchecked(std::string_view text) {
  mmm::python::EntryReader reader;
  mmm::mesh::MeshPacket packet;
  static_cast<void>(reader.packet(text, packet));
  static_cast<void>(reader.node_status(text));
  static_cast<void>(reader.node_list_entry(text));
  static_cast<void>(reader.route(text));
  static_cast<void>(subject_of(mmm::upload::RECORD_KIND_LEGACY_NODE_STATUS, text));
  static_cast<void>(subject_of(mmm::upload::RECORD_KIND_LEGACY_NODEDB, text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  read_unchecked(text);
  const auto body = parse_body(static_cast<Endpoint>(data[0] % 4), text);
  if (!body) {
    MMM_CHECK(!body.error().message.empty());
    return 0;
  }
  MMM_CHECK(mmm::upload::is_valid_agent_id(stored_agent_id(body->agent_id)));
  MMM_CHECK(body->entries.size() <= mmm::limits::kPythonEntriesMax);
  if (body->location && body->location->has_latitude()) MMM_CHECK(std::abs(body->location->latitude()) <= 90);
  mmm::python::EntryReader reader;
  for (const Entry& entry : body->entries) check_entry(reader, entry);
  return 0;
}
