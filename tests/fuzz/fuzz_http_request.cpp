// A request as a server reads it, on any bytes: the end of its head, the head, its target and a chunked body. The
// result must not depend on how the bytes are cut, and nothing that is understood may hold what the rules forbid.
//
// The input's first byte seeds the cutting, the rest is the connection's bytes.

#include "core/base/check.h"
#include "core/base/encoding.h"
#include "core/base/limits.h"
#include "core/http/parse/chunked_decoder.h"
#include "core/http/parse/request_head.h"
#include "core/http/parse/target.h"
#include "core/http/parse/tokens.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace mmm::http;

constexpr std::size_t kBodyMax = 4096;

void check_refusal(const Refusal& refusal) {
  MMM_CHECK(refusal.status >= 400 && refusal.status < 600 && !refusal.detail.empty());
}

void check_text(std::string_view text) {
  MMM_CHECK(mmm::is_valid_utf8(text) && std::ranges::none_of(text, is_control));
}

void check_target(std::string_view target) {
  std::string path;
  std::vector<std::pair<std::string, std::string>> query;
  if (const auto parsed = parse_target(target, path, query); !parsed) return check_refusal(parsed.error());
  MMM_CHECK(path == "*" || path.starts_with('/'));
  MMM_CHECK(path.find("/../") == std::string::npos && !path.ends_with("/.."));
  check_text(path);
  for (const auto& [name, value] : query) {
    check_text(name);
    check_text(value);
  }
}

// The whole body, or the refusal's status, and the bytes used up to then.
struct Body {
  std::string content;
  int status = 200;
  std::size_t used = 0;
  bool done = false;
  friend bool operator==(const Body&, const Body&) = default;
};

template <class Piece>
Body read_chunked(std::string_view bytes, Piece piece) {
  ChunkedDecoder decoder;
  Body body;
  while (!bytes.empty() && !decoder.done()) {
    const std::string_view part = bytes.substr(0, piece());
    const auto used = decoder.feed(part, body.content, kBodyMax);
    MMM_CHECK(body.content.size() <= kBodyMax);
    if (!used) {
      check_refusal(used.error());
      // What stood before the mistake may or may not have been taken in.
      return Body{.content = {}, .status = used.error().status};
    }
    MMM_CHECK(*used == part.size() || (decoder.done() && *used <= part.size()));
    body.used += *used;
    bytes.remove_prefix(*used);
  }
  body.done = decoder.done();
  return body;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  std::uint32_t seed = data[0];
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto random_piece = [&seed] {
    seed = seed * 1664525U + 1013904223U;
    return std::size_t{1} + (seed >> 24U) % 40;
  };

  HeadScanner at_once;
  const auto whole = at_once.scan(bytes);
  HeadScanner scanner;
  Parsed<std::size_t> pieces = std::size_t{0};
  for (std::size_t end = 0; pieces && *pieces == 0 && end < bytes.size();) {
    end = std::min(bytes.size(), end + random_piece());
    pieces = scanner.scan(bytes.substr(0, end));
  }
  MMM_CHECK(whole.has_value() == pieces.has_value());
  check_target(bytes);
  if (!whole) {
    check_refusal(whole.error());
    MMM_CHECK(whole.error().status == pieces.error().status);
    return 0;
  }
  MMM_CHECK(*whole == *pieces && *whole <= bytes.size());
  if (*whole == 0) return 0;
  RequestHead head;
  if (const auto parsed = parse_request_head(bytes.substr(0, *whole), head); !parsed) {
    check_refusal(parsed.error());
    return 0;
  }
  MMM_CHECK(!(head.chunked && head.content_length));
  for (const HeaderView& header : head.headers) {
    MMM_CHECK(!header.name.empty() && std::ranges::all_of(header.name, is_token_char));
    MMM_CHECK(header.value.find_first_of("\r\n\0") == std::string_view::npos);
  }
  check_target(head.target);
  if (!head.chunked) return 0;
  const std::string_view rest = bytes.substr(*whole);
  const Body bytewise = read_chunked(rest, [] { return std::size_t{1}; });
  MMM_CHECK(read_chunked(rest, random_piece) == bytewise);
  MMM_CHECK(read_chunked(rest, [&] { return rest.size(); }) == bytewise);
  return 0;
}
