#pragma once

#include "core/http/message.h"

#include <string>
#include <string_view>

namespace mmm::dashboard {

// What of a request decides how an answer is sent; copied, because the answer is made on another thread.
struct AnswerOptions {
  explicit AnswerOptions(const http::Request& request);

  bool takes_gzip = false;
  std::string if_none_match;
};

// 200 with the JSON, gzip when it is large and the client takes it. `etag` empty: none is sent.
http::Response json_answer(std::string json, std::string_view etag, const AnswerOptions& options);

// True when the client already has the answer of this ETag.
bool is_fresh(std::string_view etag, const AnswerOptions& options);
// 304.
http::Response not_modified(std::string_view etag);

// 404 for an agent's id that nobody has.
http::Response no_such_agent();

// The bytes as one gzip member.
std::string gzip(std::string_view bytes);

}  // namespace mmm::dashboard
