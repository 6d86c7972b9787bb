#include "perf/sim/mesh/keys.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <memory>
#include <optional>
#include <string>

namespace mmm::sim {
namespace {

unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}
const unsigned char* raw(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string shared_hash(const std::string& private_key, const std::string& public_key) {
  EVP_PKEY* own = EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, raw(private_key), 32);
  EVP_PKEY* peer = EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr, raw(public_key), 32);
  EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(own, nullptr);
  std::string secret(32, '\0');
  std::size_t size = 32;
  EXPECT_EQ(EVP_PKEY_derive_init(context), 1);
  EXPECT_EQ(EVP_PKEY_derive_set_peer(context, peer), 1);
  EXPECT_EQ(EVP_PKEY_derive(context, raw(secret), &size), 1);
  EVP_PKEY_CTX_free(context);
  EVP_PKEY_free(own);
  EVP_PKEY_free(peer);
  std::string hash(32, '\0');
  SHA256(raw(secret), 32, raw(hash));
  return hash;
}

// The receiver's side, with the layout ciphertext | tag of 8 | extra nonce of 4.
std::optional<std::string> decrypt(const std::string& sealed, const std::string& key, const std::string& id_bytes,
                                   const std::string& from_bytes) {
  std::string cipher = sealed.substr(0, sealed.size() - 12);
  std::string tag = sealed.substr(sealed.size() - 12, 8);
  const std::string nonce = id_bytes + sealed.substr(sealed.size() - 4) + from_bytes + std::string(1, '\0');
  std::string plain(cipher.size(), '\0');
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  int size = 0;
  EVP_DecryptInit_ex(context, EVP_aes_256_ccm(), nullptr, nullptr, nullptr);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_IVLEN, 13, nullptr);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 8, raw(tag));
  EVP_DecryptInit_ex(context, nullptr, nullptr, raw(key), raw(nonce));
  EVP_DecryptUpdate(context, nullptr, &size, nullptr, static_cast<int>(cipher.size()));
  const int ok = EVP_DecryptUpdate(context, raw(plain), &size, raw(cipher), static_cast<int>(cipher.size()));
  EVP_CIPHER_CTX_free(context);
  if (ok != 1) return std::nullopt;
  return plain;
}

TEST(Keys, OnlyTheReceiverReadsADirectMessage) {
  Random random(1);
  const KeyPair sender = make_key_pair(random);
  const KeyPair receiver = make_key_pair(random);
  const KeyPair stranger = make_key_pair(random);
  const std::string sealed =
      encrypt_direct("hello", sender.private_key, receiver.public_key, 0x11223344, 0xAABBCCDD, 0x01020304);
  ASSERT_EQ(sealed.size(), 5U + 12U);
  EXPECT_EQ(sealed.substr(13), "\x04\x03\x02\x01");
  const std::string id = "\x44\x33\x22\x11";
  const std::string from = "\xDD\xCC\xBB\xAA";
  EXPECT_EQ(decrypt(sealed, shared_hash(receiver.private_key, sender.public_key), id, from), "hello");
  EXPECT_EQ(decrypt(sealed, shared_hash(stranger.private_key, sender.public_key), id, from), std::nullopt);
}

TEST(Keys, NodeNumberIsTheCrc32OfTheKey) {
  EXPECT_EQ(node_number_of("123456789"), 0xCBF43926U);
}

}  // namespace
}  // namespace mmm::sim
