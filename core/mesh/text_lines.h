#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace mmm::mesh {

// Collects the lines of debug text that a radio prints outside frames, for the log.
//
// Bounds: kLinesMax lines of kLineBytesMax bytes; longer lines are cut, further ones counted and dropped until some are
// taken. What does not look like text (noise, parts of frames) is not kept.
class TextLines {
 public:
  static constexpr std::size_t kLineBytesMax = 512;
  static constexpr std::size_t kLinesMax = 64;

  void add(std::string_view bytes);
  // Ends the current line without a newline, as when a frame begins.
  void end_line();

  // The oldest line: valid UTF-8 without control characters, colour escapes or line end.
  std::optional<std::string> next();
  // Lines of text that were dropped because nobody took them.
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  std::string line_;
  std::deque<std::string> lines_;
  std::uint64_t dropped_ = 0;
};

}  // namespace mmm::mesh
