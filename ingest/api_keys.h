#pragma once

#include "core/base/result.h"
#include "core/http/message.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mmm::ingest {

// The keys that agents upload with, by name.
//
// A key whose name is an agent's id belongs to that agent: with bound keys, that agent's uploads are taken with that
// key only (without regard to case, as configuration files are read). Agents without a key of their name may use any
// key, as with the Python version, whose key names mean nothing.
//
// Keys are kept as salted hashes, so that a lookup takes the same time whatever the key looks like, and a memory dump
// does not show them. Filled before the server starts, then only read, from every I/O thread.
class ApiKeys {
 public:
  // `bound`: false, any key is good for any agent.
  explicit ApiKeys(bool bound = true);

  // The same key under two names is one key with two names.
  void add(std::string_view name, std::string_view key);
  [[nodiscard]] bool empty() const { return names_.empty(); }

  // The names, in lower case, of the request's key, from `Authorization: Bearer KEY` or `X-API-Key: KEY`. Fails with
  // kUnauthorized, and says what is missing.
  Result<const std::vector<std::string>*> authenticate(const http::Request& request) const;

  // Whether a key with these names may upload for the agent. Fails with kForbidden.
  Result<> authorize(const std::vector<std::string>& names, std::string_view agent_id) const;

 private:
  using Digest = std::array<unsigned char, 32>;
  [[nodiscard]] Digest digest(std::string_view key) const;

  bool bound_;
  std::string salt_;
  std::map<Digest, std::vector<std::string>> keys_;
  std::set<std::string> names_;  // lower case
};

// A new key: 32 hexadecimal characters from the system's random source.
std::string make_api_key();

}  // namespace mmm::ingest
