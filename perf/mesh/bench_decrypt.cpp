// What decrypting a packet costs: the keyring (choosing keys by hash, deciphering, judging), the cipher alone with its
// context kept, and a new context for each packet. perf/README.md says what it must show.

#include "core/base/check.h"
#include "core/mesh/decrypt.h"

#include <benchmark/benchmark.h>
#include <openssl/evp.h>

#include <string>

namespace mmm::perf {
namespace {

constexpr mesh::NodeNum kFrom = 0x12345678;
constexpr std::uint32_t kId = 77;

mesh::ChannelKey default_key() {
  return *mesh::ChannelKey::from_psk("\x01");
}

// A Data of about 60 bytes, in the clear.
std::string plaintext() {
  mesh::Data data;
  data.set_portnum(mesh::TEXT_MESSAGE_APP);
  data.set_payload("The repeater on the hill is back, thanks to all who helped");
  return data.SerializeAsString();
}

std::string ciphertext() {
  const std::string plain = plaintext();
  std::string out(plain.size(), '\0');
  mesh::ChannelCipher(default_key()).apply(kFrom, kId, plain, out.data());
  return out;
}

void keyring(benchmark::State& state) {
  mesh::Keyring keys;
  keys.add_default_channels();
  const std::uint8_t hash = mesh::channel_hash("LongFast", default_key());
  const std::string bytes = ciphertext();
  for (auto _ : state) {
    auto result = keys.decrypt(kFrom, kId, hash, bytes);
    MMM_CHECK(result.has_value());
    benchmark::DoNotOptimize(result->data);
  }
}
BENCHMARK(keyring);

void cipher(benchmark::State& state) {
  mesh::ChannelCipher channel(default_key());
  const std::string bytes = ciphertext();
  std::string out(bytes.size(), '\0');
  for (auto _ : state) {
    channel.apply(kFrom, kId, bytes, out.data());
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(cipher);

// OpenSSL alone: the same context and key, another nonce each time.
void kept_context(benchmark::State& state) {
  const mesh::ChannelKey key = default_key();
  const std::string bytes = ciphertext();
  std::string out(bytes.size(), '\0');
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  unsigned char nonce[16] = {};
  const auto* key_bytes = reinterpret_cast<const unsigned char*>(key.bytes().data());
  MMM_CHECK(EVP_EncryptInit_ex2(context, EVP_aes_128_ctr(), key_bytes, nonce, nullptr) == 1);
  for (auto _ : state) {
    ++nonce[0];
    int size = 0;
    MMM_CHECK(EVP_EncryptInit_ex2(context, nullptr, nullptr, nonce, nullptr) == 1);
    MMM_CHECK(EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()), &size,
                                reinterpret_cast<const unsigned char*>(bytes.data()),
                                static_cast<int>(bytes.size())) == 1);
    benchmark::DoNotOptimize(out.data());
  }
  EVP_CIPHER_CTX_free(context);
}
BENCHMARK(kept_context);

void new_context(benchmark::State& state) {
  const std::string bytes = ciphertext();
  std::string out(bytes.size(), '\0');
  for (auto _ : state) {
    mesh::ChannelCipher(default_key()).apply(kFrom, kId, bytes, out.data());
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(new_context);

// What the plaintext costs to be read as a message, which no cipher saves.
void parse_alone(benchmark::State& state) {
  const std::string plain = plaintext();
  for (auto _ : state) {
    mesh::Data data;
    MMM_CHECK(data.ParseFromString(plain));
    benchmark::DoNotOptimize(data);
  }
}
BENCHMARK(parse_alone);

}  // namespace
}  // namespace mmm::perf
