#pragma once

#include "core/base/result.h"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

struct sqlite3_stmt;

namespace mmm::sqlite {

// Bytes bound or read as a BLOB; a string_view is bound as TEXT.
struct Blob {
  std::string_view bytes;
};

// A prepared statement, used again and again: bind, then run() or step() until false.
//
// Parameters count from 1, columns from 0. Bound texts and blobs are not copied: they must live until the statement is
// reset, which run(), a step() that returns false or fails, and reset() do.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
  Statement(Statement&&) noexcept = default;
  Statement& operator=(Statement&&) noexcept = default;

  // Binds all parameters in order.
  template <class... Values>
  Statement& bind(const Values&... values) {
    int index = 0;
    (bind_value(++index, values), ...);
    return *this;
  }

  template <std::integral Integer>
  void bind_value(int index, Integer value) {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind_value(int index, double value);
  void bind_value(int index, std::string_view text);
  void bind_value(int index, Blob blob);
  void bind_value(int index, std::nullopt_t);
  template <class Value>
  void bind_value(int index, const std::optional<Value>& value) {
    if (value) {
      bind_value(index, *value);
    } else {
      bind_value(index, std::nullopt);
    }
  }

  // True: there is a row to read. False: done, and reset.
  [[nodiscard]] Result<bool> step();
  // For statements that give no rows.
  [[nodiscard]] Result<> run();
  void reset();

  [[nodiscard]] bool is_null(int column) const;
  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] double real(int column) const;
  // Valid until the next step() or reset().
  [[nodiscard]] std::string_view text(int column) const;
  [[nodiscard]] std::string_view blob(int column) const;
  // Empty for NULL.
  [[nodiscard]] std::optional<std::int64_t> optional_integer(int column) const;
  [[nodiscard]] std::optional<double> optional_real(int column) const;

 private:
  void bind_integer(int index, std::int64_t value);
  [[nodiscard]] Error error(int code) const;

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

}  // namespace mmm::sqlite
