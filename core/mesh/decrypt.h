#pragma once

#include "core/base/result.h"
#include "core/mesh/channel_key.h"
#include "core/mesh/mesh_packet.pb.h"
#include "core/mesh/node_id.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct evp_cipher_ctx_st;  // OpenSSL's, kept out of this header

namespace mmm::mesh {

// AES-CTR with one key, as channels use it; the cipher context is made once. Encrypting and decrypting are the same.
// Not thread-safe. A key that does not encrypt copies.
class ChannelCipher {
 public:
  explicit ChannelCipher(const ChannelKey& key);

  // Writes as many bytes to `out` as `in` has; the buffers may be the same.
  void apply(NodeNum from, std::uint32_t packet_id, std::string_view in, char* out);

 private:
  struct FreeContext {
    void operator()(evp_cipher_ctx_st* context) const;
  };
  std::unique_ptr<evp_cipher_ctx_st, FreeContext> context_;  // empty: no encryption
};

struct Decrypted {
  Data data;
  std::string plaintext;          // the serialized Data
  std::string_view channel_name;  // owned by the keyring
};

// The channels whose packets we can read. The channel hash in a packet chooses the keys to try; it is only a hint, so
// all with that hash are tried. There is no authentication: a result is believed when it parses as Data without unknown
// fields and names a valid port, which noise does rarely but sometimes. Not thread-safe: one for each thread.
class Keyring {
 public:
  // Names and keys as in channel_key.h; the name is the effective one. The same channel added twice is kept once.
  void add(std::string_view channel_name, const ChannelKey& key);
  // The channel of each modem preset with the default key, which every radio has as it comes out of the box.
  void add_default_channels();

  [[nodiscard]] std::size_t size() const { return entries_.size(); }

  // The same channels, for another thread.
  [[nodiscard]] Keyring copy() const;
  // Tells this set of names and keys, in their order, from others; does not give the keys away.
  [[nodiscard]] std::uint64_t fingerprint() const;

  // `channel`: of the packet, which is the hash of its channel when it is one byte. Empty when no known channel fits.
  std::optional<Decrypted> decrypt(NodeNum from, std::uint32_t packet_id, std::uint32_t channel,
                                   std::string_view ciphertext);

 private:
  struct Entry {
    std::string name;
    ChannelKey key;
    std::uint8_t hash;
    ChannelCipher cipher;
  };
  std::vector<Entry> entries_;
};

}  // namespace mmm::mesh
