#include "core/sqlite/error_kind.h"

#include <sqlite3.h>

namespace mmm::sqlite {

ErrorKind error_kind(int code) {
  // The shared memory file could not be made as large as it must be.
  if (code == SQLITE_IOERR_SHMSIZE) return ErrorKind::kDiskFull;
  switch (code & 0xFF) {  // the low byte is the plain code
    case SQLITE_FULL:
      return ErrorKind::kDiskFull;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return ErrorKind::kCorrupt;
    case SQLITE_INTERRUPT:
      return ErrorKind::kTimeout;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorKind::kUnavailable;
    default:
      return ErrorKind::kIo;
  }
}

}  // namespace mmm::sqlite
