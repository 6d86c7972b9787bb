#include "perf/sim/mesh/channels.h"

#include "core/base/check.h"

namespace mmm::sim {
namespace {

constexpr std::string_view kForeignPrivatePsk = "nobody who listens knows this 32";  // 32 bytes

AirChannelInfo make(std::string_view name, std::string_view psk) {
  auto key = mesh::ChannelKey::from_psk(psk);
  MMM_CHECK(key.has_value());
  return {.name = name, .key = *key, .hash = mesh::channel_hash(name, *key)};
}

}  // namespace

const AirChannelInfo& channel_info(AirChannel channel) {
  static const std::array kChannels = {make("LongFast", kDefaultPsk), make(kSecondChannelName, kSecondChannelPsk),
                                       make(kForeignDefaultKeyName, kDefaultPsk),
                                       make(kForeignPrivateName, kForeignPrivatePsk)};
  MMM_CHECK(channel != AirChannel::kDirect);
  return kChannels[static_cast<std::size_t>(channel)];
}

ChannelEncryptor::ChannelEncryptor()
    : ciphers_{mesh::ChannelCipher(channel_info(AirChannel::kLongFast).key),
               mesh::ChannelCipher(channel_info(AirChannel::kSecond).key),
               mesh::ChannelCipher(channel_info(AirChannel::kForeignDefaultKey).key),
               mesh::ChannelCipher(channel_info(AirChannel::kForeignPrivate).key)} {}

std::string ChannelEncryptor::encrypt(const AirPacket& packet) {
  const std::string plain = packet.data.SerializeAsString();
  std::string out(plain.size(), '\0');
  ciphers_[static_cast<std::size_t>(packet.channel)].apply(packet.from, packet.id, plain, out.data());
  return out;
}

}  // namespace mmm::sim
