#pragma once

#include "core/base/published.h"
#include "core/base/result.h"
#include "core/base/time.h"

#include <boost/asio/ssl/context.hpp>

#include <filesystem>
#include <memory>

namespace mmm::http {

// A server's certificate with its chain, and its private key. TLS 1.2 and 1.3, HTTP/1.1 over ALPN.
//
// Thread-safe: load() may be called while connections are made; those that exist keep what they began with.
class TlsCredentials {
 public:
  // PEM files. Fails with kInvalidArgument: unreadable, not PEM, protected by a passphrase, or not a pair.
  static Result<std::shared_ptr<TlsCredentials>> open(const std::filesystem::path& certificate,
                                                      const std::filesystem::path& key);

  // A pair that was read and belongs together, not yet in use.
  struct Pair {
    std::shared_ptr<boost::asio::ssl::context> context;
    WallTime expiry;  // of the certificate
  };
  static Result<Pair> load(const std::filesystem::path& certificate, const std::filesystem::path& key);
  // For new connections.
  void use(Pair pair) { pair_.publish(std::make_shared<const Pair>(std::move(pair))); }

  [[nodiscard]] std::shared_ptr<const Pair> pair() const { return pair_.get(); }

 private:
  explicit TlsCredentials(Pair pair) : pair_(std::make_shared<const Pair>(std::move(pair))) {}
  Published<Pair> pair_;
};

}  // namespace mmm::http
