#include "perf/sim/mesh/keys.h"

#include "core/base/check.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <zlib.h>

#include <array>
#include <memory>

namespace mmm::sim {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr int kTagBytes = 8;
constexpr int kNonceBytes = 13;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

void append_le(std::string& out, std::uint32_t value) {
  for (unsigned shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(value >> shift));
}

// SHA-256 of the X25519 shared secret.
std::string shared_key(std::string_view private_key, std::string_view peer_public_key) {
  const Key own(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes_of(private_key), private_key.size()),
                EVP_PKEY_free);
  const Key peer(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, bytes_of(peer_public_key), peer_public_key.size()),
      EVP_PKEY_free);
  const KeyContext context(EVP_PKEY_CTX_new(own.get(), nullptr), EVP_PKEY_CTX_free);
  std::string secret(kKeyBytes, '\0');
  std::size_t size = secret.size();
  MMM_CHECK(EVP_PKEY_derive_init(context.get()) == 1);
  MMM_CHECK(EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1);
  MMM_CHECK(EVP_PKEY_derive(context.get(), bytes_of(secret), &size) == 1);
  std::string hashed(SHA256_DIGEST_LENGTH, '\0');
  SHA256(bytes_of(secret), size, bytes_of(hashed));
  return hashed;
}

}  // namespace

KeyPair make_key_pair(Random& random) {
  KeyPair pair{.private_key = random.bytes(kKeyBytes), .public_key = std::string(kKeyBytes, '\0')};
  // The clamping that X25519 asks for.
  pair.private_key[0] = static_cast<char>(pair.private_key[0] & 0xF8);
  pair.private_key[31] = static_cast<char>((pair.private_key[31] & 0x7F) | 0x40);
  const Key key(EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, bytes_of(pair.private_key), kKeyBytes),
                EVP_PKEY_free);
  std::size_t size = kKeyBytes;
  MMM_CHECK(EVP_PKEY_get_raw_public_key(key.get(), bytes_of(pair.public_key), &size) == 1);
  return pair;
}

std::uint32_t node_number_of(std::string_view public_key) {
  return static_cast<std::uint32_t>(crc32(0, bytes_of(public_key), static_cast<unsigned>(public_key.size())));
}

std::string encrypt_direct(std::string_view plain, std::string_view private_key, std::string_view peer_public_key,
                           std::uint32_t packet_id, std::uint32_t from, std::uint32_t extra_nonce) {
  const std::string key = shared_key(private_key, peer_public_key);
  std::string nonce;
  append_le(nonce, packet_id);
  append_le(nonce, extra_nonce);
  append_le(nonce, from);
  nonce.push_back('\0');

  const CipherContext context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  EVP_CIPHER_CTX* const c = context.get();
  std::string out(plain.size() + kTagBytes, '\0');
  int written = 0;
  MMM_CHECK(EVP_EncryptInit_ex(c, EVP_aes_256_ccm(), nullptr, nullptr, nullptr) == 1);
  MMM_CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_IVLEN, kNonceBytes, nullptr) == 1);
  MMM_CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, kTagBytes, nullptr) == 1);
  MMM_CHECK(EVP_EncryptInit_ex(c, nullptr, nullptr, bytes_of(key), bytes_of(nonce)) == 1);
  MMM_CHECK(EVP_EncryptUpdate(c, nullptr, &written, nullptr, static_cast<int>(plain.size())) == 1);
  MMM_CHECK(EVP_EncryptUpdate(c, bytes_of(out), &written, bytes_of(plain), static_cast<int>(plain.size())) == 1);
  MMM_CHECK(EVP_EncryptFinal_ex(c, bytes_of(out) + written, &written) == 1);
  MMM_CHECK(EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, kTagBytes, bytes_of(out) + plain.size()) == 1);
  append_le(out, extra_nonce);
  return out;
}

}  // namespace mmm::sim
