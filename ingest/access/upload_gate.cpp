#include "ingest/access/upload_gate.h"

#include <utility>

namespace mmm::ingest {

std::optional<http::Response> UploadGate::check(http::Request& request) {
  auto identity = keys_.authenticate(request);
  if (identity) {
    request.identity = std::move(*identity);
    if (auto refused = limiter_.admit_known(RateLimiter::Attempt::kUpload, request.remote_address, *request.identity)) {
      return refused;
    }
    return limiter_.admit_upload(*request.identity);
  }
  const bool guessed = !bearer_token(request).empty() || !request.header("x-api-key").empty();
  if (guessed) {
    if (auto refused = limiter_.admit_failure(RateLimiter::Attempt::kUpload, request.remote_address)) return refused;
  }
  http::Response response = http::problem(401, "Key missing or unknown", identity.error().message);
  response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

}  // namespace mmm::ingest
