#pragma once

#include "core/upload/wire_reader.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Protobuf's wire format, appended to a string.
namespace mmm::upload {

constexpr std::size_t varint_size(std::uint64_t value) {
  std::size_t size = 1;
  while (value >= 0x80U) {
    value >>= 7U;
    ++size;
  }
  return size;
}

inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80U) {
    out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

inline void append_tag(std::string& out, std::uint32_t number, std::uint32_t type) {
  append_varint(out, (static_cast<std::uint64_t>(number) << 3U) | type);
}

inline void append_bytes_field(std::string& out, std::uint32_t number, std::string_view bytes) {
  append_tag(out, number, kWireBytes);
  append_varint(out, bytes.size());
  out.append(bytes);
}

}  // namespace mmm::upload
