#pragma once

#include "core/base/result.h"
#include "core/http/client.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mmm::agent {

// The way of an upload's body to a server and of its answer back: HTTP, or a script in a test.
class Poster {
 public:
  virtual ~Poster() = default;
  // `path` goes behind the server's URL. Fails as http::Client::request does. `body` must live until it returns.
  virtual boost::asio::awaitable<Result<http::ClientResponse>> post(std::string path, std::vector<http::Header> headers,
                                                                    std::string_view body) = 0;
};

// Posts over one kept-alive connection.
class HttpPoster final : public Poster {
 public:
  HttpPoster(boost::asio::any_io_executor executor, http::Url url, http::ClientOptions options)
      : client_(std::move(executor), std::move(url), std::move(options)) {}

  boost::asio::awaitable<Result<http::ClientResponse>> post(std::string path, std::vector<http::Header> headers,
                                                            std::string_view body) override {
    co_return co_await client_.request(http::Method::kPost, std::move(path), std::move(headers), body);
  }

 private:
  http::Client client_;
};

}  // namespace mmm::agent
