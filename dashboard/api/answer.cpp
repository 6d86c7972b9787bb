#include "dashboard/api/answer.h"

#include "core/base/check.h"
#include "core/http/negotiate.h"

#include <zlib.h>

namespace mmm::dashboard {
namespace {

// Below this a compressed answer saves no packet on the wire.
constexpr std::size_t kGzipBytesMin = 1400;
constexpr int kGzipLevel = 3;        // JSON shrinks to an eighth; more effort gains little
constexpr int kGzipWindowBits = 31;  // 15, and 16 more for the gzip format

}  // namespace

AnswerOptions::AnswerOptions(const http::Request& request)
    : takes_gzip(http::accepts_coding(request.header("accept-encoding"), "gzip")),
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
  return http::etag_matches(options.if_none_match, etag);
}

http::Response not_modified(std::string_view etag) {
  http::Response response;
  response.status = 304;
  response.headers.push_back({"Cache-Control", "no-cache"});
  response.headers.push_back({"ETag", std::string(etag)});
  return response;
}

http::Response no_such_agent() {
  return http::problem(404, "No such agent", "No agent with that id has uploaded anything.");
}

}  // namespace mmm::dashboard
