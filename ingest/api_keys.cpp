#include "ingest/api_keys.h"

#include "core/base/ascii.h"
#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/http/parse/tokens.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace mmm::ingest {
namespace {

constexpr std::size_t kKeyRandomBytes = 16;
constexpr std::size_t kSaltBytes = 32;
// No key is longer; hashing what an attacker sends must stay cheap.
constexpr std::size_t kKeyBytesMax = 512;
// As many characters have a key that was made here, and what `openssl rand -hex 16` prints: nobody gets there by
// trying.
constexpr std::size_t kUnguessableKeyBytes = 2 * kKeyRandomBytes;

std::string random_bytes(std::size_t size) {
  std::string bytes(size, '\0');
  MMM_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) == 1);
  return bytes;
}

}  // namespace

KeyDigest digest_key(std::string_view salt, std::string_view key) {
  std::string salted(salt);
  salted.append(key);
  KeyDigest digest{};
  unsigned size = 0;
  MMM_CHECK(EVP_Digest(salted.data(), salted.size(), digest.data(), &size, EVP_sha256(), nullptr) == 1);
  MMM_CHECK(size == digest.size());
  return digest;
}

std::string make_key_salt() {
  return random_bytes(kSaltBytes);
}

std::string make_api_key() {
  return to_hex(random_bytes(kKeyRandomBytes));
}

KeyTable::KeyTable(bool bound, std::string salt) : bound_(bound), salt_(std::move(salt)) {}

void KeyTable::add(std::string_view name, std::string_view key) {
  add_name(digest_key(salt_, key), name, {.own_only = false, .guessable = key.size() < kUnguessableKeyBytes});
}

void KeyTable::add_own(std::string_view name, const KeyDigest& digest) {
  add_name(digest, name, {.own_only = true, .guessable = false});
}

void KeyTable::add_name(const KeyDigest& digest, std::string_view name, Nature nature) {
  std::shared_ptr<const http::Identity>& entry = keys_[digest];
  // A new one, for the old may be in use by a copy of this table.
  auto identity = entry ? std::make_shared<http::Identity>(*entry) : std::make_shared<http::Identity>();
  identity->names.push_back(ascii_lower(name));
  // A key that the configuration names too is one of the configuration.
  identity->own_only = nature.own_only && (!entry || entry->own_only);
  identity->guessable = nature.guessable;
  entry = std::move(identity);
  names_.insert(ascii_lower(name));
}

std::shared_ptr<const http::Identity> KeyTable::find(std::string_view key) const {
  if (key.empty() || key.size() > kKeyBytesMax) return nullptr;
  const auto found = keys_.find(digest_key(salt_, key));
  return found != keys_.end() ? found->second : nullptr;
}

Result<> KeyTable::authorize(const http::Identity& identity, std::string_view agent_id) const {
  const std::string own = ascii_lower(agent_id);
  if (std::ranges::find(identity.names, own) != identity.names.end()) return {};
  if (identity.own_only) {
    return fail(ErrorKind::kForbidden,
                "this key is for the agent {} alone, and not for {}: give {} a key of its own (mmm-server keys add {})",
                identity.names.front(), agent_id, agent_id, agent_id);
  }
  if (!bound_ || !names_.contains(own)) return {};
  return fail(ErrorKind::kForbidden,
              "agent {} has a key of its own on the server ([api_keys] {} or mmm-server keys), and this is another "
              "one: use that key, or another agent id",
              agent_id, agent_id);
}

ApiKeys::ApiKeys(bool bound) : table_(std::make_shared<const KeyTable>(bound)) {}

void ApiKeys::replace(KeyTable table) {
  table_.publish(std::make_shared<const KeyTable>(std::move(table)));
}

void ApiKeys::add(std::string_view name, std::string_view key) {
  KeyTable table = *table_.get();
  table.add(name, key);
  replace(std::move(table));
}

Result<std::shared_ptr<const http::Identity>> ApiKeys::authenticate(const http::Request& request) const {
  std::string_view key = bearer_token(request);
  if (key.empty()) key = request.header("x-api-key");
  if (key.empty()) {
    return fail(ErrorKind::kUnauthorized,
                "the request has no key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'");
  }
  if (auto identity = table_.get()->find(key)) return identity;
  return fail(ErrorKind::kUnauthorized,
              "the server does not know this key: compare the agent's api_key with the server's [api_keys] and with "
              "'mmm-server keys list'");
}

Result<> ApiKeys::authorize(const http::Identity& identity, std::string_view agent_id) const {
  return table_.get()->authorize(identity, agent_id);
}

std::string_view bearer_token(const http::Request& request) {
  constexpr std::string_view kScheme = "bearer ";
  std::string_view value = request.header("authorization");
  if (value.size() <= kScheme.size() || !http::equals_ignoring_case(value.substr(0, kScheme.size()), kScheme)) {
    return {};
  }
  value.remove_prefix(kScheme.size());
  while (value.starts_with(' ')) value.remove_prefix(1);
  return value;
}

}  // namespace mmm::ingest
