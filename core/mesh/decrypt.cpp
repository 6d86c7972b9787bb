#include "core/mesh/decrypt.h"

#include "core/base/check.h"
#include "core/base/encoding.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace mmm::mesh {
namespace {

// The greatest port number the protocol allows.
constexpr int kPortMax = PortNum::MAX;

void put_u32_le(unsigned char* out, std::uint32_t value) {
  for (unsigned i = 0; i < 4; ++i) out[i] = static_cast<unsigned char>(value >> (8 * i));
}

bool is_believable(const Data& data) {
  return data.portnum() > 0 && data.portnum() <= kPortMax && data.GetReflection()->GetUnknownFields(data).empty();
}

}  // namespace

void ChannelCipher::FreeContext::operator()(evp_cipher_ctx_st* context) const {
  EVP_CIPHER_CTX_free(context);
}

ChannelCipher::ChannelCipher(const ChannelKey& key) {
  if (!key.encrypts()) {
    return;
  }
  context_.reset(EVP_CIPHER_CTX_new());
  MMM_CHECK(context_ != nullptr);
  const EVP_CIPHER* cipher = key.bytes().size() == 16 ? EVP_aes_128_ctr() : EVP_aes_256_ctr();
  const auto* bytes = reinterpret_cast<const unsigned char*>(key.bytes().data());
  MMM_CHECK(EVP_EncryptInit_ex(context_.get(), cipher, nullptr, bytes, nullptr) == 1);
}

void ChannelCipher::apply(NodeNum from, std::uint32_t packet_id, std::string_view in, char* out) {
  if (context_ == nullptr) {
    std::ranges::copy(in, out);
    return;
  }
  // Packet id as 64 bits, sender, then the block counter, which counts from 0.
  std::array<unsigned char, 16> nonce{};
  put_u32_le(nonce.data(), packet_id);
  put_u32_le(nonce.data() + 8, from);
  int written = 0;
  MMM_CHECK(EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, nonce.data()) == 1);
  MMM_CHECK(EVP_EncryptUpdate(context_.get(), reinterpret_cast<unsigned char*>(out), &written,
                              reinterpret_cast<const unsigned char*>(in.data()), static_cast<int>(in.size())) == 1);
  MMM_CHECK(static_cast<std::size_t>(written) == in.size());
}

void Keyring::add(std::string_view channel_name, const ChannelKey& key) {
  const bool known =
      std::ranges::any_of(entries_, [&](const Entry& entry) { return entry.name == channel_name && entry.key == key; });
  if (!known) {
    entries_.push_back({std::string(channel_name), key, channel_hash(channel_name, key), ChannelCipher(key)});
  }
}

void Keyring::add_default_channels() {
  const ChannelKey key = *ChannelKey::from_psk("\x01");
  const auto* presets = Config::LoRaConfig::ModemPreset_descriptor();
  for (int i = 0; i < presets->value_count(); ++i) {
    const auto name = preset_channel_name(static_cast<Config::LoRaConfig::ModemPreset>(presets->value(i)->number()));
    if (name != kInvalidPresetName) add(name, key);
  }
}

Keyring Keyring::copy() const {
  Keyring other;
  for (const Entry& entry : entries_) other.add(entry.name, entry.key);
  return other;
}

std::uint64_t Keyring::fingerprint() const {
  std::string text;
  for (const Entry& entry : entries_) {
    append_u64_be(text, entry.name.size());
    text += entry.name;
    append_u64_be(text, entry.key.bytes().size());
    text += entry.key.bytes();
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  MMM_CHECK(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  OPENSSL_cleanse(text.data(), text.size());
  return load_u64_be({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::optional<Decrypted> Keyring::decrypt(NodeNum from, std::uint32_t packet_id, std::uint32_t channel,
                                          std::string_view ciphertext) {
  Decrypted result;
  for (Entry& entry : entries_) {
    if (entry.hash != channel) continue;
    result.plaintext.resize(ciphertext.size());
    entry.cipher.apply(from, packet_id, ciphertext, result.plaintext.data());
    if (result.data.ParseFromString(result.plaintext) && is_believable(result.data)) {
      result.channel_name = entry.name;
      return result;
    }
  }
  return std::nullopt;
}

}  // namespace mmm::mesh
