#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mmm {

// Lower-case hexadecimal, two characters a byte.
std::string to_hex(std::string_view bytes);
// Either case; empty for an odd length or another character.
std::optional<std::string> from_hex(std::string_view text);

// RFC 4648 base64 with padding.
std::string to_base64(std::string_view bytes);
// Standard or URL alphabet, padding optional; empty for anything else.
std::optional<std::string> from_base64(std::string_view text);

// Appends an unsigned integer of 8 bytes, big-endian, so that byte order is number order (RocksDB keys).
void append_u64_be(std::string& out, std::uint64_t value);
// Reads 8 bytes big-endian from the front; `bytes` must hold at least 8.
std::uint64_t load_u64_be(std::string_view bytes);

// Valid UTF-8 from any bytes: each malformed piece becomes U+FFFD, NUL too. For names and texts that come from the air.
std::string sanitize_utf8(std::string_view bytes);
// True when the bytes are well-formed UTF-8 without NUL.
bool is_valid_utf8(std::string_view bytes);

}  // namespace mmm
