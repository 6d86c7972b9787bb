#include "tests/unit/http/tls_client.h"

#include <arpa/inet.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace mmm::test {

TlsClient::TlsClient(std::uint16_t port, const TlsHello& hello)
    : context_(SSL_CTX_new(TLS_client_method())), socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (hello.version_max != 0) {
    SSL_CTX_set_security_level(context_.get(), 0);  // or OpenSSL would not even offer the old ones
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), hello.version_max);
  }
  if (!hello.authority.empty()) {
    SSL_CTX_load_verify_locations(context_.get(), hello.authority.c_str(), nullptr);
    SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  }
  const timeval patience{.tv_sec = 10, .tv_usec = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to the server");
  }
  ssl_.reset(SSL_new(context_.get()));
  if (!hello.protocols.empty()) {
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(hello.protocols.data()),
                        static_cast<unsigned>(hello.protocols.size()));
  }
  SSL_set_fd(ssl_.get(), socket_);
  connected_ = SSL_connect(ssl_.get()) == 1;
}

TlsClient::~TlsClient() {
  if (connected_) SSL_shutdown(ssl_.get());
  ::close(socket_);
}

std::string TlsClient::subject() const {
  std::array<char, 200> name{};
  X509* const certificate = SSL_get0_peer_certificate(ssl_.get());
  if (certificate == nullptr) return {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, name.data(), name.size());
  return name.data();
}

std::string TlsClient::protocol() const {
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &name, &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool TlsClient::send(std::string_view bytes) {
  return SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) == static_cast<int>(bytes.size());
}

std::string TlsClient::receive_until(std::string_view mark) {
  std::string received;
  std::array<char, 16'384> piece{};
  while (received.find(mark) == std::string::npos) {
    const int size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
    if (size <= 0) break;
    received.append(piece.data(), static_cast<std::size_t>(size));
  }
  return received;
}

bool TlsClient::ends_cleanly() {
  std::array<char, 16'384> piece{};
  int size = 0;
  do {
    size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  } while (size > 0);
  return SSL_get_error(ssl_.get(), size) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace mmm::test
