#include "core/python/entry_reader.h"

#include "core/python/entry_parts.h"
#include "core/python/json_check.h"

namespace mmm::python {

struct EntryReader::Impl {
  json::parser parser;
  json::document document;
  std::string padded;

  // simdjson must not be asked again once it has met what is no JSON, so all of the text is looked at first. Not only
  // our own parser of bodies brings entries: other agents can upload records of these kinds.
  Result<json::object> open(std::string_view text) {
    if (!is_json(text)) return fail(ErrorKind::kMalformed, "the entry is not JSON");
    padded.reserve(text.size() + simdjson::SIMDJSON_PADDING);
    padded.assign(text);
    const simdjson::padded_string_view view(padded.data(), padded.size(), padded.capacity());
    json::object object;
    auto error = parser.iterate(view).get(document);
    if (error == simdjson::SUCCESS) error = document.get_object().get(object);
    if (error == simdjson::SUCCESS) return object;
    return fail(ErrorKind::kMalformed, "the entry is not a JSON object: {}", simdjson::error_message(error));
  }
};

EntryReader::EntryReader() : impl_(std::make_unique<Impl>()) {}
EntryReader::~EntryReader() = default;

Result<PacketEntry> EntryReader::packet(std::string_view json, mesh::MeshPacket& out) {
  out.Clear();
  auto object = impl_->open(json);
  if (!object) return fail(object.error());
  return read_packet(*object, out);
}

Result<mesh::NodeInfo> EntryReader::node_status(std::string_view json) {
  auto object = impl_->open(json);
  if (!object) return fail(object.error());
  return read_node_status(*object);
}

Result<mesh::NodeInfo> EntryReader::node_list_entry(std::string_view json) {
  auto object = impl_->open(json);
  if (!object) return fail(object.error());
  return read_node_list_entry(*object);
}

Result<RouteEntry> EntryReader::route(std::string_view json) {
  auto object = impl_->open(json);
  if (!object) return fail(object.error());
  return read_route(*object);
}

}  // namespace mmm::python
