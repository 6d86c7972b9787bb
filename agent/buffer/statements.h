#pragma once

#include "agent/buffer/buffer.h"

namespace mmm::agent {

// The prepared statements of a Buffer: private to its .cpp files.
struct Buffer::Statements {
  sqlite::Statement insert;
  sqlite::Statement read;
  sqlite::Statement oldest;
  sqlite::Statement sizes;
  sqlite::Statement ages;
  sqlite::Statement settled;
  sqlite::Statement count_between;
  sqlite::Statement remove;
  sqlite::Statement set_aside;
  sqlite::Statement trim_set_aside;
  sqlite::Statement write_stream;
  sqlite::Statement write_server;
  sqlite::Statement page_count;
  sqlite::Statement free_pages;

  static Result<Statements> prepare(sqlite::Database& database);
};

// Runs `body` between BEGIN and COMMIT; whatever fails, nothing of it stays.
template <class Body>
Result<> Buffer::transaction(Body body) {
  auto result = database_.execute("BEGIN IMMEDIATE");
  if (!result) return result;
  result = body();
  if (result) result = database_.execute("COMMIT");
  // Some failures have already rolled back; then this one says that there is no transaction, which is what we want.
  if (!result) static_cast<void>(database_.execute("ROLLBACK"));
  return result;
}

}  // namespace mmm::agent
