#pragma once

#include "agent/buffer/buffer.h"

namespace mmm::agent {

// Opens the buffer; makes its directory when it is missing. A corrupt file is renamed to "<name>.corrupt-<time>" with
// its write-ahead log, said in the log, and a new stream begins. Fails as Buffer::open() does, kCorrupt apart.
Result<std::unique_ptr<Buffer>> open_buffer(const BufferOptions& options);

// Moves a file aside in which damage was found while it was in use (it must be closed), and begins a new one.
Result<std::unique_ptr<Buffer>> replace_damaged_buffer(const BufferOptions& options, const std::string& damage);

}  // namespace mmm::agent
