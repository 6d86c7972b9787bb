#include "core/http/pem_files.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace mmm::http {
namespace {

// OpenSSL would ask for a passphrase on the terminal.
int no_passphrase(char*, int, int, void*) {
  return -1;
}

std::unexpected<Error> unusable(const char* what, const std::filesystem::path& path,
                                const boost::system::error_code& error) {
  return fail(ErrorKind::kInvalidArgument, "the TLS {} {} cannot be used: {}", what, path.string(), error.message());
}

}  // namespace

// OpenSSL's own word for a file that is not there is "asio.ssl error".
Result<> check_readable(const char* what, const std::filesystem::path& path) {
  if (::access(path.c_str(), R_OK) == 0) return {};
  return fail(ErrorKind::kInvalidArgument, "the TLS {} {} cannot be read: {}", what, path.string(),
              std::strerror(errno));
}

Result<> use_pem_pair(boost::asio::ssl::context& context, const std::filesystem::path& certificate,
                      const std::filesystem::path& key) {
  if (auto readable = check_readable("certificate", certificate); !readable) return readable;
  if (auto readable = check_readable("key", key); !readable) return readable;
  ::ERR_clear_error();
  SSL_CTX* const native = context.native_handle();
  SSL_CTX_set_default_passwd_cb(native, no_passphrase);
  boost::system::error_code error;
  context.use_certificate_chain_file(certificate.string(), error);
  if (error) return unusable("certificate", certificate, error);
  context.use_private_key_file(key.string(), boost::asio::ssl::context::pem, error);
  const bool other_key = ERR_GET_REASON(static_cast<unsigned long>(error.value())) == X509_R_KEY_VALUES_MISMATCH;
  if (error && !other_key) return unusable("key", key, error);
  if (!error && SSL_CTX_check_private_key(native) == 1) return {};
  return fail(ErrorKind::kInvalidArgument, "the TLS key {} does not belong to the certificate {}", key.string(),
              certificate.string());
}

Result<> trust_pem_authorities(boost::asio::ssl::context& context, const std::filesystem::path& authorities) {
  constexpr const char* kWhat = "authority";
  if (auto readable = check_readable(kWhat, authorities); !readable) return readable;
  ::ERR_clear_error();
  boost::system::error_code error;
  context.load_verify_file(authorities.string(), error);
  if (error) return unusable(kWhat, authorities, error);
  return {};
}

}  // namespace mmm::http
