#pragma once

#include "core/http/serve/connection.h"

#include <string>

namespace mmm::http {

// Writes the pieces of a streaming response, each as one chunk; bare to a client of HTTP/1.0, which knows no chunks.
class Connection::ChunkWriter final : public StreamWriter {
 public:
  ChunkWriter(Connection& connection, bool chunked) : connection_(connection), chunked_(chunked) {}

  boost::asio::awaitable<Result<>> write(std::string_view bytes) override;

  // False after a piece that was not sent whole: then nothing may follow it.
  [[nodiscard]] bool intact() const { return intact_; }
  void set_broken() override { intact_ = false; }

 private:
  Connection& connection_;
  const bool chunked_;
  bool intact_ = true;
  std::string size_line_;
};

}  // namespace mmm::http
