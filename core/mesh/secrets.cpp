#include "core/mesh/secrets.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

namespace mmm::mesh {
namespace {

RecordedAs recorded_as(FromRadio::PayloadVariantCase variant) {
  switch (variant) {
    case FromRadio::kPacket:
      return RecordedAs::kMeshPacket;
    case FromRadio::kNodeInfo:
      return RecordedAs::kNodeInfo;
    case FromRadio::kMyInfo:
      return RecordedAs::kOwnInfo;
    case FromRadio::kMetadata:
      return RecordedAs::kMetadata;
    default:
      return RecordedAs::kNothing;
  }
}

// True when the message consists of its id, if any, and the variant, once.
bool holds_only(std::string_view bytes, FromRadio::PayloadVariantCase variant) {
  using google::protobuf::internal::WireFormatLite;
  google::protobuf::io::CodedInputStream in(reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                            static_cast<int>(bytes.size()));
  int seen = 0;
  while (const std::uint32_t tag = in.ReadTag()) {
    const int field = WireFormatLite::GetTagFieldNumber(tag);
    if (field == static_cast<int>(variant)) {
      ++seen;
    } else if (field != FromRadio::kIdFieldNumber) {
      return false;
    }
    if (!WireFormatLite::SkipField(&in, tag)) {
      return false;
    }
  }
  return seen == 1 && in.ConsumedEntireMessage();
}

}  // namespace

bool is_administration(const MeshPacket& packet) {
  if (packet.decoded().portnum() == ADMIN_APP) {
    return true;
  }
  Compressed simulated;
  return packet.decoded().portnum() == SIMULATOR_APP && simulated.ParseFromString(packet.decoded().payload()) &&
         simulated.portnum() == ADMIN_APP;
}

Classification classify(const FromRadio& message, std::string_view bytes) {
  const RecordedAs as = recorded_as(message.payload_variant_case());
  if (as == RecordedAs::kNothing) {
    return {};
  }
  if (!holds_only(bytes, message.payload_variant_case()) ||
      (message.has_packet() && is_administration(message.packet()))) {
    return {Recording::kRecordCleaned, as};
  }
  return {Recording::kRecord, as};
}

std::string cleaned(const FromRadio& message) {
  FromRadio copy = message;
  copy.GetReflection()->MutableUnknownFields(&copy)->Clear();
  if (copy.has_packet() && is_administration(copy.packet())) {
    Data& data = *copy.mutable_packet()->mutable_decoded();
    data.clear_payload();
    data.GetReflection()->MutableUnknownFields(&data)->Clear();
  }
  return copy.SerializeAsString();
}

}  // namespace mmm::mesh
