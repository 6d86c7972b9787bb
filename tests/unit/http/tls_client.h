#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace mmm::test {

// What a client says of itself in its hello.
struct TlsHello {
  int version_max = 0;         // TLS1_1_VERSION, …; 0: the newest
  std::string protocols = {};  // ALPN, each with its length in front: "\x08http/1.1"
  std::string authority = {};  // the file of the authority it trusts; empty: it trusts everybody
};

// A client with its own view of TLS, on a blocking socket; what does not come within 10 s does not come.
class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, const TlsHello& hello = {});
  ~TlsClient();
  TlsClient(const TlsClient&) = delete;
  TlsClient& operator=(const TlsClient&) = delete;

  // False: the server would not have it, or was not trusted.
  [[nodiscard]] bool connected() const { return connected_; }
  // Of the server's certificate.
  [[nodiscard]] std::string subject() const;
  [[nodiscard]] std::string protocol() const;  // chosen by ALPN; empty: none
  [[nodiscard]] int version() const { return SSL_version(ssl_.get()); }

  bool send(std::string_view bytes);
  // Reads until `mark` has come and returns everything read; what there is when the connection ends before.
  std::string receive_until(std::string_view mark);
  // Reads to the end. True: the server has said that it is the end.
  bool ends_cleanly();

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  int socket_ = -1;
  bool connected_ = false;
};

}  // namespace mmm::test
