#pragma once

#include "core/base/published.h"
#include "core/base/result.h"
#include "core/http/message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::ingest {

// SHA-256.
using KeyDigest = std::array<unsigned char, 32>;

// Of a key, behind the salt: what is kept of it.
KeyDigest digest_key(std::string_view salt, std::string_view key);

// A salt for a new table or file, from the system's random source.
std::string make_key_salt();

// A new key: 32 hexadecimal characters from the system's random source.
std::string make_api_key();

// Keys by name. A value: filled, then only read.
class KeyTable {
 public:
  // `bound`: false, any key is good for any agent, but for those of add_own().
  explicit KeyTable(bool bound = true, std::string salt = make_key_salt());

  // The same key under two names is one key with two names.
  void add(std::string_view name, std::string_view key);
  // A key that is good for the agent of this name only, and was made by make_api_key(). `digest` was made with this
  // table's salt.
  void add_own(std::string_view name, const KeyDigest& digest);

  [[nodiscard]] bool empty() const { return keys_.empty(); }
  [[nodiscard]] std::size_t size() const { return keys_.size(); }
  [[nodiscard]] const std::string& salt() const { return salt_; }

  // Null when there is no such key.
  [[nodiscard]] std::shared_ptr<const http::Identity> find(std::string_view key) const;
  // As ApiKeys::authorize().
  [[nodiscard]] Result<> authorize(const http::Identity& identity, std::string_view agent_id) const;

 private:
  struct Nature {
    bool own_only;
    bool guessable;
  };
  void add_name(const KeyDigest& digest, std::string_view name, Nature nature);

  bool bound_;
  std::string salt_;
  // What an attacker could time is a comparison of salted digests, which he can neither choose nor know: how long it
  // takes says nothing about a key.
  std::map<KeyDigest, std::shared_ptr<const http::Identity>> keys_;
  std::set<std::string> names_;  // lower case
};

// The keys that agents upload with, by name.
//
// A key whose name is an agent's id belongs to that agent: with bound keys, that agent's uploads are taken with that
// key only (without regard to case, as configuration files are read). Agents without a key of their name may use any
// key of the configuration, as with the Python version, whose key names mean nothing; a key that was made by command
// (access/key_store.h) is good for its own agent alone.
//
// Keys are kept as salted hashes, so that a lookup takes the same time whatever the key looks like, and a memory dump
// does not show them. Thread-safe; replaced as a whole while the server runs.
class ApiKeys {
 public:
  explicit ApiKeys(bool bound = true);

  void replace(KeyTable table);
  // For keys known from the start; as KeyTable::add().
  void add(std::string_view name, std::string_view key);
  [[nodiscard]] std::shared_ptr<const KeyTable> table() const { return table_.get(); }

  // Whose key the request has, from `Authorization: Bearer KEY` or `X-API-Key: KEY`. Fails with kUnauthorized, and says
  // what is missing.
  Result<std::shared_ptr<const http::Identity>> authenticate(const http::Request& request) const;

  // Whether a key of this identity may upload for the agent. Fails with kForbidden.
  Result<> authorize(const http::Identity& identity, std::string_view agent_id) const;

 private:
  Published<KeyTable> table_;
};

// The token of an `Authorization: Bearer` header; empty when there is none, or another scheme.
std::string_view bearer_token(const http::Request& request);

}  // namespace mmm::ingest
