#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// Unsigned integers in 7-bit groups, lowest first, as protobuf has them: small numbers take one byte.
namespace mmm {

inline void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80U) {
    out.push_back(static_cast<char>(value | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

// Signed integers near zero as unsigned ones near zero: 0, -1, 1, -2, …
constexpr std::uint64_t to_zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1U ^ static_cast<std::uint64_t>(value >> 63U);
}
constexpr std::int64_t from_zigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
}

// Takes a varint from the front of `bytes`. False: they end within it, or it is longer than 64 bits; then `bytes` is
// not to be read on.
inline bool take_varint(std::string_view& bytes, std::uint64_t& value) {
  value = 0;
  for (std::size_t i = 0; i < bytes.size() && i < 10; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 9 && byte > 1) return false;
    value |= std::uint64_t{byte & 0x7FU} << (7 * i);
    if (byte < 0x80U) {
      bytes.remove_prefix(i + 1);
      return true;
    }
  }
  return false;
}

}  // namespace mmm
