#pragma once

#include "core/base/error.h"

namespace mmm::sqlite {

// What an SQLite result code (plain or extended) means to the caller.
ErrorKind error_kind(int code);

}  // namespace mmm::sqlite
