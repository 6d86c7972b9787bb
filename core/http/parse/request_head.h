#pragma once

#include "core/http/message.h"
#include "core/http/parse/refusal.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

// A request's head, read strictly. Beast's parser is not used for requests: it unfolds folded lines, allocates each
// field and cannot say which limit was passed. Whatever two programs could read differently is refused here.
namespace mmm::http {

// Finds the end of a head in bytes that arrive piece by piece.
class HeadScanner {
 public:
  // `bytes` is everything since the head's first byte; what earlier calls have seen is not looked at again. Gives the
  // size of the head with its empty line, or 0 when more bytes are needed. Refuses a line that does not end with CRLF,
  // and a head over the limits.
  Parsed<std::size_t> scan(std::string_view bytes);
  void reset() { *this = {}; }

 private:
  std::size_t line_begin_ = 0;
  std::size_t scanned_ = 0;
};

struct HeaderView {
  std::string_view name;
  std::string_view value;
};

// The views refer to the bytes that were parsed.
struct RequestHead {
  Method method = Method::kOther;
  std::string_view method_name;
  std::string_view target;
  std::vector<HeaderView> headers;
  int minor_version = 1;
  bool keep_alive = true;
  bool chunked = false;
  bool expect_continue = false;
  std::optional<std::uint64_t> content_length;

  [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) > 0; }
};

// `bytes` is a whole head as HeadScanner found it. `head` may be one used before: its memory is used again. After a
// refusal, what had been understood stands in it.
Parsed<> parse_request_head(std::string_view bytes, RequestHead& head);

}  // namespace mmm::http
