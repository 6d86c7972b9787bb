#include "core/sqlite/error_kind.h"

#include <sqlite3.h>

namespace mmm::sqlite {

ErrorKind error_kind(int code) {
  switch (code & 0xFF) {  // the low byte is the plain code
    case SQLITE_FULL:
      return ErrorKind::kDiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::kCorrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kUnavailable;
    default:
      return ErrorKind::kIo;
  }
}

}  // namespace mmm::sqlite
