#include "core/mesh/field_ranges.h"

#include <fmt/format.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>
#include <map>
#include <optional>

namespace mmm::mesh {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

constexpr int kDepthMax = 16;

// Reads the wire format, position by position. Empty: the bytes end within what was asked for, or it is malformed.
class WireReader {
 public:
  WireReader(std::string_view bytes, std::size_t begin, std::size_t end) : bytes_(bytes), at_(begin), end_(end) {}

  [[nodiscard]] bool done() const { return at_ >= end_; }
  [[nodiscard]] std::size_t position() const { return at_; }

  std::optional<std::uint64_t> varint() {
    constexpr int kBitsMax = 64;
    std::uint64_t value = 0;
    for (int shift = 0; shift < kBitsMax && at_ < end_; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(bytes_[at_++]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80U) return value;
    }
    return std::nullopt;
  }

  // Passes over a value of that wire type; false when it is not whole. `content`: where a length-delimited one begins.
  bool skip(std::uint32_t wire_type, std::size_t& content) {
    content = at_;
    switch (wire_type) {
      case WireFormatLite::WIRETYPE_VARINT:
        return varint().has_value();
      case WireFormatLite::WIRETYPE_FIXED64:
        return advance(8);
      case WireFormatLite::WIRETYPE_FIXED32:
        return advance(4);
      case WireFormatLite::WIRETYPE_LENGTH_DELIMITED: {
        const auto length = varint();
        content = at_;
        return length && advance(*length);
      }
      default:
        return false;  // groups: nothing of the protocol has them
    }
  }

 private:
  bool advance(std::uint64_t by) {
    if (by > end_ - at_) return false;
    at_ += by;
    return true;
  }

  std::string_view bytes_;
  std::size_t at_;
  std::size_t end_;
};

std::uint32_t wire_type_of(const FieldDescriptor& field) {
  return WireFormatLite::WireTypeForFieldType(static_cast<WireFormatLite::FieldType>(field.type()));
}

class RangeWalker {
 public:
  explicit RangeWalker(std::string_view bytes) : bytes_(bytes) {}

  void message(const Descriptor& type, const std::string& prefix, std::size_t begin, std::size_t end, int depth) {
    WireReader reader(bytes_, begin, end);
    std::map<int, std::size_t> counts;  // of repeated fields
    while (!reader.done() && ranges_.size() < kFieldRangesMax) {
      const std::size_t offset = reader.position();
      const auto tag = reader.varint();
      if (!tag || *tag > UINT32_MAX) return;
      const int number = WireFormatLite::GetTagFieldNumber(static_cast<std::uint32_t>(*tag));
      const auto wire_type = static_cast<std::uint32_t>(*tag) & 7U;
      std::size_t content = 0;
      if (number == 0 || !reader.skip(wire_type, content)) return;
      const std::size_t length = reader.position() - offset;
      const FieldDescriptor* field = type.FindFieldByNumber(number);
      if (field == nullptr) {
        add(fmt::format("{}#{}", prefix, number), offset, length);
        continue;
      }
      const std::string name = prefix + field->name();
      if (field->is_packable() && wire_type == WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
        add(name, offset, length);
        elements(*field, name, content, reader.position(), counts[number]);
        continue;
      }
      const std::string path = field->is_repeated() ? fmt::format("{}[{}]", name, counts[number]++) : name;
      add(path, offset, length);
      const bool is_message = field->message_type() != nullptr && wire_type == wire_type_of(*field);
      if (is_message && depth < kDepthMax) {
        message(*field->message_type(), path + ".", content, reader.position(), depth + 1);
      }
    }
  }

  std::vector<FieldRange> take() { return std::move(ranges_); }

 private:
  void elements(const FieldDescriptor& field, const std::string& name, std::size_t begin, std::size_t end,
                std::size_t& count) {
    WireReader reader(bytes_, begin, end);
    std::size_t content = 0;
    while (!reader.done() && ranges_.size() < kFieldRangesMax) {
      const std::size_t offset = reader.position();
      if (!reader.skip(wire_type_of(field), content)) return;
      add(fmt::format("{}[{}]", name, count++), offset, reader.position() - offset);
    }
  }

  void add(std::string field, std::size_t offset, std::size_t length) {
    if (ranges_.size() < kFieldRangesMax) ranges_.push_back({std::move(field), offset, length});
  }

  std::string_view bytes_;
  std::vector<FieldRange> ranges_;
};

}  // namespace

std::vector<FieldRange> field_ranges(std::string_view bytes, const Descriptor& message) {
  RangeWalker walker(bytes);
  walker.message(message, "", 0, bytes.size(), 0);
  return walker.take();
}

}  // namespace mmm::mesh
