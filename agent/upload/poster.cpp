#include "agent/upload/poster.h"

#include <utility>

namespace mmm::agent {

HttpPoster::HttpPoster(boost::asio::any_io_executor executor, http::Url url, std::chrono::milliseconds timeout)
    // An answer is some numbers and a few reasons; anything longer is not ours.
    : client_(std::move(executor), std::move(url),
              http::ClientOptions{.timeout = timeout, .response_bytes_max = 1 << 20}) {}

boost::asio::awaitable<Result<http::ClientResponse>> HttpPoster::post(std::vector<http::Header> headers,
                                                                      std::string_view body) {
  co_return co_await client_.request(http::Method::kPost, "/api/v1/ingest", std::move(headers), body);
}

}  // namespace mmm::agent
