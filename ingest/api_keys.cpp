#include "ingest/api_keys.h"

#include "core/base/check.h"
#include "core/base/encoding.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>

namespace mmm::ingest {
namespace {

constexpr std::size_t kKeyRandomBytes = 16;
constexpr std::size_t kSaltBytes = 32;
// No key is longer; hashing what an attacker sends must stay cheap.
constexpr std::size_t kKeyBytesMax = 512;

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  MMM_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) == 1);
  return bytes;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  }
  return out;
}

// The key of an Authorization header; empty when it has another scheme.
std::string_view bearer_key(std::string_view value) {
  constexpr std::string_view kScheme = "bearer ";
  if (value.size() <= kScheme.size() || lower(value.substr(0, kScheme.size())) != kScheme) return {};
  value.remove_prefix(kScheme.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

}  // namespace

ApiKeys::ApiKeys(bool bound) : bound_(bound), salt_(random_bytes(kSaltBytes)) {}

ApiKeys::Digest ApiKeys::digest(std::string_view key) const {
  std::string salted = salt_;
  salted.append(key);
  Digest digest{};
  unsigned size = 0;
  MMM_CHECK(EVP_Digest(salted.data(), salted.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  MMM_CHECK(size == digest.size());
  return digest;
}

void ApiKeys::add(std::string_view name, std::string_view key) {
  keys_[digest(key)].push_back(lower(name));
  names_.insert(lower(name));
}

Result<const std::vector<std::string>*> ApiKeys::authenticate(const http::Request& request) const {
  std::string_view key = bearer_key(request.header("authorization"));
  if (key.empty()) key = request.header("x-api-key");
  if (key.empty()) {
    return fail(ErrorKind::kUnauthorized,
                "the request has no key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'");
  }
  if (key.size() <= kKeyBytesMax) {
    if (const auto found = keys_.find(digest(key)); found != keys_.end()) return &found->second;
  }
  return fail(ErrorKind::kUnauthorized,
              "the server does not know this key: compare the agent's api_key with the server's [api_keys]");
}

Result<> ApiKeys::authorize(const std::vector<std::string>& names, std::string_view agent_id) const {
  const std::string own = lower(agent_id);
  if (!bound_ || !names_.contains(own) || std::ranges::find(names, own) != names.end()) return {};
  return fail(ErrorKind::kForbidden,
              "agent {} has a key of its own on the server ([api_keys] {}), and this is another one: use that key, or "
              "another agent id",
              agent_id, agent_id);
}

std::string make_api_key() {
  return to_hex(random_bytes(kKeyRandomBytes));
}

}  // namespace mmm::ingest
