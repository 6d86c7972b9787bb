#include "core/http/tls_trust.h"

#include "core/base/encoding.h"
#include "core/http/pem_files.h"

#include <openssl/ssl.h>

namespace mmm::http {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::string_view kPinPrefix = "sha256//";
constexpr std::size_t kPinBytes = 32;

}  // namespace

Result<std::string> parse_pin(std::string_view text) {
  std::string rest(text.starts_with(kPinPrefix) ? text.substr(kPinPrefix.size()) : text);
  if (rest.find(':') != std::string::npos) std::erase(rest, ':');
  // 64 digits are 48 bytes of base64 as well, which is no pin.
  auto bytes = rest.size() == 2 * kPinBytes ? from_hex(rest) : from_base64(rest);
  if (bytes && bytes->size() == kPinBytes) return std::move(*bytes);
  return fail(ErrorKind::kInvalidArgument,
              "\"{}\" is no pin: the SHA-256 of the server's public key is allowed, as base64 (44 characters) or hex "
              "(64 digits)",
              text);
}

std::string pin_text(std::string_view pin) {
  return std::string(kPinPrefix) + to_base64(pin);
}

Result<std::unique_ptr<ssl::context>> make_client_context(const TlsTrust& trust) {
  auto context = std::make_unique<ssl::context>(ssl::context::tls_client);
  SSL_CTX* const native = context->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  boost::system::error_code error;
  context->set_verify_mode(trust.verify ? ssl::verify_peer : ssl::verify_none, error);
  if (!trust.authorities.empty()) {
    if (auto trusted = trust_pem_authorities(*context, trust.authorities); !trusted) return fail(trusted.error());
  } else if (!error) {
    context->set_default_verify_paths(error);
  }
  if (error) {
    return fail(ErrorKind::kInvalidArgument, "cannot load the system's certificates: {}; install ca-certificates",
                error.message());
  }
  if (!trust.certificate.empty()) {
    if (auto pair = use_pem_pair(*context, trust.certificate, trust.key); !pair) return fail(pair.error());
  }
  return context;
}

}  // namespace mmm::http
