#include "core/http/tls_credentials.h"

#include "core/http/pem_files.h"

#include <openssl/asn1.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>

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
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_COMPRESSION);
  // Idle connections give their buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);

  if (auto pair = use_pem_pair(*context, certificate, key); !pair) return fail(std::move(pair).error());
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
