#include "core/http/parse/chunked_decoder.h"

#include "core/base/limits.h"
#include "core/http/parse/tokens.h"

#include <fmt/format.h>

#include <charconv>

namespace mmm::http {

// Moves bytes into line_ up to a line's end. True when the line, without CRLF, is whole.
Parsed<bool> ChunkedDecoder::take_line(std::string_view& bytes, std::size_t line_max) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t end = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (line_.size() + end > line_max) return refuse(400, "A line of the chunked body is too long.");
  line_.append(bytes.substr(0, end));
  bytes.remove_prefix(end);
  if (newline == std::string_view::npos) return false;
  if (!line_.ends_with("\r\n")) return refuse(400, "A line of the chunked body does not end with CRLF.");
  line_.resize(line_.size() - 2);
  return true;
}

Parsed<> ChunkedDecoder::begin_chunk(std::size_t body_size, std::size_t body_max) {
  const char* const begin = line_.data();
  const char* const end = begin + line_.size();
  if (line_.empty() || hex_digit(line_.front()) < 0) return refuse(400, "A chunk does not begin with its size.");
  const auto [size_end, error] = std::from_chars(begin, end, left_, 16);
  if (error != std::errc{}) return refuse(413, "A chunk's size is beyond any limit.");
  const auto extension = trim(std::string_view(size_end, end));
  const bool clean = std::ranges::none_of(extension, [](char c) { return is_control(c) && c != '\t'; });
  if ((!extension.empty() && extension.front() != ';') || !clean) return refuse(400, "A chunk's size is not a number.");
  if (left_ > body_max - body_size) {
    return refuse(413, fmt::format("The body is larger than the {} bytes allowed here.", body_max));
  }
  return {};
}

Parsed<std::size_t> ChunkedDecoder::feed(std::string_view bytes, std::string& body, std::size_t body_max) {
  const std::size_t given = bytes.size();
  while (!bytes.empty() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
      body.append(bytes.substr(0, size));
      bytes.remove_prefix(size);
      left_ -= size;
      if (left_ == 0) state_ = State::kDataEnd;
      continue;
    }
    const auto whole = take_line(bytes, limits::kHttpChunkLineBytesMax);
    if (!whole) return std::unexpected(whole.error());
    if (!*whole) break;
    if (state_ == State::kSizeLine) {
      if (auto begun = begin_chunk(body.size(), body_max); !begun) return std::unexpected(begun.error());
      state_ = left_ == 0 ? State::kTrailer : State::kData;
    } else if (state_ == State::kDataEnd) {
      if (!line_.empty()) return refuse(400, "A chunk is longer than its size.");
      state_ = State::kSizeLine;
    } else {
      trailers_ += line_.size() + 2;
      if (trailers_ > limits::kHttpHeaderBytesMax)
        return refuse(431, "The trailers of the chunked body are too large.");
      if (line_.empty()) state_ = State::kDone;
    }
    line_.clear();
  }
  return given - bytes.size();
}

}  // namespace mmm::http
