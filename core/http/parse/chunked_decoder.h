#pragma once

#include "core/http/parse/refusal.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mmm::http {

// Takes the chunked transfer coding off a request's body, strictly, whatever pieces it arrives in. Trailers are read,
// within the limits of a head, and thrown away.
class ChunkedDecoder {
 public:
  // Appends the data in `bytes` to `body`, which never gets larger than `body_max` (413). Gives how many bytes it used:
  // all, unless done() has become true.
  Parsed<std::size_t> feed(std::string_view bytes, std::string& body, std::size_t body_max);
  [[nodiscard]] bool done() const { return state_ == State::kDone; }

 private:
  enum class State : std::uint8_t { kSizeLine, kData, kDataEnd, kTrailer, kDone };

  Parsed<bool> take_line(std::string_view& bytes, std::size_t line_max);
  Parsed<> begin_chunk(std::size_t body_size, std::size_t body_max);

  State state_ = State::kSizeLine;
  std::string line_;          // the unfinished line
  std::uint64_t left_ = 0;    // bytes of the chunk still to come
  std::size_t trailers_ = 0;  // bytes of trailers so far
};

}  // namespace mmm::http
