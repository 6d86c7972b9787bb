#pragma once

#include "core/base/result.h"
#include "core/http/tls_trust.h"

#include <boost/asio/ssl/verify_context.hpp>
#include <openssl/ssl.h>

#include <string>

namespace mmm::http {

// Decides whether the other end of one TLS connection is the server that was meant, and says in words why not.
//
// Lifecycle: prepare() → the handshake calls verify() → check_pin(). Must outlive the handshake.
class PeerCheck {
 public:
  PeerCheck(std::string host, const TlsTrust& trust) : host_(std::move(host)), trust_(trust) {}

  // Tells OpenSSL which name the certificate must have. Fails with kUnavailable.
  Result<> prepare(SSL* ssl) const;
  // The verify callback: passes on what OpenSSL found, and keeps what it was.
  bool verify(bool good, boost::asio::ssl::verify_context& context);
  // What is wrong with the certificate; empty when nothing was found.
  [[nodiscard]] const std::string& refusal() const { return refusal_; }
  // After the handshake, before anything is sent. Fails with kUnavailable and names the pin that the server has.
  [[nodiscard]] Result<> check_pin(const SSL* ssl) const;

 private:
  std::string host_;
  const TlsTrust& trust_;
  std::string refusal_;
};

}  // namespace mmm::http
