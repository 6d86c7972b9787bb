#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mmm::dashboard {

// Compresses a stream piece by piece into one gzip member. Holds about 256 KiB.
class GzipStream {
 public:
  GzipStream();
  ~GzipStream();
  GzipStream(const GzipStream&) = delete;
  GzipStream& operator=(const GzipStream&) = delete;

  // What there is to send after these bytes; may be empty, since small pieces are collected.
  std::string add(std::string_view bytes);
  // The rest.
  std::string finish();

 private:
  struct State;
  std::string run(std::string_view bytes, int flush);
  std::unique_ptr<State> state_;
};

}  // namespace mmm::dashboard
