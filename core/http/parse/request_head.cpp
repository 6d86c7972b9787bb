#include "core/http/parse/request_head.h"

#include "core/base/limits.h"
#include "core/http/parse/tokens.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace mmm::http {

namespace {

// Method, spaces and version around the target of a request line.
constexpr std::size_t kRequestLineRestBytesMax = 64;

Method method_of(std::string_view name) {
  if (name == "GET") return Method::kGet;
  if (name == "POST") return Method::kPost;
  if (name == "HEAD") return Method::kHead;
  if (name == "PUT") return Method::kPut;
  if (name == "DELETE") return Method::kDelete;
  if (name == "OPTIONS") return Method::kOptions;
  return Method::kOther;
}

// Takes the next line, without its CRLF, off the front of `bytes`.
std::string_view take_line(std::string_view& bytes) {
  const std::size_t end = std::min(bytes.find("\r\n"), bytes.size());
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(std::min(end + 2, bytes.size()));
  return line;
}

Parsed<> parse_version(std::string_view text, RequestHead& head) {
  const bool form = text.size() == 8 && text.starts_with("HTTP/") && text[5] >= '0' && text[5] <= '9' &&
                    text[6] == '.' && text[7] >= '0' && text[7] <= '9';
  if (!form) return refuse(400, "The request line does not end with an HTTP version.");
  if (text[5] != '1') return refuse(505, "This server speaks HTTP/1.1 and HTTP/1.0.");
  head.minor_version = text[7] == '0' ? 0 : 1;
  head.keep_alive = head.minor_version == 1;
  return {};
}

Parsed<> parse_request_line(std::string_view line, RequestHead& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    return refuse(400, "The request line is not a method, a target and a version.");
  }
  head.method_name = line.substr(0, first);
  if (head.method_name.empty() || !std::ranges::all_of(head.method_name, is_token_char)) {
    return refuse(400, "The request's method is not a token.");
  }
  head.method = method_of(head.method_name);
  head.target = line.substr(first + 1, last - first - 1);
  const auto is_target_char = [](char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (head.target.empty() || !std::ranges::all_of(head.target, is_target_char)) {
    return refuse(400, "The request target contains a character that must be escaped.");
  }
  if (head.target.size() > limits::kHttpTargetBytesMax) {
    return refuse(414, fmt::format("The request target is longer than {} bytes.", limits::kHttpTargetBytesMax));
  }
  return parse_version(line.substr(last + 1), head);
}

Parsed<HeaderView> parse_header_line(std::string_view line) {
  if (line.front() == ' ' || line.front() == '\t') return refuse(400, "A header line is folded, which is not allowed.");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0) return refuse(400, "A header line has no name.");
  const HeaderView header{.name = line.substr(0, colon), .value = trim(line.substr(colon + 1))};
  if (!std::ranges::all_of(header.name, is_token_char)) {
    return refuse(400, "A header name contains a character that is not allowed there.");
  }
  const auto is_bad = [](char c) { return is_control(c) && c != '\t'; };
  if (std::ranges::any_of(header.value, is_bad)) return refuse(400, "A header value contains a control character.");
  return header;
}

// Digits only, and one number: anything else is a way to make two programs see different bodies.
Parsed<> take_content_length(std::string_view value, RequestHead& head) {
  if (head.content_length) return refuse(400, "Content-Length is there twice.");
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool digits = !value.empty() && value.front() >= '0' && value.front() <= '9';
  if (!digits || error != std::errc{} || end != value.data() + value.size()) {
    return refuse(400, "Content-Length is not a number.");
  }
  head.content_length = number;
  return {};
}

