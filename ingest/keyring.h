#pragma once

#include "core/base/result.h"
#include "core/mesh/decrypt.h"
#include "ingest/config.h"

#include <memory>

namespace mmm::ingest {

// The channels whose packets this server can read: those with the key that every radio comes with, and the ones of
// [channels]. A keyring serves one thread, so each user gets its own.
Result<std::unique_ptr<mesh::Keyring>> make_keyring(const ServerConfig& config);

}  // namespace mmm::ingest
