#pragma once

#include "core/base/result.h"
#include "core/http/client.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string_view>
#include <vector>

namespace mmm::agent {

// The way of an upload's body to a server and of its answer back: HTTP, or a script in a test.
class Poster {
 public:
  virtual ~Poster() = default;
  // Fails as http::Client::request does. `body` must live until it returns.
  virtual boost::asio::awaitable<Result<http::ClientResponse>> post(std::vector<http::Header> headers,
                                                                    std::string_view body) = 0;
};

// Posts to <url>/api/v1/ingest over one kept-alive connection.
class HttpPoster final : public Poster {
 public:
  HttpPoster(boost::asio::any_io_executor executor, http::Url url, std::chrono::milliseconds timeout);
  boost::asio::awaitable<Result<http::ClientResponse>> post(std::vector<http::Header> headers,
                                                            std::string_view body) override;

 private:
  http::Client client_;
};

}  // namespace mmm::agent