void take_connection(std::string_view value, RequestHead& head) {
  while (!value.empty()) {
    const std::size_t end = std::min(value.find(','), value.size());
    const std::string_view option = trim(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
    if (equals_ignoring_case(option, "close")) {
      head.keep_alive = false;
      return;
    }
    if (equals_ignoring_case(option, "keep-alive")) head.keep_alive = true;
  }
}

// What a header means for the framing of the message and the connection.
struct Framing {
  int hosts = 0;
  bool transfer_encoding = false;
  bool unknown_coding = false;
  bool unknown_expectation = false;
};

Parsed<> take_framing(const HeaderView& header, RequestHead& head, Framing& framing) {
  switch (header.name.size()) {
    case 4:
      if (equals_ignoring_case(header.name, "host")) ++framing.hosts;
      break;
    case 6:
      if (equals_ignoring_case(header.name, "expect")) {
        head.expect_continue = equals_ignoring_case(header.value, "100-continue");
        framing.unknown_expectation = !head.expect_continue;
      }
      break;
    case 10:
      if (equals_ignoring_case(header.name, "connection")) take_connection(header.value, head);
      break;
    case 14:
      if (equals_ignoring_case(header.name, "content-length")) return take_content_length(header.value, head);
      break;
    case 17:
      if (!equals_ignoring_case(header.name, "transfer-encoding")) break;
      if (framing.transfer_encoding) return refuse(400, "Transfer-Encoding is there twice.");
      framing.transfer_encoding = true;
      head.chunked = equals_ignoring_case(header.value, "chunked");
      framing.unknown_coding = !head.chunked;
      break;
    default:
      break;
  }
  return {};
}

Parsed<> check_framing(RequestHead& head, const Framing& framing) {
  if (framing.transfer_encoding && head.content_length) {
    return refuse(400, "The request has both Content-Length and Transfer-Encoding.");
  }
  if (framing.transfer_encoding && head.minor_version == 0) {
    return refuse(400, "HTTP/1.0 has no Transfer-Encoding.");
  }
  if (framing.hosts > 1 || (framing.hosts == 0 && head.minor_version == 1)) {
    return refuse(400, "The request needs exactly one Host header.");
  }
  if (framing.unknown_coding) return refuse(501, "The only Transfer-Encoding that is understood is chunked.");
  if (framing.unknown_expectation) return refuse(417, "The only expectation that is understood is 100-continue.");
  head.expect_continue = head.expect_continue && head.minor_version == 1;
  return {};
}

}  // namespace

Parsed<std::size_t> HeadScanner::scan(std::string_view bytes) {
  while (scanned_ < bytes.size()) {
    const void* found = std::memchr(bytes.data() + scanned_, '\n', bytes.size() - scanned_);
    if (found == nullptr) {
      scanned_ = bytes.size();
      break;
    }
    const auto newline = static_cast<std::size_t>(static_cast<const char*>(found) - bytes.data());
    if (newline == 0 || bytes[newline - 1] != '\r')
      return refuse(400, "A line of the request's head does not end with CRLF.");
    scanned_ = newline + 1;
    if (scanned_ > limits::kHttpHeaderBytesMax) break;
    if (newline - 1 == line_begin_) return scanned_;
    line_begin_ = scanned_;
  }
  const bool in_request_line = line_begin_ == 0;
  if (in_request_line && bytes.size() > limits::kHttpTargetBytesMax + kRequestLineRestBytesMax) {
    return refuse(414, fmt::format("The request target is longer than {} bytes.", limits::kHttpTargetBytesMax));
  }
  if (bytes.size() >= limits::kHttpHeaderBytesMax) {
    return refuse(431, fmt::format("The request's head is larger than {} bytes.", limits::kHttpHeaderBytesMax));
  }
  return 0;
}

Parsed<> parse_request_head(std::string_view bytes, RequestHead& head) {
  auto headers = std::move(head.headers);
  headers.clear();
  head = RequestHead{};
  head.headers = std::move(headers);
  if (auto parsed = parse_request_line(take_line(bytes), head); !parsed) {
    head.keep_alive = false;
    return parsed;
  }
  Framing framing;
  while (true) {
    const std::string_view line = take_line(bytes);
    if (line.empty()) return check_framing(head, framing);
    if (head.headers.size() == limits::kHttpHeaderCountMax) {
      return refuse(431, fmt::format("The request has more than {} headers.", limits::kHttpHeaderCountMax));
    }
    const auto header = parse_header_line(line);
    if (!header) return std::unexpected(header.error());
    head.headers.push_back(*header);
    if (auto taken = take_framing(*header, head, framing); !taken) return taken;
  }
}

}  // namespace mmm::http
