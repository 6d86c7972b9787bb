#pragma once

#include <google/protobuf/descriptor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::mesh {

// Where a field stands in the bytes of a message, its tag included: for pages that show which bytes mean what.
struct FieldRange {
  std::string field;  // as message_to_json() nests it: "packet.decoded.portnum", "route[2]"; "#99" is not in our .proto
  std::size_t offset = 0;
  std::size_t length = 0;
};

// The fields in the order of the bytes; a message before its own fields. Total: what does not parse ends the list, and
// so do kFieldRangesMax fields. Messages within more than 16 others are not looked into.
std::vector<FieldRange> field_ranges(std::string_view bytes, const google::protobuf::Descriptor& message);
inline constexpr std::size_t kFieldRangesMax = 1000;

}  // namespace mmm::mesh
