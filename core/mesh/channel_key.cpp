#include "core/mesh/channel_key.h"

#include "core/base/ascii.h"
#include "core/base/encoding.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

namespace mmm::mesh {
namespace {

constexpr std::size_t kPskBytesMax = 32;
constexpr std::uint32_t kSimpleKeyMax = 9;

// The key that every radio has for a channel whose pre-shared key is the single byte 1.
constexpr std::array<unsigned char, 16> kDefaultKey = {0xd4, 0xf1, 0xbb, 0x3a, 0x20, 0x29, 0x07, 0x59,
                                                       0xf0, 0xbc, 0xff, 0xab, 0xcf, 0x4e, 0x69, 0x01};

std::uint8_t xor_of(std::string_view bytes) {
  unsigned char result = 0;
  for (const char c : bytes) result ^= static_cast<unsigned char>(c);
  return result;
}

// "simple 3", "simple3"; the argument is what follows "simple".
std::optional<std::string> parse_simple(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint32_t number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || stop != text.data() + text.size() || number > kSimpleKeyMax) {
    return std::nullopt;
  }
  return std::string(1, static_cast<char>(number + 1));
}

std::optional<std::string> parse_bytes(std::string_view text, const std::string& lower) {
  if (lower.starts_with("base64:")) return from_base64(text.substr(7));
  if (lower.starts_with("hex:")) return from_hex(text.substr(4));
  if (lower.starts_with("0x")) return from_hex(text.substr(2));
  // Both are base64 too, but of 24 and 48 bytes, which no channel has.
  if (text.size() == 32 || text.size() == 64) {
    if (auto bytes = from_hex(text)) return bytes;
  }
  return from_base64(text);
}

}  // namespace

Result<ChannelKey> ChannelKey::from_psk(std::string_view psk) {
  if (psk.size() > kPskBytesMax) {
    return fail(ErrorKind::kInvalidArgument, "a channel key has at most {} bytes, not {}", kPskBytesMax, psk.size());
  }
  ChannelKey key;
  if (psk.empty() || (psk.size() == 1 && psk[0] == 0)) {
    return key;
  }
  if (psk.size() == 1) {
    std::ranges::transform(kDefaultKey, key.bytes_.begin(), [](unsigned char byte) { return static_cast<char>(byte); });
    key.bytes_[15] = static_cast<char>(kDefaultKey[15] + static_cast<unsigned char>(psk[0]) - 1);
    key.size_ = 16;
    return key;
  }
  std::ranges::copy(psk, key.bytes_.begin());
  key.size_ = psk.size() <= 16 ? 16 : 32;
  return key;
}

std::uint8_t ChannelKey::xor_of_bytes() const {
  return xor_of(bytes());
}

Result<std::string> parse_psk(std::string_view text) {
  const std::string lower = ascii_lower(text);
  std::optional<std::string> psk;
  if (lower == "none") {
    psk = std::string(1, '\0');
  } else if (lower == "default") {
    psk = std::string(1, '\1');
  } else if (lower.starts_with("simple")) {
    psk = parse_simple(std::string_view(lower).substr(6));
  } else if (!text.empty()) {
    psk = parse_bytes(text, lower);
  }
  if (!psk || psk->size() > kPskBytesMax) {
    return fail(
        ErrorKind::kInvalidArgument,
        "not a channel key: write none, default, simple 0 to simple 9, base64 (AQ==) or hex after 0x, of at most "
        "{} bytes",
        kPskBytesMax);
  }
  return *std::move(psk);
}

std::uint8_t channel_hash(std::string_view name, std::uint8_t xor_of_key_bytes) {
  return static_cast<std::uint8_t>(xor_of(name) ^ xor_of_key_bytes);
}

std::uint8_t channel_hash(std::string_view name, const ChannelKey& key) {
  return channel_hash(name, key.xor_of_bytes());
}

std::string_view preset_channel_name(Config::LoRaConfig::ModemPreset preset) {
  using Lora = Config::LoRaConfig;
  switch (preset) {
    case Lora::SHORT_TURBO:
      return "ShortTurbo";
    case Lora::SHORT_SLOW:
      return "ShortSlow";
    case Lora::SHORT_FAST:
      return "ShortFast";
    case Lora::MEDIUM_SLOW:
      return "MediumSlow";
    case Lora::MEDIUM_FAST:
      return "MediumFast";
    case Lora::MEDIUM_TURBO:
      return "MediumTurbo";
    case Lora::LONG_SLOW:
      return "LongSlow";
    case Lora::LONG_FAST:
      return "LongFast";
    case Lora::LONG_TURBO:
      return "LongTurbo";
    case Lora::LONG_MODERATE:
      return "LongMod";
    case Lora::LITE_FAST:
      return "LiteFast";
    case Lora::LITE_SLOW:
      return "LiteSlow";
    case Lora::NARROW_FAST:
      return "NarrowFast";
    case Lora::NARROW_SLOW:
      return "NarrowSlow";
    case Lora::TINY_FAST:
      return "TinyFast";
    case Lora::TINY_SLOW:
      return "TinySlow";
    default:
      return kInvalidPresetName;
  }
}

std::string_view effective_channel_name(std::string_view name, bool use_preset,
                                        Config::LoRaConfig::ModemPreset preset) {
  if (!name.empty()) return name;
  return use_preset ? preset_channel_name(preset) : "Custom";
}

}  // namespace mmm::mesh
