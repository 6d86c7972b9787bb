#pragma once

#include "core/mesh/mesh_packet.pb.h"
#include "dashboard/api/api.h"
#include "dashboard/api/json_writer.h"

namespace mmm::dashboard::python {

// A packet's content as the Python version's agents write it: a text, or an object with the fields of its type. Null
// for a message that is null, and when it cannot be read. Tries our keys.
void write_payload(JsonWriter& json, Api& api, const mesh::MeshPacket* message);

}  // namespace mmm::dashboard::python
