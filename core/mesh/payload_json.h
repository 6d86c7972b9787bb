#pragma once

#include "core/mesh/decode.h"

#include <google/protobuf/message.h>

#include <string>

namespace mmm::mesh {

// JSON objects for the API and for people. Total: any message gives valid JSON in UTF-8.
//
// Of a protobuf message every field that is set, by its name in the .proto files: text sanitized, other bytes as hex,
// enumerations by name (a number when it has none here), NaN and infinities as null, integers beyond 2^53 as strings,
// and
// "(secret)" in place of keys and passwords.
std::string message_to_json(const google::protobuf::Message& message);

// {"text": …} for a text, {"raw": hex, "reason": …} for what was not decoded, otherwise as message_to_json.
std::string payload_to_json(const Payload& payload);

}  // namespace mmm::mesh
