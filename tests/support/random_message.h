#pragma once

#include <google/protobuf/message.h>

#include <random>
#include <vector>

namespace mmm::test {

using Random = std::mt19937_64;

// Fills every field of the message, of each oneof one that `random` chooses: numbers over their whole range with a
// liking for the ends, open enumerations also with values that have no name, bytes that are often not UTF-8 (texts too,
// unless told otherwise), one to three elements where a field repeats.
enum class Texts { kAnyBytes, kUtf8 };
void fill_randomly(google::protobuf::Message& message, Random& random, Texts texts = Texts::kAnyBytes);

// All message types of the radio's protocol, nested ones too.
std::vector<const google::protobuf::Descriptor*> all_mesh_messages();

}  // namespace mmm::test
