#pragma once

#include "core/base/result.h"
#include "core/mesh/from_radio.pb.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::mesh {

// What may become of a message from the radio. The radio's dump at connecting holds channel keys, its private key and
// passwords; such messages are read by the link and go no further.
enum class Recording : std::uint8_t {
  kRecord,         // the untouched bytes may be stored and uploaded
  kRecordCleaned,  // store what cleaned() gives instead
  kNever,
};

// The kind of record a FromRadio becomes, when it may be recorded.
enum class RecordedAs : std::uint8_t { kNothing, kMeshPacket, kNodeInfo, kOwnInfo, kMetadata };

struct Classification {
  Recording recording = Recording::kNever;
  RecordedAs as = RecordedAs::kNothing;
};

// Decides by what is allowed, not by what is known to be secret: only packet, node_info, my_info and metadata pass.
// `bytes` is what `message` was parsed from. It is recorded cleaned when it holds more than what parsing shows (another
// variant before the last, fields that a later firmware added), and when a packet belongs to remote administration,
// whose answers carry keys and passwords.
Classification classify(const FromRadio& message, std::string_view bytes);

// A serialized copy with the recorded variant alone, and without the payload when that is of remote administration.
std::string cleaned(const FromRadio& message);

// True for a packet of remote administration, also within a simulated radio's copy.
bool is_administration(const MeshPacket& packet);

}  // namespace mmm::mesh
