#pragma once

#include "core/mesh/decrypt.h"
#include "ingest/project/options.h"

#include <cstdint>

namespace mmm::ingest {

// Stands for all that decides about the index's rows besides the log: the keys and every member of ProjectionOptions.
// An index made under another fingerprint is one of its time, and has to be made anew to be like one made today.
std::uint64_t fingerprint(const mesh::Keyring& keys, const ProjectionOptions& options);

// Stands for what readers are not shown; 0: everything is.
std::uint64_t privacy_fingerprint(const mesh::Privacy& privacy);

}  // namespace mmm::ingest
