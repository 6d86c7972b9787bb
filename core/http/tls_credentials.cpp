#include "core/http/tls_credentials.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <ctime>
#include <string>

namespace mmm::http {

namespace ssl = boost::asio::ssl;

namespace {

// Of what ALPN offers we speak this; a client that offers only other protocols is refused.
int select_protocol(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in, unsigned in_size,
                    void*) {
  static constexpr unsigned char kProtocol[] = "\x08http/1.1";
  unsigned char* selected = nullptr;
  const int outcome = SSL_select_next_proto(&selected, out_size, kProtocol, sizeof(kProtocol) - 1, in, in_size);
  *out = selected;
  return outcome == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

// OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::unexpected<Error> unusable(const char* what, const std::filesystem::path& path,
                                const boost::system::error_code& error) {
  return fail(ErrorKind::kInvalidArgument, "the TLS {} {} cannot be used: {}", what, path.string(), error.message());
}

// OpenSSL's own word for a file that is not there is "asio.ssl error".
Result<> check_readable(const char* what, const std::filesystem::path& path) {
  if (::access(path.c_str(), R_OK) == 0) return {};
  return fail(ErrorKind::kInvalidArgument, "the TLS {} {} cannot be read: {}", what, path.string(),
              std::strerror(errno));
}

Result<WallTime> expiry_of(SSL_CTX* context) {
  std::tm time{};
  const X509* certificate = SSL_CTX_get0_certificate(context);
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &time) != 1) {
    return fail(ErrorKind::kInvalidArgument, "the TLS certificate does not say when it ends");
  }
  return WallTime{std::chrono::seconds{::timegm(&time)}};
}

}  // namespace

Result<TlsCredentials::Pair> TlsCredentials::load(const std::filesystem::path& certificate,
                                                  const std::filesystem::path& key) {
  if (auto readable = check_readable("certificate", certificate); !readable) return fail(readable.error());
  if (auto readable = check_readable("key", key); !readable) return fail(readable.error());
  ::ERR_clear_error();
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(native, no_passphrase);

  boost::system::error_code error;
  context->use_certificate_chain_file(certificate.string(), error);
  if (error) return unusable("certificate", certificate, error);
  context->use_private_key_file(key.string(), ssl::context::pem, error);
  if (error) return unusable("key", key, error);
  if (SSL_CTX_check_private_key(native) != 1) {
    return fail(ErrorKind::kInvalidArgument, "the TLS key {} does not belong to the certificate {}", key.string(),
                certificate.string());
  }
  const auto expiry = expiry_of(native);
  if (!expiry) return fail(expiry.error());
  return Pair{std::move(context), *expiry};
}

Result<std::shared_ptr<TlsCredentials>> TlsCredentials::open(const std::filesystem::path& certificate,
                                                             const std::filesystem::path& key) {
  auto pair = load(certificate, key);
  if (!pair) return fail(std::move(pair).error());
  return std::shared_ptr<TlsCredentials>(new TlsCredentials(std::move(*pair)));
}

}  // namespace mmm::http
