#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// Protobuf's wire format, read without copies and without trust in a single byte.
namespace mmm::upload {

// A field as it stands: `varint` for types 0, 1 and 5, `bytes` for type 2.
struct WireField {
  std::uint32_t number = 0;
  std::uint32_t type = 0;
  std::uint64_t varint = 0;
  std::string_view bytes;
};

inline constexpr std::uint32_t kWireVarint = 0;
inline constexpr std::uint32_t kWireFixed64 = 1;
inline constexpr std::uint32_t kWireBytes = 2;
inline constexpr std::uint32_t kWireFixed32 = 5;

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : next_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  [[nodiscard]] bool at_end() const { return next_ == end_; }
  // Where the next field begins.
  [[nodiscard]] const char* position() const { return next_; }

  // Reads one field. False: the bytes are not protobuf (cut off, over-long varint, field number 0, a group).
  [[nodiscard]] bool read(WireField& field) {
    std::uint64_t tag = 0;
    if (!read_varint(tag) || tag > 0xFFFFFFFFU) return false;
    field.number = static_cast<std::uint32_t>(tag >> 3U);
    field.type = static_cast<std::uint32_t>(tag & 7U);
    if (field.number == 0) return false;
    switch (field.type) {
      case kWireVarint:
        return read_varint(field.varint);
      case kWireBytes: {
        std::uint64_t size = 0;
        if (!read_varint(size) || size > remaining()) return false;
        field.bytes = std::string_view(next_, static_cast<std::size_t>(size));
        next_ += size;
        return true;
      }
      case kWireFixed64:
        return skip(8);
      case kWireFixed32:
        return skip(4);
      default:
        return false;
    }
  }

 private:
  [[nodiscard]] std::size_t remaining() const { return static_cast<std::size_t>(end_ - next_); }

  bool skip(std::size_t size) {
    if (size > remaining()) return false;
    next_ += size;
    return true;
  }

  bool read_varint(std::uint64_t& value) {
    if (next_ == end_) return false;
    auto byte = static_cast<std::uint8_t>(*next_++);
    value = byte & 0x7FU;
    for (unsigned shift = 7; (byte & 0x80U) != 0; shift += 7) {
      if (shift > 63 || next_ == end_) return false;
      byte = static_cast<std::uint8_t>(*next_++);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
    }
    return true;
  }

  const char* next_;
  const char* end_;
};

}  // namespace mmm::upload
