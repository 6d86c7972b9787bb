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
  kRecord,               // the untouched bytes may be stored and uploaded
  kRecordWithoutSecret,  // a packet of remote administration: store what without_secret() gives
  kNever,
};

// The kind of record a FromRadio becomes, when it may be recorded.
enum class RecordedAs : std::uint8_t { kNothing, kMeshPacket, kNodeInfo, kOwnInfo, kMetadata };

struct Classification {
  Recording recording = Recording::kNever;
  RecordedAs as = RecordedAs::kNothing;
};

// Decides by what is allowed, not by what is known to be secret: only packet, node_info, my_info and metadata pass.
// `bytes` is what `message` was parsed from. Bytes that hold a second variant behind the recorded one, or fields that
// this version does not know at the top, do not pass, since parsing shows only the last variant.
Classification classify(const FromRadio& message, std::string_view bytes);

// A copy of a packet of kRecordWithoutSecret with its payload removed, as serialized FromRadio.
std::string without_secret(const FromRadio& message);

}  // namespace mmm::mesh
