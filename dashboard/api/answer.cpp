#include "dashboard/api/answer.h"

#include "core/base/check.h"

#include <zlib.h>

#include <cctype>

namespace mmm::dashboard {
namespace {

// Below this a compressed answer saves no packet on the wire.
constexpr std::size_t kGzipBytesMin = 1400;
constexpr int kGzipLevel = 3;        // JSON shrinks to an eighth; more effort gains little
constexpr int kGzipWindowBits = 31;  // 15, and 16 more for the gzip format

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// True when `each` accepts one of the comma-separated elements.
template <class Each>
bool any_element(std::string_view list, Each&& each) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    if (each(trim(list.substr(0, comma)))) return true;
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return false;
}

bool is_gzip(std::string_view coding) {
  const std::size_t semicolon = std::min(coding.find(';'), coding.size());
  const std::string_view name = trim(coding.substr(0, semicolon));
  if (name != "gzip" && name != "*") return false;
  // q=0, in whatever length, refuses it.
  const std::string_view weight = coding.substr(semicolon);
  const std::size_t value = weight.find("q=");
  return value == std::string_view::npos || weight.find_first_of("123456789", value) != std::string_view::npos;
}

}  // namespace

AnswerOptions::AnswerOptions(const http::Request& request)
    : takes_gzip(any_element(request.header("accept-encoding"), is_gzip)),
      if_none_match(request.header("if-none-match")) {}

std::string gzip(std::string_view bytes) {
  z_stream stream{};
  MMM_CHECK(deflateInit2(&stream, kGzipLevel, Z_DEFLATED, kGzipWindowBits, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(deflateBound(&stream, bytes.size()), '\0');
  // zlib does not write to its input.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  MMM_CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

http::Response json_answer(std::string json, std::string_view etag, const AnswerOptions& options) {
  http::Response response = http::json_response(std::move(json));
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.headers.push_back({"Vary", "Accept-Encoding"});
  if (!etag.empty()) response.headers.push_back({"ETag", std::string(etag)});
  if (options.takes_gzip && response.body.size() >= kGzipBytesMin) {
    response.body = gzip(response.body);
    response.headers.push_back({"Content-Encoding", "gzip"});
  }
  return response;
}

bool is_fresh(std::string_view etag, const AnswerOptions& options) {
  return any_element(options.if_none_match, [etag](std::string_view one) { return one == "*" || one == etag; });
}

http::Response not_modified(std::string_view etag) {
  http::Response response;
  response.status = 304;
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.headers.push_back({"ETag", std::string(etag)});
  return response;
}

}  // namespace mmm::dashboard
