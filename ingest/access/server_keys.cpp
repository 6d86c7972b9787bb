#include "ingest/access/server_keys.h"

#include "ingest/access/key_store.h"
#include "ingest/key_file.h"

#include <utility>

namespace mmm::ingest {

Result<ServerKeys> read_server_keys(const ServerConfig& config, WallTime now) {
  auto store = KeyStore::read(config.key_store_path());
  if (!store) return fail(std::move(store).error());
  ServerKeys keys{.table = KeyTable(config.bind_keys, store->salt()), .made = false, .next_end = store->next_end(now)};
  store->add_to(keys.table, now);
  for (const ServerConfig::Named& key : config.api_keys) keys.table.add(key.name, key.value);
  if (!config.api_keys.empty()) return keys;

  std::error_code error;
  const bool wanted = keys.table.empty();
  if (!wanted && !std::filesystem::exists(config.key_path(), error)) return keys;
  auto key = read_or_make_key(config.key_path());
  if (!key) return fail(std::move(key).error());
  // Its owner has no name: it is good for every agent that has no key of its own.
  keys.table.add("", *key);
  keys.made = wanted;
  return keys;
}

}  // namespace mmm::ingest
